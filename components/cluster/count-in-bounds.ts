// Keeps a pool's count inside new bounds: AKS refuses an update whose count is outside of them.
import { getAgentPool } from "@pulumi/azure-native/containerservice";
import type * as pulumi from "@pulumi/pulumi";

/**
 * A transform for pools that the node autoscaler scales. It owns their count, which is ignored; but a minimum raised
 * above the count, or a maximum lowered below it, changes the count to that bound (learn.microsoft.com/azure/aks/cluster-autoscaler).
 */
export function countInBounds(parent: pulumi.Resource): pulumi.ResourceTransform {
  return async ({ type, props, opts }) => {
    if (type !== "azure-native:containerservice:AgentPool") return undefined;
    const given = props as Readonly<Record<string, unknown>>;
    const { resourceGroupName, resourceName, agentPoolName, minCount, maxCount } = given;
    if (given["enableAutoScaling"] !== true) return undefined;
    if (typeof minCount !== "number" || typeof maxCount !== "number") return undefined;
    const id = [resourceGroupName, resourceName, agentPoolName];
    if (!isTexts(id)) return undefined;
    const [group = "", cluster = "", pool = ""] = id;
    const named = { resourceGroupName: group, resourceName: cluster, agentPoolName: pool };
    // A new pool starts inside its bounds.
    const live = await getAgentPool(named, { parent }).catch(() => undefined);
    if (live?.count === undefined) return undefined;
    const count = Math.min(maxCount, Math.max(minCount, live.count));
    if (count === live.count) return undefined;
    const ignoreChanges = (opts.ignoreChanges ?? []).filter((name) => name !== "count");
    return { props: { ...props, count }, opts: { ...opts, ignoreChanges } };
  };
}

function isTexts(values: readonly unknown[]): values is readonly string[] {
  return values.every((value) => typeof value === "string");
}
