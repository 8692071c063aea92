// Attaches an existing cluster: it is looked at, and nothing about it is changed.
import { getClientConfigOutput } from "@pulumi/azure-native/authorization";
import { type GetManagedClusterResult } from "@pulumi/azure-native/containerservice";
import * as pulumi from "@pulumi/pulumi";
import { type AmlAksClusterArgs } from "./aml-aks-cluster-args";
import { ClusterPurpose } from "./aml-inference-router-args";
import { type ArgumentProblem } from "./argument-problem";
import { checkOutputs } from "./argument-error";
import { askRegion } from "./ask-region";
import { type ClusterParts } from "./cluster-parts";
import { type AttachedCluster, judgeAttachedCluster } from "./judge-attached-cluster";
import { judgeRunningVersion } from "./judge-kubernetes-version";
import { judgeVmSize } from "./judge-vm-size";
import { observeCluster, type ObservedCluster } from "./observe-cluster";
import { whyUnreachable } from "./reach-api-server";
import { type RegionOffer } from "./region-offer";
import { subscriptionOf } from "./resource-id";
import { readVmSize } from "./vm-size";

/** The parts of a cluster that exists; whoever uses them waits until it is judged. */
export function attachCluster(
  component: pulumi.ComponentResource,
  name: string,
  id: pulumi.Input<string>,
  args: AmlAksClusterArgs,
): ClusterParts {
  const parent = { parent: component };
  const { subscriptionId } = getClientConfigOutput(parent);
  const inThisSubscription = pulumi.all([id, subscriptionId]).apply(([known, subscription]) => {
    // Before the look-up, which would search the provider's own subscription for another's name.
    const own = subscriptionOf(known);
    if (own.toLowerCase() === subscription.toLowerCase()) return known;
    throw refusal(component, [
      `existingClusterId is in subscription ${own}, and this provider works in ${subscription}: hand down an azure-native Provider for that subscription`,
    ]);
  });
  const looked = observeCluster(inThisSubscription, parent);
  const purpose = args.clusterPurpose ?? ClusterPurpose.FastProd;
  const judged = pulumi.unsecret(
    pulumi
      .all([looked, purpose, args.agentVCpus])
      .apply(([seen, forWhat, given]) => judge(component, seen, forWhat, given)),
  );
  const foundAtFirst = judged.apply(({ version }) => version);
  const checked = checkOutputs(component, "AmlAksCluster", name, args, { foundAtFirst });
  const observed = pulumi.all([looked, checked.urn]).apply(([seen]) => seen);
  return { id: pulumi.output(id), observed, vCpus: judged.apply(({ vCpus }) => vCpus) };
}

interface Judgement {
  readonly vCpus: number;
  /** What is wrong with its version of Kubernetes: it may go out of support long after it was attached. */
  readonly version: readonly ArgumentProblem[];
}

async function judge(
  component: pulumi.ComponentResource,
  { cluster, kubeconfig }: ObservedCluster,
  purpose: ClusterPurpose,
  given: number | undefined,
): Promise<Judgement> {
  const seen = toAttachedCluster(cluster);
  const { location } = cluster;
  const sizes = given === undefined && seen.pools.some(({ vmSize }) => !readVmSize(vmSize).ok);
  const offer = await askRegion({ location, kubernetes: true, sizes }, component);
  const verdict = judgeAttachedCluster(seen, purpose, (vmSize) =>
    vCpusOf(vmSize, given, offer, location),
  );
  const problems = [...verdict.problems];
  if (problems.length === 0 && cluster.apiServerAccessProfile?.enablePrivateCluster === true) {
    const reason = await whyUnreachable(kubeconfig);
    if (reason !== undefined) problems.push(unreachable(reason));
  }
  if (problems.length > 0) throw refusal(component, problems);
  for (const warning of verdict.warnings) void pulumi.log.warn(warning, component);
  const version =
    offer.kubernetes &&
    judgeRunningVersion(
      cluster.currentKubernetesVersion,
      cluster.supportPlan,
      offer.kubernetes,
      location,
    );
  return {
    vCpus: verdict.vCpus,
    version: version === undefined ? [] : [{ path: "existingClusterId", reason: version }],
  };
}

/** vCPUs of a machine: as its name says, else as the program does, else as Azure does. */
function vCpusOf(
  vmSize: string,
  given: number | undefined,
  offer: RegionOffer,
  location: string,
): number | undefined {
  const read = readVmSize(vmSize);
  if (read.ok) return read.vCpus;
  return judgeVmSize({ path: "agentVCpus", vmSize, given }, offer.sizes, [], location).vCpus;
}

function unreachable(reason: string): string {
  return `existingClusterId names a private cluster whose API server can't be reached from here (${reason}): run Pulumi inside its network or one that is joined to it, with its private DNS zone`;
}

function refusal(component: pulumi.ComponentResource, problems: readonly string[]): Error {
  return new pulumi.ResourceError(problems.join("\n"), component, true);
}

function toAttachedCluster(cluster: GetManagedClusterResult): AttachedCluster {
  return {
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
