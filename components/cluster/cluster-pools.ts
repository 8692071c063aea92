// The node pools of a cluster: a small system pool, the agents, and pools for GPUs and spot machines.
import { createHash } from "node:crypto";
import { AgentPool, type AgentPoolArgs } from "@pulumi/azure-native/containerservice";
import * as pulumi from "@pulumi/pulumi";
import { UpgradeChannel, ClusterPurpose } from "../../contracts/choices";
import {
  type AmlAksClusterArgs,
  type GpuPoolArgs,
  type SpotPoolArgs,
  type SystemPoolArgs,
} from "./aml-aks-cluster-args";
import { from } from "./given-late";
import { withDefault } from "../engine/inputs";
import { fixedSettings, nodeProperties, poolCounts } from "./node-settings";
import { SYSTEM_POOL_ARGUMENTS } from "../../validation/cluster/node-arguments";
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
  /** Of the nodes; comes as undefined when `network` comes late as nothing. */
  readonly subnetId: pulumi.Output<string | undefined> | undefined;
  readonly tags: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Keeps what is not AKS's own off the system pool (learn.microsoft.com/azure/aks/use-system-pools). */
const SYSTEM_ONLY = "CriticalAddonsOnly=true:NoSchedule";
const SPOT = "kubernetes.azure.com/scalesetpriority";

/** The inline pool that the cluster is created with: one machine for DevTest, else three, unless told otherwise. */
export function systemPool(args: AmlAksClusterArgs, context: PoolContext) {
  return from(args.systemPool, (given) => inlinePool(given, args, context));
}

function inlinePool(
  given: SystemPoolArgs | undefined,
  args: AmlAksClusterArgs,
  context: PoolContext,
) {
  const purpose = withDefault(args.clusterPurpose, CLUSTER_ARGUMENTS.clusterPurpose.default);
  const usual = pulumi.output(purpose).apply((value) => (value === ClusterPurpose.DevTest ? 1 : 3));
  const { enableAutoScaling, ...counts } = poolCounts(given ?? {}, usual);
  return {
    name: "system",
    mode: "System",
    type: "VirtualMachineScaleSets",
    osType: "Linux",
    vmSize: given?.vmSize ?? SYSTEM_POOL_ARGUMENTS.vmSize.default,
    ...counts,
    ...(enableAutoScaling ? { enableAutoScaling } : {}),
    ...nodeProperties(given),
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
  const fixedCount = withDefault(args.agentCount, CLUSTER_ARGUMENTS.agentCount.default);
  const minCount = from(bounds, (each) => each?.minCount);
  const maxCount = from(bounds, (each) => each?.maxCount);
  const count =
    bounds === undefined
      ? { count: fixedCount, enableAutoScaling: false }
      : {
          count: startCount(args.agentCount, minCount, maxCount, fixedCount),
          enableAutoScaling: from(bounds, (each) => each !== undefined),
          minCount,
          maxCount,
        };
  const vmSize = withDefault(args.agentVmSize, CLUSTER_ARGUMENTS.agentVmSize.default);
  const settings = { vmSize, ...count, ...nodeProperties(args.agents) };
  return createPool(`${name}-agents`, "agents", args, settings, context, opts, {
    fixed: fixedSettings(args.agents),
  });
}

/** Machines with GPUs: labelled and tainted, so that only models that request one are scheduled there. */
export function createGpuPool(
  name: string,
  gpuPool: GpuPoolArgs,
  args: AmlAksClusterArgs,
  context: PoolContext,
  opts: pulumi.CustomResourceOptions,
): AgentPool {
  const settings = {
    vmSize: gpuPool.vmSize,
    count: withDefault(gpuPool.count, GPU_POOL_ARGUMENTS.count.default),
    nodeLabels: { accelerator: "nvidia" },
    nodeTaints: ["sku=gpu:NoSchedule"],
  };
  return createPool(`${name}-gpu`, "gpu", args, settings, context, opts);
}

/** Machines at the spot price. Azure adds this taint and label itself: sent, too, they are no difference. */
export function createSpotPool(
  name: string,
  spotPool: SpotPoolArgs,
  args: AmlAksClusterArgs,
  context: PoolContext,
  opts: pulumi.CustomResourceOptions,
): AgentPool {
  const minCount = withDefault(spotPool.minCount, SPOT_POOL_ARGUMENTS.minCount.default);
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

/** Among the inputs after an import, although the program did not set them. */
export const FILLED_BY_AZURE = [
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
  { fixed }: { readonly fixed?: pulumi.Input<object | undefined> } = {},
): AgentPool {
  const agentPoolName = pulumi
    .all([settings.vmSize, context.zonesInName, context.subnetId, fixed])
    .apply(([vmSize, zones, subnetId, more]) =>
      poolName(prefix, [vmSize, zones, subnetId ?? "", ...(more === undefined ? [] : [more])]),
    );
  const follows = followsVersion(args);
  // The node autoscaler owns the count, and AKS the version when it upgrades.
  const ignoreChanges = [
    ...FILLED_BY_AZURE.filter((each) => !(each in settings)),
    // Zones of an existing pool can't change: those that the program does not choose stay as they are.
    ...(args.zones === undefined ? ["availabilityZones"] : []),
    ...(settings.minCount === undefined ? [] : ["count"]),
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

/** Whether a pool's version is the program's, and not that of AKS. */
export function followsVersion({ kubernetesVersion, upgradeChannel }: AmlAksClusterArgs): boolean {
  const channel = upgradeChannel ?? CLUSTER_ARGUMENTS.upgradeChannel.default;
  return kubernetesVersion !== undefined && channel === UpgradeChannel.None;
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
  minCount: pulumi.Input<number | undefined>,
  maxCount: pulumi.Input<number | undefined>,
  otherwise: pulumi.Input<number>,
): pulumi.Output<number> {
  return pulumi.all([asked, minCount, maxCount, otherwise]).apply(([count, min, max, fixed]) => {
    if (min === undefined || max === undefined) return fixed;
    return Math.min(max, Math.max(min, count ?? min));
  });
}
