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

export interface AttachedPool {
  readonly name: string;
  readonly mode: string;
  readonly vmSize: string;
  /** Node count; with the node autoscaler its minimum. */
  readonly nodes: number;
}

export interface AttachVerdict {
  readonly problems: readonly ArgumentError[];
  readonly warnings: readonly string[];
  /** vCPUs of the smallest number of agents. */
  readonly vCpus: number;
}

/**
 * Assesses a live cluster. The agents are the pools of mode User. In a cluster without such a pool, as v1 created them,
 * all pools count.
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
  const users = cluster.pools.filter((pool) => pool.mode === "User");
  const agents = users.length > 0 ? users : cluster.pools;
  const groups: NodeGroup[] = [];
  for (const { name, vmSize, nodes } of agents) {
    const vCpus = vCpusOf(vmSize);
    if (vCpus === undefined) {
      reasons.push(
        `has nodes of VM size ${vmSize} in pool ${name}, whose vCPUs neither Azure nor this package knows: give agentVCpus`,
      );
    } else groups.push({ nodes, vmSize, vCpus });
  }
  const verdict = assessFloor(purpose, groups, "at least");
  const vCpus = groups.reduce((sum, group) => sum + group.nodes * group.vCpus, 0);
  const warnings = verdict.kind === "warning" ? [verdict.message] : [];
  if (verdict.kind === "refused" && groups.length === agents.length) {
    reasons.push(`is too small: ${verdict.message}`);
  }
  const problems = reasons.map((reason) => ({ path: "existingClusterId", reason }));
  return { problems, warnings, vCpus };
}
