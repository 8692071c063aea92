// Enumerated values of arguments, named as Azure ML v1 or AKS names them.

/** Purpose of a cluster; DevTest requires the fewest vCPUs and nodes. */
export const ClusterPurpose = {
  FastProd: "FastProd",
  DenseProd: "DenseProd",
  DevTest: "DevTest",
} as const;
export type ClusterPurpose = (typeof ClusterPurpose)[keyof typeof ClusterPurpose];

/** Exposure of the scoring address: a public IP, or an internal address of the virtual network. */
export const LoadBalancerType = {
  PublicIp: "PublicIp",
  InternalLoadBalancer: "InternalLoadBalancer",
} as const;
export type LoadBalancerType = (typeof LoadBalancerType)[keyof typeof LoadBalancerType];

/** Upgrades that AKS does automatically. */
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
  /** The user's own routes, e.g. to a firewall. The cluster then needs no public outbound address. */
  UserDefinedRouting: "userDefinedRouting",
} as const;
export type OutboundType = (typeof OutboundType)[keyof typeof OutboundType];
