// Attaches an existing cluster: it is looked at, and nothing about it is changed.
import { getClientConfigOutput } from "@pulumi/azure-native/authorization";
import { type GetManagedClusterResult } from "@pulumi/azure-native/containerservice";
import * as pulumi from "@pulumi/pulumi";
import { type AmlAksCluster, type ClusterParts } from "./aml-aks-cluster";
import { type AmlAksClusterArgs } from "./aml-aks-cluster-args";
import { type ClusterPurpose } from "./aml-inference-router-args";
import {
  type AttachedCluster,
  type AttachVerdict,
  judgeAttachedCluster,
} from "./judge-attached-cluster";
import { observeCluster } from "./observe-cluster";

export function attachCluster(
  component: AmlAksCluster,
  id: pulumi.Input<string>,
  args: AmlAksClusterArgs,
): ClusterParts {
  const parent = { parent: component };
  const { subscriptionId } = getClientConfigOutput(parent);
  const inThisSubscription = pulumi.all([id, subscriptionId]).apply(([known, subscription]) => {
    // Before the look-up, which would search the provider's own subscription for another's name.
    const own = known.split("/")[2] ?? "";
    if (own.toLowerCase() === subscription.toLowerCase()) return known;
    const none = { kubernetesVersion: "", provisioningState: "", powerState: "", pools: [] };
    const purpose = "DevTest";
    const { problems } = judgeAttachedCluster({ id: known, ...none }, purpose, subscription, 0);
    throw refusal(component, problems.slice(0, 1));
  });
  const looked = observeCluster(inThisSubscription, parent);
  const judged = pulumi
    .all([looked, component.clusterPurpose, subscriptionId, args.agentVCpus])
    .apply(([{ cluster }, purpose, subscription, given]) => {
      const seen = toAttachedCluster(cluster);
      const verdict = judgeAttachedCluster(seen, purpose as ClusterPurpose, subscription, given);
      report(component, verdict);
      return verdict.vCpus;
    });
  // Whoever uses the cluster waits for the verdict.
  const observed = pulumi.all([looked, judged]).apply(([seen]) => seen);
  return { id: pulumi.output(id), observed, vCpus: pulumi.unsecret(judged) };
}

function report(component: AmlAksCluster, { problems, warnings }: AttachVerdict): void {
  for (const warning of warnings) void pulumi.log.warn(warning, component);
  if (problems.length > 0) throw refusal(component, problems);
}

function refusal(component: AmlAksCluster, problems: readonly string[]): Error {
  return new pulumi.ResourceError(problems.join("\n"), component, true);
}

function toAttachedCluster(cluster: GetManagedClusterResult): AttachedCluster {
  return {
    id: cluster.id,
    kubernetesVersion: cluster.currentKubernetesVersion,
    provisioningState: cluster.provisioningState,
    powerState: cluster.powerState.code ?? "",
    pools: (cluster.agentPoolProfiles ?? []).map((pool) => ({
      name: pool.name,
      mode: pool.mode ?? "User",
      vmSize: pool.vmSize ?? "",
      nodes: (pool.enableAutoScaling === true ? pool.minCount : pool.count) ?? 0,
    })),
  };
}
