// Whether an existing cluster can do what it is to be attached for.
import { type ClusterPurpose } from "../../contracts/choices";
import { type ArgumentError } from "../../values/argument-error";
import { assessFloor, type NodeGroup } from "./cluster-floor";

/** What is looked at of a cluster. */
export interface AttachedCluster {
  readonly provisioningState: string;
  readonly powerState: string;
  readonly pools: readonly AttachedPool[];
}

export interface AttachedPool {
  readonly name: string;
  readonly mode: string;
  readonly vmSize: string;
  /** With the node autoscaler its minimum. */
  readonly nodes: number;
}

export interface AttachVerdict {
  readonly problems: readonly ArgumentError[];
  readonly warnings: readonly string[];
  /** vCPUs of the agents at their least. */
  readonly vCpus: number;
}

/**
 * Judges it. The agents are the pools of mode User; a cluster without one (as v1 made them) has its agents in the
 * system pools.
 * @param vCpusOf vCPUs of one machine of a size; undefined when nobody knows them
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
        `has machines of size ${vmSize} in pool ${name}, which neither Azure nor this package knows: give agentVCpus`,
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
