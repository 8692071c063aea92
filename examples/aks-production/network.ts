// The network that the cluster's nodes are in: yours, so that you decide what it is connected to.
import { Subnet, VirtualNetwork } from "@pulumi/azure-native/network";

/** Names and ranges are given here rather than read from outputs, so that a preview knows them. */
export const NODES = {
  vnetName: "models",
  subnetName: "nodes",
  subnetCidr: "10.1.0.0/20",
} as const;

/** Makes the network; the cluster depends on what is returned. */
export function createNetwork(resourceGroupName: string, location: string): Subnet {
  const network = new VirtualNetwork("network", {
    resourceGroupName,
    location,
    virtualNetworkName: NODES.vnetName,
    addressSpace: { addressPrefixes: ["10.1.0.0/16"] },
  });
  return new Subnet(
    "nodes",
    {
      resourceGroupName,
      virtualNetworkName: NODES.vnetName,
      subnetName: NODES.subnetName,
      addressPrefix: NODES.subnetCidr,
    },
    { dependsOn: network },
  );
}
