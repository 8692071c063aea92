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

/** Which nodes take connections of the load balancer (Kubernetes' Service). */
export const ExternalTrafficPolicy = {
  /** All, and pass them on with their own address: all clients of a node look like one. */
  Cluster: "Cluster",
  /** Those that run a router, which then sees the client's address. */
  Local: "Local",
} as const;
export type ExternalTrafficPolicy =
  (typeof ExternalTrafficPolicy)[keyof typeof ExternalTrafficPolicy];

/** Upgrades that AKS does automatically. */
export const UpgradeChannel = {
  None: "none",
  Patch: "patch",
  Stable: "stable",
  Rapid: "rapid",
  NodeImage: "node-image",
} as const;
export type UpgradeChannel = (typeof UpgradeChannel)[keyof typeof UpgradeChannel];

/** Upgrades of the nodes' images, between those of Kubernetes. */
export const NodeOsUpgradeChannel = {
  None: "None",
  /** The operating system updates itself. */
  Unmanaged: "Unmanaged",
  SecurityPatch: "SecurityPatch",
  NodeImage: "NodeImage",
} as const;
export type NodeOsUpgradeChannel = (typeof NodeOsUpgradeChannel)[keyof typeof NodeOsUpgradeChannel];

/** AKS's pricing tiers; Free has no agreement about the API server's availability. */
export const ClusterTier = { Free: "Free", Standard: "Standard", Premium: "Premium" } as const;
export type ClusterTier = (typeof ClusterTier)[keyof typeof ClusterTier];

/** How long AKS supports a Kubernetes version. */
export const SupportPlan = {
  Official: "KubernetesOfficial",
  LongTerm: "AKSLongTermSupport",
} as const;
export type SupportPlan = (typeof SupportPlan)[keyof typeof SupportPlan];

/** What enforces network policies. */
export const NetworkPolicy = {
  None: "none",
  Azure: "azure",
  Calico: "calico",
  Cilium: "cilium",
} as const;
export type NetworkPolicy = (typeof NetworkPolicy)[keyof typeof NetworkPolicy];

/** What moves packets between pods. */
export const NetworkDataplane = { Azure: "azure", Cilium: "cilium" } as const;
export type NetworkDataplane = (typeof NetworkDataplane)[keyof typeof NetworkDataplane];

/** What a node pool is for; AKS's own pods run on System pools. */
export const PoolMode = { User: "User", System: "System" } as const;
export type PoolMode = (typeof PoolMode)[keyof typeof PoolMode];

/** Where a node's operating system is stored. */
export const OsDiskType = { Managed: "Managed", Ephemeral: "Ephemeral" } as const;
export type OsDiskType = (typeof OsDiskType)[keyof typeof OsDiskType];

/** The Linux distribution of a node. */
export const OsSku = {
  Ubuntu: "Ubuntu",
  Ubuntu2204: "Ubuntu2204",
  AzureLinux: "AzureLinux",
  AzureLinux3: "AzureLinux3",
} as const;
export type OsSku = (typeof OsSku)[keyof typeof OsSku];

/** What Azure does with an evicted spot machine. */
export const EvictionPolicy = { Delete: "Delete", Deallocate: "Deallocate" } as const;
export type EvictionPolicy = (typeof EvictionPolicy)[keyof typeof EvictionPolicy];

/** How nodes reach the internet. */
export const OutboundType = {
  LoadBalancer: "loadBalancer",
  /** A NAT gateway that AKS manages. */
  NatGateway: "managedNATGateway",
  /** A NAT gateway of the user's own, on the nodes' subnet. */
  UserAssignedNatGateway: "userAssignedNATGateway",
  /** The user's own routes, e.g. to a firewall. The cluster then needs no public outbound address. */
  UserDefinedRouting: "userDefinedRouting",
} as const;
export type OutboundType = (typeof OutboundType)[keyof typeof OutboundType];

/** What plain HTTP gets from a router with a certificate. */
export const InsecureTraffic = {
  /** 308 to the same path over HTTPS. */
  Redirect: "Redirect",
  /** 403. */
  Refuse: "Refuse",
  /** The same as over HTTPS: keys and data cross the network in clear. */
  Allow: "Allow",
} as const;
export type InsecureTraffic = (typeof InsecureTraffic)[keyof typeof InsecureTraffic];

/** What a model's pods may do: a level of Kubernetes' Pod Security Standards. */
export const PodSecurity = {
  /** Not root, no capabilities, no escalation of privileges. */
  Restricted: "Restricted",
  /** May be root, with a container's default capabilities but for NET_RAW: it can't forge packets of others. */
  Baseline: "Baseline",
  /** Whatever its pod asks for, on its node, too: only in a namespace that allows it. */
  Privileged: "Privileged",
} as const;
export type PodSecurity = (typeof PodSecurity)[keyof typeof PodSecurity];

/** How a version's replicas are spread evenly over zones and nodes, in Kubernetes' words. */
export const TopologySpread = {
  /** As evenly as the nodes have room. */
  ScheduleAnyway: "ScheduleAnyway",
  /** A replica that would make it uneven waits for room. */
  DoNotSchedule: "DoNotSchedule",
} as const;
export type TopologySpread = (typeof TopologySpread)[keyof typeof TopologySpread];
