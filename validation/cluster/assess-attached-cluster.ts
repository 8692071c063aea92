// Assesses whether an existing cluster meets the requirements of its purpose.
import { type ClusterPurpose } from "../../contracts/choices";
import { type ArgumentError } from "../../values/argument-error";
import { assessFloor, type NodeGroup } from "./cluster-floor";

/** The live state that the assessment needs. */
export interface AttachedCluster {
  readonly provisioningState: string;
  readonly powerState: string;
  readonly pools: readonly AttachedPool[];
}

/** An agent pool, in AKS's words. */
export interface AttachedPool {
  readonly name: string;
  readonly osType: string;
  readonly powerState: string;
  readonly provisioningState: string;
  /** `key=value:effect`, those that AKS itself sets included. */
  readonly nodeTaints: readonly string[];
  /** A pool of type VirtualMachines can have several. */
  readonly machines: readonly Machines[];
}

/** Nodes of one VM size. */
export interface Machines {
  readonly vmSize: string;
  /** Node count; with the node autoscaler its minimum. */
  readonly nodes: number;
}

export interface AttachVerdict {
  readonly problems: readonly ArgumentError[];
  readonly warnings: readonly string[];
  /** vCPUs of the smallest number of nodes that the pods can run on. */
  readonly vCpus: number;
}

/** Effects of a taint that keep pods away; `PreferNoSchedule` doesn't. */
const REPELLING = ["noschedule", "noexecute"];

/** Why the pods of router and endpoints can't run on the pool; undefined: they can. */
export function whyNotCounted(pool: AttachedPool): string | undefined {
  if (pool.powerState === "Stopped") return "is stopped";
  const { provisioningState } = pool;
  if (provisioningState === "Failed" || provisioningState === "Deleting") {
    return `is in the state ${provisioningState}`;
  }
  if (pool.osType !== "Linux") return `runs ${pool.osType}`;
  const taint = pool.nodeTaints.find((each) => REPELLING.includes(effectOf(each)));
  return taint === undefined ? undefined : `has the taint ${taint}`;
}

function effectOf(taint: string): string {
  return taint.slice(taint.lastIndexOf(":") + 1).toLowerCase();
}

/**
 * Assesses a live cluster by the nodes that the pods of router and endpoints can run on: running Linux pools of any mode,
 * without a taint that keeps pods away.
 * @param vCpusOf vCPUs of one node of a VM size; undefined when unknown
 */
export function assessAttachedCluster(
  cluster: AttachedCluster,
  purpose: ClusterPurpose,
  vCpusOf: (vmSize: string) => number | undefined,
): AttachVerdict {
  const reasons: string[] = [];
  if (cluster.powerState === "Stopped") {
    reasons.push(`names a cluster that is stopped: start it (az aks start)`);
  }
  if (cluster.provisioningState === "Failed") {
    reasons.push(`names a cluster whose last operation failed: repair it first (az aks update)`);
  }
  const groups: NodeGroup[] = [];
  const unknown: string[] = [];
  const leftOut: string[] = [];
  for (const pool of cluster.pools) {
    const why = whyNotCounted(pool);
    if (why !== undefined) {
      leftOut.push(`pool ${pool.name} ${why}`);
      continue;
    }
    for (const { vmSize, nodes } of pool.machines) {
      const vCpus = vCpusOf(vmSize);
      if (vCpus !== undefined) groups.push({ nodes, vmSize, vCpus });
      else {
        unknown.push(
          `has nodes of VM size ${vmSize} in pool ${pool.name}, whose vCPUs neither Azure nor this package knows: give agentVCpus`,
        );
      }
    }
  }
  reasons.push(...unknown);
  const verdict = assessFloor(purpose, groups, "at least");
  const vCpus = groups.reduce((sum, group) => sum + group.nodes * group.vCpus, 0);
  const notCounted = leftOut.length === 0 ? "" : ` (not counted: ${leftOut.join(", ")})`;
  const warnings = verdict.kind === "warning" ? [`${verdict.message}${notCounted}`] : [];
  // A stopped cluster has stopped pools: it is named once.
  if (verdict.kind === "refused" && unknown.length === 0 && cluster.powerState !== "Stopped") {
    reasons.push(`is too small: ${verdict.message}${notCounted}`);
  }
  const problems = reasons.map((reason) => ({ path: "existingClusterId", reason }));
  return { problems, warnings, vCpus };
}
