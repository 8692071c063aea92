// The arguments of an AmlAksCluster, in Azure ML v1's words where it had one, else in AKS's (docs/aml-aks-cluster.md).
import type * as pulumi from "@pulumi/pulumi";
import {
  type ClusterPurpose,
  type ClusterTier,
  type EvictionPolicy,
  type NetworkDataplane,
  type NetworkPolicy,
  type NodeOsUpgradeChannel,
  type OsDiskType,
  type OsSku,
  type OutboundType,
  type PoolMode,
  type SupportPlan,
  type UpgradeChannel,
} from "../../contracts/choices";

/** Null and undefined are absent. What is AKS's choice by default stays as it is when an argument is taken away. */
export interface AmlAksClusterArgs {
  /** Attaches this managed cluster and changes nothing about it; excludes the arguments of a new one. */
  existingClusterId?: pulumi.Input<string>;
  /** Resource group of a new cluster; it must exist. Required to create. */
  resourceGroupName?: pulumi.Input<string>;
  /** Azure region of a new cluster. Required to create; it can't be changed. */
  location?: pulumi.Input<string>;
  /** Name of a new cluster. Default: the component's name. It can't be changed. */
  clusterName?: pulumi.Input<string>;
  /** What the cluster is for; decides the floors, the tier and the zones. Default FastProd. */
  clusterPurpose?: pulumi.Input<ClusterPurpose>;
  /** Number of agents. Default 3. With `nodeAutoscaling` only the initial number. */
  agentCount?: pulumi.Input<number>;
  /** Machine size of the agents. Default Standard_D4s_v5 (v1: Standard_D3_v2, with as many vCPUs, is of an older generation). */
  agentVmSize?: pulumi.Input<string>;
  /** vCPUs of one agent, for VM sizes that are neither in Azure's list nor parseable. Default: Azure's list, else the size's name. */
  agentVCpus?: pulumi.Input<number>;
  /** Lets AKS's node autoscaler decide the number of agents. Default: off. */
  nodeAutoscaling?: pulumi.Input<NodeAutoscalingArgs>;
  /** Settings of the agents' nodes. Default: AKS's. */
  agents?: pulumi.Input<NodeArgs>;
  /** Availability zones. Default: all three where the region has them, none for DevTest; existing pools keep theirs. */
  zones?: pulumi.Input<pulumi.Input<string>[]>;
  /** The pool of AKS's own pods, which the cluster is created with. */
  systemPool?: pulumi.Input<SystemPoolArgs>;
  /** Further node pools. Pools that others make in the cluster, of Windows too, are left alone. */
  pools?: pulumi.Input<pulumi.Input<PoolArgs>[]>;
  /** Machines with GPUs for models that ask for them. */
  gpuPool?: pulumi.Input<GpuPoolArgs>;
  /** Machines at the spot price, which Azure may evict. */
  spotPool?: pulumi.Input<SpotPoolArgs>;
  /** Settings of AKS's node autoscaler, for all pools. Default: AKS's. */
  autoscalerProfile?: pulumi.Input<AutoscalerProfileArgs>;
  /** Minor or patch version that AKS supports in the region, e.g. 1.34. Default: AKS's default when the cluster is created. */
  kubernetesVersion?: pulumi.Input<string>;
  /** Default none: only the program upgrades. */
  upgradeChannel?: pulumi.Input<UpgradeChannel>;
  /** Upgrades of the nodes' images. Default: None with upgradeChannel none, else NodeImage. */
  nodeOsUpgradeChannel?: pulumi.Input<NodeOsUpgradeChannel>;
  /** Default: Standard for FastProd, else Free. */
  tier?: pulumi.Input<ClusterTier>;
  /** AKSLongTermSupport needs tier Premium. Default KubernetesOfficial. */
  supportPlan?: pulumi.Input<SupportPlan>;
  /** When AKS may upgrade. Default: any time. */
  maintenanceWindow?: pulumi.Input<MaintenanceWindowArgs>;
  /** A network of your own. Default: one that AKS makes. */
  network?: pulumi.Input<ClusterNetworkArgs>;
  /** Default azure, in the mode overlay; others are refused. */
  networkPlugin?: pulumi.Input<string>;
  /** What enforces network policies. Default none. */
  networkPolicy?: pulumi.Input<NetworkPolicy>;
  /** What moves packets between pods. Default azure. */
  networkDataplane?: pulumi.Input<NetworkDataplane>;
  /** Default loadBalancer. */
  outboundType?: pulumi.Input<OutboundType>;
  /** Who may reach the API server, as ranges. Default: everybody with credentials. */
  authorizedIpRanges?: pulumi.Input<pulumi.Input<string>[]>;
  /** The API server has no public address. Default false; it can't be changed. */
  privateCluster?: pulumi.Input<boolean>;
  /** Where a private cluster's name is: `system`, `none` or the id of a zone of your own. Default system. */
  privateDnsZone?: pulumi.Input<string>;
  /** Resource id of the identity that the cluster acts with; its rights are yours to assign. Default: a new one, with its rights. */
  identityId?: pulumi.Input<string>;
  /** Resource id of the identity that the nodes pull images with. Default: one that AKS makes. */
  kubeletIdentityId?: pulumi.Input<string>;
  /** Microsoft Entra decides who may use the cluster, and local accounts are off. Default: local accounts. */
  entra?: pulumi.Input<EntraArgs>;
  /** Resource ids of container registries that the nodes may pull from (AcrPull). */
  containerRegistryIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Container Insights: logs and metrics go to this Log Analytics workspace. Default: off. */
  logAnalyticsWorkspaceId?: pulumi.Input<string>;
  /** Azure Monitor's managed Prometheus collects the cluster's metrics. Default false. */
  azureMonitorMetrics?: pulumi.Input<boolean>;
  /** Azure Policy's add-on. Default false. */
  azurePolicy?: pulumi.Input<boolean>;
  /** Defender for Containers, which reports to `logAnalyticsWorkspaceId`. Default false. */
  defender?: pulumi.Input<boolean>;
  /** Resource group of the machines, which AKS makes and deletes. Default: `MC_<group>_<cluster>_<region>`. */
  nodeResourceGroup?: pulumi.Input<string>;
  /**
   * Properties of azure-native's ManagedCluster that no other argument sets, merged into what is sent: objects member by
   * member, lists as a whole. `satisfies Partial<containerservice.ManagedClusterArgs>` has them checked by TypeScript.
   */
  managedCluster?: pulumi.Input<Record<string, unknown>>;
  /** Pulumi's `protect` of the cluster and its agents. Default true; false must be deployed before a destroy. */
  protectCluster?: boolean;
  /** Tags of the Azure resources. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

export interface NodeAutoscalingArgs {
  /** At least 1; counts for the floors. */
  minCount: pulumi.Input<number>;
  /** At most 1000. */
  maxCount: pulumi.Input<number>;
}

/** Settings of a pool's nodes. What is left out is AKS's choice. */
export interface NodeArgs {
  /** Linux distribution. AKS's default: Ubuntu. */
  osSku?: pulumi.Input<OsSku>;
  /** AKS's default: Ephemeral where the size has room for it, else Managed. */
  osDiskType?: pulumi.Input<OsDiskType>;
  /** 30 to 2048. AKS's default: by size. */
  osDiskSizeGb?: pulumi.Input<number>;
  /** Pods per node, 10 to 250. AKS's default: 250. */
  maxPods?: pulumi.Input<number>;
  /** Encrypts disks and caches on the machine's host; the subscription must have the feature. Default false. */
  encryptionAtHost?: pulumi.Input<boolean>;
  /** Labels of the nodes. */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Nodes that an upgrade adds for its time: a number or a share. AKS's default: 10%. */
  maxSurge?: pulumi.Input<string>;
  /** How long an upgrade waits for the pods of one node to end, 1 to 1440. AKS's default: 30. */
  drainTimeoutMinutes?: pulumi.Input<number>;
}

/** The system pool. Its number of nodes is a count, or bounds for AKS's node autoscaler. */
export interface SystemPoolArgs extends NodeArgs {
  /** Default Standard_D2s_v5; it can't be changed. */
  vmSize?: pulumi.Input<string>;
  /** Default 3, for DevTest 1. */
  count?: pulumi.Input<number>;
  /** At least 1. */
  minCount?: pulumi.Input<number>;
  /** At most 1000. */
  maxCount?: pulumi.Input<number>;
}

/** A further node pool of Linux machines. */
export interface PoolArgs extends NodeArgs {
  /** 1 to 12 lower-case letters and digits. Another name is another pool. */
  name: pulumi.Input<string>;
  /** Default User. */
  mode?: pulumi.Input<PoolMode>;
  /** e.g. Standard_E8s_v5. */
  vmSize: pulumi.Input<string>;
  /** Default 1; excludes the bounds. */
  count?: pulumi.Input<number>;
  /** Lets AKS's node autoscaler decide the number, with `maxCount`. */
  minCount?: pulumi.Input<number>;
  maxCount?: pulumi.Input<number>;
  /** Default: the cluster's. */
  zones?: pulumi.Input<pulumi.Input<string>[]>;
  /** A subnet of the cluster's network. Default: that of `network`. */
  subnetName?: pulumi.Input<string>;
  /** e.g. `sku=gpu:NoSchedule`. */
  taints?: pulumi.Input<pulumi.Input<string>[]>;
  /** Machines at the spot price. AKS taints them. Default: ordinary machines. */
  spot?: pulumi.Input<SpotArgs>;
  /** Tags beside the cluster's. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

export interface SpotArgs {
  /** US dollars per hour; -1, the default, is up to the price of an ordinary machine. */
  maxPrice?: pulumi.Input<number>;
  /** Default Delete. */
  evictionPolicy?: pulumi.Input<EvictionPolicy>;
}

/** AKS's names and texts (learn.microsoft.com/azure/aks/cluster-autoscaler-overview). */
export interface AutoscalerProfileArgs {
  balanceSimilarNodeGroups?: pulumi.Input<string>;
  expander?: pulumi.Input<string>;
  maxEmptyBulkDelete?: pulumi.Input<string>;
  maxGracefulTerminationSec?: pulumi.Input<string>;
  maxNodeProvisionTime?: pulumi.Input<string>;
  maxTotalUnreadyPercentage?: pulumi.Input<string>;
  newPodScaleUpDelay?: pulumi.Input<string>;
  okTotalUnreadyCount?: pulumi.Input<string>;
  scaleDownDelayAfterAdd?: pulumi.Input<string>;
  scaleDownDelayAfterDelete?: pulumi.Input<string>;
  scaleDownDelayAfterFailure?: pulumi.Input<string>;
  scaleDownUnneededTime?: pulumi.Input<string>;
  scaleDownUnreadyTime?: pulumi.Input<string>;
  scaleDownUtilizationThreshold?: pulumi.Input<string>;
  scanInterval?: pulumi.Input<string>;
  skipNodesWithLocalStorage?: pulumi.Input<string>;
  skipNodesWithSystemPods?: pulumi.Input<string>;
}

/** One window a week. */
export interface MaintenanceWindowArgs {
  /** `Monday` to `Sunday`. */
  dayOfWeek: pulumi.Input<string>;
  /** `HH:MM`. */
  startTime: pulumi.Input<string>;
  /** 4 to 24. Default 4. */
  durationHours?: pulumi.Input<number>;
  /** `+HH:MM` or `-HH:MM`. Default `+00:00`. */
  utcOffset?: pulumi.Input<string>;
}

/** v1's six fields. */
export interface ClusterNetworkArgs {
  vnetName: pulumi.Input<string>;
  /** Default: the cluster's resource group. */
  vnetResourceGroupName?: pulumi.Input<string>;
  /** Subnet of the nodes. */
  subnetName: pulumi.Input<string>;
  /** Address range of that subnet, when known here: checked against the others. */
  subnetCidr?: pulumi.Input<string>;
  /** Addresses of Services. Default 10.0.0.0/16. */
  serviceCidr?: pulumi.Input<string>;
  /** Address of the cluster's DNS, inside `serviceCidr`. Default: its tenth. */
  dnsServiceIp?: pulumi.Input<string>;
  /** Addresses of pods (Azure CNI overlay). Default 10.244.0.0/16. */
  podCidr?: pulumi.Input<string>;
  /** Refused: the nodes run containerd, which has no Docker bridge. */
  dockerBridgeCidr?: pulumi.Input<string>;
  /** Subnet of the router's internal load balancer, in the same network; the cluster gets the right to use it. */
  loadBalancerSubnetName?: pulumi.Input<string>;
}

export interface EntraArgs {
  /** Object ids of the groups whose members administer the cluster. */
  adminGroupObjectIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Rights inside the cluster come from Azure roles. Default false: from Kubernetes' own. */
  azureRbac?: pulumi.Input<boolean>;
}

export interface GpuPoolArgs {
  /** e.g. Standard_NC4as_T4_v3. */
  vmSize: pulumi.Input<string>;
  /** Default 1. */
  count?: pulumi.Input<number>;
  /** Runs NVIDIA's device plugin on the nodes with GPUs, which AKS does not install. Default false. */
  devicePlugin?: pulumi.Input<boolean>;
}

export interface SpotPoolArgs {
  vmSize: pulumi.Input<string>;
  /** Default 0. */
  minCount?: pulumi.Input<number>;
  maxCount: pulumi.Input<number>;
}
