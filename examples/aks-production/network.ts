// Your own network for the cluster's nodes, so that you decide what it connects to.
import { Subnet, VirtualNetwork } from "@pulumi/azure-native/network";

/** Names and ranges are constants rather than outputs, so that a preview knows them. */
export const NODES = {
  vnetName: "models",
  subnetName: "nodes",
  subnetCidr: "10.1.0.0/20",
} as const;

/** Creates the network. The cluster depends on the returned subnet. */
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
