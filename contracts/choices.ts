// What an argument chooses from, in Azure ML v1's words or AKS's.

/** What a cluster is for; DevTest asks for little. */
export const ClusterPurpose = {
  FastProd: "FastProd",
  DenseProd: "DenseProd",
  DevTest: "DevTest",
} as const;
export type ClusterPurpose = (typeof ClusterPurpose)[keyof typeof ClusterPurpose];

/** Where the scoring address is reachable from. */
export const LoadBalancerType = {
  PublicIp: "PublicIp",
  InternalLoadBalancer: "InternalLoadBalancer",
} as const;
export type LoadBalancerType = (typeof LoadBalancerType)[keyof typeof LoadBalancerType];

/** Which upgrades AKS does by itself. */
export const UpgradeChannel = {
  None: "none",
  Patch: "patch",
  Stable: "stable",
  Rapid: "rapid",
  NodeImage: "node-image",
} as const;
export type UpgradeChannel = (typeof UpgradeChannel)[keyof typeof UpgradeChannel];

/** How nodes reach the internet. */
export const OutboundType = {
  LoadBalancer: "loadBalancer",
  /** A NAT gateway that AKS manages. */
  NatGateway: "managedNATGateway",
  /** Your own routes, as to a firewall: the cluster then needs no public address. */
  UserDefinedRouting: "userDefinedRouting",
} as const;
export type OutboundType = (typeof OutboundType)[keyof typeof OutboundType];
