// The cluster's network: the user's own subnets, and the network inside the cluster.
import * as pulumi from "@pulumi/pulumi";
import { CLUSTER_ARGUMENTS } from "../../validation/cluster/cluster-arguments";
import { defaultDnsServiceIp, NETWORK_ARGUMENTS } from "../../validation/cluster/network-arguments";
import { type AmlAksClusterArgs, type ClusterNetworkArgs } from "./aml-aks-cluster-args";
import { from } from "./given-late";
import { withDefault } from "../engine/inputs";
import { onlyGiven } from "./node-settings";

/** Resource ids in the user's own network. */
export interface ClusterSubnets {
  /** Undefined without `network`. */
  readonly nodes: pulumi.Output<string | undefined> | undefined;
  /** The id of a subnet of that network. */
  readonly subnet: (
    network: ClusterNetworkArgs,
    subnetName: pulumi.Input<string>,
  ) => pulumi.Output<string>;
  readonly virtualNetwork: (network: ClusterNetworkArgs) => pulumi.Output<string>;
}

export function clusterSubnets(
  { network }: AmlAksClusterArgs,
  resourceGroupName: pulumi.Input<string>,
  subscriptionId: pulumi.Input<string>,
): ClusterSubnets {
  const virtualNetwork = ({ vnetResourceGroupName, vnetName }: ClusterNetworkArgs) => {
    const group = pulumi
      .all([vnetResourceGroupName, resourceGroupName])
      .apply(([given, own]) => given ?? own);
    return pulumi.interpolate`/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.Network/virtualNetworks/${vnetName}`;
  };
  const subnet = (given: ClusterNetworkArgs, subnetName: pulumi.Input<string>) =>
    pulumi.interpolate`${virtualNetwork(given)}/subnets/${subnetName}`;
  const nodes = from(network, (given) => given && subnet(given, given.subnetName));
  return {
    nodes: network === undefined ? undefined : pulumi.output(nodes),
    subnet,
    virtualNetwork,
  };
}

/** AKS's `networkProfile`: Azure CNI overlay. Policy and data plane are sent only when they are given. */
export function networkProfile(args: AmlAksClusterArgs) {
  const { network, networkPolicy, networkDataplane } = args;
  const serviceCidr = pulumi.output(
    from(network, (given) =>
      withDefault(given?.serviceCidr, NETWORK_ARGUMENTS.serviceCidr.default),
    ),
  );
  const dnsServiceIp = from(network, (given) =>
    pulumi
      .all([given?.dnsServiceIp, serviceCidr])
      .apply(([address, cidr]) => address ?? defaultDnsServiceIp(cidr)),
  );
  return {
    networkPlugin: CLUSTER_ARGUMENTS.networkPlugin.default,
    networkPluginMode: "overlay",
    podCidr: from(network, (given) =>
      withDefault(given?.podCidr, NETWORK_ARGUMENTS.podCidr.default),
    ),
    serviceCidr,
    dnsServiceIP: dnsServiceIp,
    loadBalancerSku: "standard",
    outboundType: withDefault(args.outboundType, CLUSTER_ARGUMENTS.outboundType.default),
    ...onlyGiven<{
      networkPolicy?: pulumi.Input<string>;
      networkDataplane?: pulumi.Input<string>;
    }>({ networkPolicy, networkDataplane }),
  };
}
