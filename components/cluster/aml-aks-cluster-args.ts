// The arguments of an AmlAksCluster, in Azure ML v1's words where it had one (docs/aml-aks-cluster.md).
import type * as pulumi from "@pulumi/pulumi";
import {
  type ClusterPurpose,
  type OutboundType,
  type UpgradeChannel,
} from "../../contracts/choices";

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
  nodeAutoscaling?: NodeAutoscalingArgs;
  /** Availability zones. Default: all three where the region has them, none for DevTest; existing pools keep theirs. */
  zones?: pulumi.Input<string>[];
  /** Minor or patch version that AKS supports in the region, e.g. 1.34. Default: AKS's default when the cluster is created. */
  kubernetesVersion?: pulumi.Input<string>;
  /** Default none: only the program upgrades. */
  upgradeChannel?: pulumi.Input<UpgradeChannel>;
  /** When AKS may upgrade. Default: any time. */
  maintenanceWindow?: MaintenanceWindowArgs;
  /** A network of your own. Default: one that AKS makes. */
  network?: ClusterNetworkArgs;
  /** Default loadBalancer. */
  outboundType?: pulumi.Input<OutboundType>;
  /** Who may reach the API server, as ranges. Default: everybody with credentials. */
  authorizedIpRanges?: pulumi.Input<string>[];
  /** The API server has no public address. Default false; it can't be changed. */
  privateCluster?: pulumi.Input<boolean>;
  /** Microsoft Entra decides who may use the cluster, and local accounts are off. Default: local accounts. */
  entra?: EntraArgs;
  /** Resource ids of container registries that the nodes may pull from (AcrPull). */
  containerRegistryIds?: pulumi.Input<string>[];
  /** Machines with GPUs for models that ask for them. */
  gpuPool?: GpuPoolArgs;
  /** Machines at the spot price, which Azure may evict. */
  spotPool?: SpotPoolArgs;
  /** Container Insights: logs and metrics go to this Log Analytics workspace. Default: off. */
  logAnalyticsWorkspaceId?: pulumi.Input<string>;
  /** Azure Policy's add-on. Default false. */
  azurePolicy?: pulumi.Input<boolean>;
  /** Defender for Containers, which reports to `logAnalyticsWorkspaceId`. Default false. */
  defender?: pulumi.Input<boolean>;
  /** Pulumi's `protect` of the cluster and its agents. Default true; false must be deployed before a destroy. */
  protectCluster?: boolean;
  /** Tags of the Azure resources. */
  tags?: Record<string, pulumi.Input<string>>;
}

export interface NodeAutoscalingArgs {
  /** At least 1; counts for the floors. */
  minCount: pulumi.Input<number>;
  /** At most 1000. */
  maxCount: pulumi.Input<number>;
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
  adminGroupObjectIds?: pulumi.Input<string>[];
  /** Rights inside the cluster come from Azure roles. Default false: from Kubernetes' own. */
  azureRbac?: pulumi.Input<boolean>;
}

export interface GpuPoolArgs {
  /** e.g. Standard_NC4as_T4_v3. */
  vmSize: pulumi.Input<string>;
  /** Default 1. */
  count?: pulumi.Input<number>;
}

export interface SpotPoolArgs {
  vmSize: pulumi.Input<string>;
  /** Default 0. */
  minCount?: pulumi.Input<number>;
  maxCount: pulumi.Input<number>;
}
