// The node pools that a program adds to the cluster's own.
import { AgentPool } from "@pulumi/azure-native/containerservice";
import * as pulumi from "@pulumi/pulumi";
import { POOL_ARGUMENTS, SPOT_MACHINE_ARGUMENTS } from "../../validation/cluster/node-arguments";
import { withoutNullsInside } from "../../values/without";
import { type AmlAksClusterArgs, type PoolArgs, type SpotArgs } from "./aml-aks-cluster-args";
import { FILLED_BY_AZURE, followsVersion, type PoolContext } from "./cluster-pools";
import { declareFrom, from, itemsOf } from "./given-late";
import { isLater, withDefault } from "../engine/inputs";
import { nodeProperties, onlyGiven, poolCounts } from "./node-settings";

/** Declares each pool under its own name, whatever its place in the list is. */
export async function createFurtherPools(
  component: pulumi.Resource,
  name: string,
  args: AmlAksClusterArgs,
  context: PoolContext,
  opts: pulumi.CustomResourceOptions,
): Promise<readonly AgentPool[]> {
  const declared = declareFrom(component, "pools", args.pools, (pools) =>
    itemsOf(pools).map((pool) =>
      declareFrom(component, "pools", named(pool), (each) => [
        createFurtherPool(name, each, args, context, opts),
      ]),
    ),
  );
  const pools = (await declared).map((each) => Promise.resolve(each));
  return (await Promise.all(pools)).flat();
}

/** A pool's name decides which resource it is: a pool whose name comes late comes late as a whole. */
function named(pool: pulumi.Input<PoolArgs>): pulumi.Input<PoolArgs> {
  return !isLater(pool) && isLater(pool.name) ? pulumi.output(pool) : pool;
}

function createFurtherPool(
  name: string,
  given: PoolArgs,
  args: AmlAksClusterArgs,
  context: PoolContext,
  opts: pulumi.CustomResourceOptions,
): AgentPool {
  const pool = withoutNullsInside(given);
  const poolName = pool.name as string;
  const { zones, subnetName, spot } = pool;
  const counts = poolCounts(pool, POOL_ARGUMENTS.count.default);
  const node = nodeProperties(pool);
  const sent = {
    ...node,
    ...counts,
    ...(spot === undefined ? {} : spotProperties(spot, pool)),
  };
  const version = followsVersion(args) ? args.kubernetesVersion : undefined;
  const subnetId =
    subnetName === undefined
      ? context.subnetId
      : from(context.subnetId, (id) =>
          pulumi.output(subnetName).apply((subnet) => id?.replace(/[^/]+$/, subnet)),
        );
  return new AgentPool(
    `${name}-${poolName}`,
    {
      resourceGroupName: context.resourceGroupName,
      resourceName: context.clusterName,
      agentPoolName: poolName,
      mode: withDefault(pool.mode, POOL_ARGUMENTS.mode.default),
      type: "VirtualMachineScaleSets",
      osType: "Linux",
      vmSize: pool.vmSize,
      availabilityZones: zones ?? context.zones,
      tags: pulumi
        .all([context.tags, pool.tags ?? {}])
        .apply(([shared, own]) => ({ ...shared, ...own })),
      nodeTaints: pool.taints ?? [],
      ...(subnetId === undefined ? {} : { vnetSubnetID: subnetId }),
      ...(version === undefined ? {} : { orchestratorVersion: version }),
      ...sent,
    },
    {
      ...opts,
      ignoreChanges: [
        ...FILLED_BY_AZURE.filter((each) => !(each in sent)),
        // Zones and subnet of a live pool can't change: those of the cluster count when the pool is made.
        ...(zones === undefined ? ["availabilityZones"] : []),
        ...(subnetName === undefined ? ["vnetSubnetID"] : []),
        ...(counts.enableAutoScaling ? ["count"] : []),
        ...(version === undefined ? ["orchestratorVersion"] : []),
      ],
    },
  );
}

const SPOT = "kubernetes.azure.com/scalesetpriority";

/** Azure adds this taint and label itself: sent, too, they are no difference. */
function spotProperties(spot: pulumi.Input<SpotArgs>, { labels, taints }: PoolArgs): object {
  return onlyGiven({
    scaleSetPriority: "Spot",
    scaleSetEvictionPolicy: from(spot, (each) =>
      withDefault(each?.evictionPolicy, SPOT_MACHINE_ARGUMENTS.evictionPolicy.default),
    ),
    spotMaxPrice: from(spot, (each) =>
      withDefault(each?.maxPrice, SPOT_MACHINE_ARGUMENTS.maxPrice.default),
    ),
    nodeLabels: pulumi.output(labels ?? {}).apply((own) => ({ ...own, [SPOT]: "spot" })),
    nodeTaints: pulumi.output(taints ?? []).apply((own) => [...own, `${SPOT}=spot:NoSchedule`]),
  });
}
