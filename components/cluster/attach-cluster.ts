// Attaches an existing cluster, which is validated and never changed.
import { getClientConfigOutput } from "@pulumi/azure-native/authorization";
import { type GetManagedClusterResult } from "@pulumi/azure-native/containerservice";
import * as pulumi from "@pulumi/pulumi";
import { type ClusterPurpose } from "../../contracts/choices";
import { CLUSTER_ARGUMENTS } from "../../validation/cluster/cluster-arguments";
import { type AmlAksClusterArgs } from "./aml-aks-cluster-args";
import { type ArgumentError } from "../../values/argument-error";
import { validateOutputs } from "../engine/refuse-arguments";
import { unknownBecause } from "../engine/unknown-values";
import { askRegion } from "./io/ask-region";
import { type ClusterParts } from "./cluster-parts";
import {
  type AttachedCluster,
  type AttachedPool,
  assessAttachedCluster,
  type Machines,
  whyNotCounted,
} from "../../validation/cluster/assess-attached-cluster";
import { assessRunningVersion } from "../../validation/cluster/validate-kubernetes-version";
import { validateVmSize } from "../../validation/cluster/validate-vm-size";
import { type ClusterReading, type ObservedCluster, readCluster } from "./io/observe-cluster";
import { whyUnreachable } from "./io/reach-api-server";
import { type RegionOffer } from "../../azure/core/region-offer";
import { namesIn } from "../../azure/core/azure-id";
import { readVmSize } from "../../azure/core/vm-size";

/** What AKS gives every node of a spot pool (learn.microsoft.com/azure/aks/spot-node-pool). */
const SPOT_TAINT = "kubernetes.azure.com/scalesetpriority=spot:NoSchedule";

/** The parts of an existing cluster; its outputs wait until it is validated. */
export function attachCluster(
  component: pulumi.ComponentResource,
  name: string,
  id: pulumi.Input<string>,
  args: AmlAksClusterArgs,
): ClusterParts {
  const parent = { parent: component };
  const { subscriptionId } = getClientConfigOutput(parent);
  const live = pulumi.secret(
    pulumi.all([id, subscriptionId]).apply(async ([known, subscription]) => {
      // A look-up would search the provider's own subscription for a cluster of another one.
      const elsewhere = whyElsewhere(known, subscription);
      return elsewhere ?? readCluster(known, parent);
    }),
  );
  const purpose = args.clusterPurpose ?? CLUSTER_ARGUMENTS.clusterPurpose.default;
  const assessment = pulumi.unsecret(
    pulumi
      .all([live, purpose, args.agentVCpus])
      .apply(async ([seen, forWhat, given]): Promise<Assessment> => {
        if (seen.ok) return assess(component, seen.observed, forWhat, given);
        const found = [{ path: "existingClusterId", reason: seen.reason }];
        return { vCpus: 0, found, errorsUntilAccepted: [] };
      }),
  );
  const checked = validateOutputs(component, "AmlAksCluster", name, args, {
    found: assessment.apply(({ found }) => found),
    errorsUntilAccepted: assessment.apply(({ errorsUntilAccepted }) => errorsUntilAccepted),
  });
  const observed = pulumi.all([live, checked.urn]).apply(async ([seen]) => {
    if (seen.ok) return seen.observed;
    // The check has failed for the same reason, and ends the program.
    return unknownBecause(component, `existingClusterId ${seen.reason}`);
  });
  return { id: pulumi.output(id), observed, vCpus: assessment.apply(({ vCpus }) => vCpus) };
}

function whyElsewhere(id: string, subscription: string): ClusterReading | undefined {
  const own = namesIn(id).subscriptionId;
  if (own.toLowerCase() === subscription.toLowerCase()) return undefined;
  const reason = `is in subscription ${own}, and this provider works in ${subscription}: pass an azure-native Provider for that subscription`;
  return { ok: false, isGone: false, reason };
}

interface Assessment {
  readonly vCpus: number;
  readonly found: readonly ArgumentError[];
  /** Errors of its Kubernetes version: support may end long after the cluster was attached. */
  readonly errorsUntilAccepted: readonly ArgumentError[];
}

async function assess(
  component: pulumi.ComponentResource,
  { cluster, kubeconfig }: ObservedCluster,
  purpose: ClusterPurpose,
  given: number | undefined,
): Promise<Assessment> {
  const seen = toAttachedCluster(cluster);
  const { location } = cluster;
  const counted = seen.pools.filter((pool) => whyNotCounted(pool) === undefined);
  const machines = counted.flatMap((pool) => pool.machines);
  const sizes = given === undefined && machines.some(({ vmSize }) => !readVmSize(vmSize).ok);
  const offer = await askRegion({ location, kubernetes: true, sizes }, component);
  const verdict = assessAttachedCluster(seen, purpose, (vmSize) =>
    vCpusOf(vmSize, given, offer, location),
  );
  for (const warning of verdict.warnings) void pulumi.log.warn(warning, component);
  const found = [...verdict.problems];
  if (found.length === 0 && cluster.apiServerAccessProfile?.enablePrivateCluster === true) {
    const reason = await whyUnreachable(kubeconfig);
    if (reason !== undefined) found.push(unreachable(reason));
  }
  return { vCpus: verdict.vCpus, found, errorsUntilAccepted: assessVersion(cluster, offer) };
}

function assessVersion(
  { currentKubernetesVersion, supportPlan, location }: GetManagedClusterResult,
  { kubernetes }: RegionOffer,
): ArgumentError[] {
  if (kubernetes === undefined) return [];
  const reason = assessRunningVersion(currentKubernetesVersion, supportPlan, kubernetes, location);
  return reason === undefined ? [] : [{ path: "existingClusterId", reason }];
}

/** vCPUs of a machine: parsed from the size's name, else given by the program, else from Azure's list. */
function vCpusOf(
  vmSize: string,
  given: number | undefined,
  offer: RegionOffer,
  location: string,
): number | undefined {
  const read = readVmSize(vmSize);
  if (read.ok) return read.vCpus;
  return validateVmSize({ path: "agentVCpus", vmSize, given }, offer.sizes, [], location).vCpus;
}

function unreachable(why: string): ArgumentError {
  const reason = `names a private cluster whose API server can't be reached from here (${why}): run Pulumi inside its network or one that is joined to it, with its private DNS zone`;
  return { path: "existingClusterId", reason };
}

type Pool = NonNullable<GetManagedClusterResult["agentPoolProfiles"]>[number];

function toAttachedCluster(cluster: GetManagedClusterResult): AttachedCluster {
  return {
    provisioningState: cluster.provisioningState,
    powerState: cluster.powerState.code ?? "",
    pools: (cluster.agentPoolProfiles ?? []).map(toAttachedPool),
  };
}

function toAttachedPool(pool: Pool): AttachedPool {
  const nodeTaints = pool.nodeTaints ?? [];
  return {
    name: pool.name,
    osType: pool.osType ?? "Linux",
    powerState: pool.powerState?.code ?? "Running",
    provisioningState: pool.provisioningState,
    nodeTaints: pool.scaleSetPriority === "Spot" ? [...nodeTaints, SPOT_TAINT] : nodeTaints,
    machines: machinesOf(pool),
  };
}

function machinesOf(pool: Pool): Machines[] {
  const { vmSize, virtualMachinesProfile } = pool;
  if (vmSize !== undefined) {
    const nodes = (pool.enableAutoScaling === true ? pool.minCount : pool.count) ?? 0;
    return [{ vmSize, nodes }];
  }
  const manual = virtualMachinesProfile?.scale?.manual ?? [];
  return manual.map(({ size = "", count = 0 }) => ({ vmSize: size, nodes: count }));
}
