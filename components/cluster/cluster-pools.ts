// The node pools of a cluster: a small system pool, the agents, and pools for GPUs and spot machines.
import { createHash } from "node:crypto";
import { AgentPool, type AgentPoolArgs } from "@pulumi/azure-native/containerservice";
import * as pulumi from "@pulumi/pulumi";
import { UpgradeChannel, ClusterPurpose } from "../../contracts/choices";
import { type AmlAksClusterArgs } from "./aml-aks-cluster-args";
import { CLUSTER_ARGUMENTS } from "../../validation/cluster/cluster-arguments";
import { GPU_POOL_ARGUMENTS, SPOT_POOL_ARGUMENTS } from "../../validation/cluster/pool-arguments";

/** What all pools of a cluster share. */
export interface PoolContext {
  readonly resourceGroupName: pulumi.Input<string>;
  /** The name as the program gives it: Azure's answer is unknown in the preview of an update. */
  readonly clusterName: pulumi.Input<string>;
  readonly zones: pulumi.Output<string[]>;
  /** What the pools' names say of their zones: of those that the program does not choose, the same in every release. */
  readonly zonesInName: pulumi.Output<string[]>;
  readonly subnetId: pulumi.Output<string> | undefined;
  readonly tags: Record<string, pulumi.Input<string>>;
}

const SYSTEM_POOL_VM_SIZE = "Standard_D2s_v5";
/** Keeps what is not AKS's own off the system pool (learn.microsoft.com/azure/aks/use-system-pools). */
const SYSTEM_ONLY = "CriticalAddonsOnly=true:NoSchedule";
const SPOT = "kubernetes.azure.com/scalesetpriority";

/** The inline pool, which is never changed after the cluster is created: one machine for DevTest, else three. */
export function systemPool(args: AmlAksClusterArgs, context: PoolContext) {
  const purpose = pulumi.output(args.clusterPurpose ?? CLUSTER_ARGUMENTS.clusterPurpose.default);
  const isDevTest = purpose.apply((value) => value === ClusterPurpose.DevTest);
  return {
    name: "system",
    mode: "System",
    type: "VirtualMachineScaleSets",
    osType: "Linux",
    vmSize: SYSTEM_POOL_VM_SIZE,
    count: isDevTest.apply((small) => (small ? 1 : 3)),
    nodeTaints: [SYSTEM_ONLY],
    availabilityZones: context.zones,
    ...(context.subnetId === undefined ? {} : { vnetSubnetID: context.subnetId }),
  };
}

/** The agents: what the models and the router run on. */
export function createAgents(
  name: string,
  args: AmlAksClusterArgs,
  context: PoolContext,
  opts: pulumi.CustomResourceOptions,
): AgentPool {
  const { nodeAutoscaling: bounds } = args;
  const count =
    bounds === undefined
      ? { count: args.agentCount ?? CLUSTER_ARGUMENTS.agentCount.default, enableAutoScaling: false }
      : {
          count: startCount(args.agentCount, bounds.minCount, bounds.maxCount),
          enableAutoScaling: true,
          minCount: bounds.minCount,
          maxCount: bounds.maxCount,
        };
  const vmSize = args.agentVmSize ?? CLUSTER_ARGUMENTS.agentVmSize.default;
  return createPool(`${name}-agents`, "agents", args, { vmSize, ...count }, context, opts);
}

/** Machines with GPUs: labelled and tainted, so that only models that request one are scheduled there. */
export function createGpuPool(
  name: string,
  args: AmlAksClusterArgs,
  context: PoolContext,
  opts: pulumi.CustomResourceOptions,
): AgentPool | undefined {
  if (args.gpuPool === undefined) return undefined;
  const settings = {
    vmSize: args.gpuPool.vmSize,
    count: args.gpuPool.count ?? GPU_POOL_ARGUMENTS.count.default,
    nodeLabels: { accelerator: "nvidia" },
    nodeTaints: ["sku=gpu:NoSchedule"],
  };
  return createPool(`${name}-gpu`, "gpu", args, settings, context, opts);
}

/** Machines at the spot price. Azure adds this taint and label itself: sent, too, they are no difference. */
export function createSpotPool(
  name: string,
  args: AmlAksClusterArgs,
  context: PoolContext,
  opts: pulumi.CustomResourceOptions,
): AgentPool | undefined {
  const { spotPool } = args;
  if (spotPool === undefined) return undefined;
  const minCount = spotPool.minCount ?? SPOT_POOL_ARGUMENTS.minCount.default;
  const settings = {
    vmSize: spotPool.vmSize,
    enableAutoScaling: true,
    count: minCount,
    minCount,
    maxCount: spotPool.maxCount,
    scaleSetPriority: "Spot",
    scaleSetEvictionPolicy: "Delete",
    spotMaxPrice: -1,
    nodeLabels: { [SPOT]: "spot" },
    nodeTaints: [`${SPOT}=spot:NoSchedule`],
  };
  return createPool(`${name}-spot`, "spot", args, settings, context, opts);
}

// Never set here, but among the inputs after an import.
const FILLED_BY_AZURE = [
  ...["osSKU", "osDiskSizeGB", "osDiskType", "kubeletDiskType", "maxPods", "enableNodePublicIP"],
  ...["enableEncryptionAtHost", "enableUltraSSD", "enableFIPS", "powerState", "upgradeSettings"],
  ...[
    "securityProfile",
    "scaleDownMode",
    "workloadRuntime",
    "networkProfile",
    "artifactStreamingProfile",
  ],
];

type PoolSettings = Omit<AgentPoolArgs, "resourceGroupName" | "resourceName" | "vmSize"> & {
  readonly vmSize: pulumi.Input<string>;
};

function createPool(
  name: string,
  prefix: string,
  args: AmlAksClusterArgs,
  settings: PoolSettings,
  context: PoolContext,
  opts: pulumi.CustomResourceOptions,
): AgentPool {
  const subnetId = context.subnetId ?? pulumi.output("");
  const agentPoolName = pulumi
    .all([settings.vmSize, context.zonesInName, subnetId])
    .apply((fixed) => poolName(prefix, fixed));
  const upgrades = args.upgradeChannel ?? CLUSTER_ARGUMENTS.upgradeChannel.default;
  const follows = args.kubernetesVersion !== undefined && upgrades === UpgradeChannel.None;
  // The node autoscaler owns the count, and AKS the version when it upgrades.
  const ignoreChanges = [
    ...FILLED_BY_AZURE,
    // Zones of an existing pool can't change: those that the program does not choose stay as they are.
    ...(args.zones === undefined ? ["availabilityZones"] : []),
    ...(settings.enableAutoScaling === true ? ["count"] : []),
    ...(follows ? [] : ["orchestratorVersion"]),
  ];
  return new AgentPool(
    name,
    {
      resourceGroupName: context.resourceGroupName,
      resourceName: context.clusterName,
      agentPoolName,
      mode: "User",
      type: "VirtualMachineScaleSets",
      osType: "Linux",
      availabilityZones: context.zones,
      tags: context.tags,
      ...(context.subnetId === undefined ? {} : { vnetSubnetID: context.subnetId }),
      ...(follows && args.kubernetesVersion !== undefined
        ? { orchestratorVersion: args.kubernetesVersion }
        : {}),
      ...settings,
    },
    // Another name is another pool: it is there before the old one goes, and AKS drains a pool that it deletes.
    { ...opts, deleteBeforeReplace: false, ignoreChanges },
  );
}

/**
 * A pool's name: at most 12 lower-case letters and digits, and another one when a property changes that AKS can't
 * change in place. So the new pool exists before the old one is deleted.
 */
function poolName(prefix: string, fixed: unknown): string {
  const digest = createHash("sha256").update(JSON.stringify(fixed)).digest("hex");
  return `${prefix}${digest.slice(0, 5)}`;
}

/** The initial number of agents: `agentCount`, limited to the bounds. */
function startCount(
  asked: pulumi.Input<number> | undefined,
  minCount: pulumi.Input<number>,
  maxCount: pulumi.Input<number>,
): pulumi.Output<number> {
  return pulumi
    .all([asked, minCount, maxCount])
    .apply(([count, min, max]) => Math.min(max, Math.max(min, count ?? min)));
}
