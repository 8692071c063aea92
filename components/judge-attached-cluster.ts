// Whether an existing cluster can do what it is to be attached for.
import { type ClusterPurpose } from "./aml-inference-router-args";
import { judgeFloor, type NodeGroup } from "./cluster-floor";
import { readVmSize } from "./vm-size";

/** What is looked at of a cluster. */
export interface AttachedCluster {
  readonly id: string;
  readonly kubernetesVersion: string;
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
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
  /** vCPUs of the agents at their least. */
  readonly vCpus: number;
}

/**
 * Judges it. The agents are the pools of mode User; a cluster without one (as v1 made them) has its agents in the
 * system pools.
 * @param given vCPUs of one machine, for sizes that are not known here
 */
export function judgeAttachedCluster(
  cluster: AttachedCluster,
  purpose: ClusterPurpose,
  subscriptionId: string,
  given: number | undefined,
): AttachVerdict {
  const problems: string[] = [];
  const own = cluster.id.split("/")[2] ?? "";
  if (own.toLowerCase() !== subscriptionId.toLowerCase()) {
    problems.push(
      `existingClusterId is in subscription ${own}, and this provider works in ${subscriptionId}: hand down an azure-native Provider for that subscription`,
    );
  }
  if (cluster.powerState === "Stopped") {
    problems.push(`existingClusterId names a cluster that is stopped: start it (az aks start)`);
  }
  if (cluster.provisioningState === "Failed") {
    problems.push(
      `existingClusterId names a cluster whose last operation failed: repair it first (az aks update)`,
    );
  }
  const users = cluster.pools.filter((pool) => pool.mode === "User");
  const agents = users.length > 0 ? users : cluster.pools;
  const groups: NodeGroup[] = [];
  for (const { name, vmSize, nodes } of agents) {
    const read = readVmSize(vmSize);
    const vCpus = read.ok ? read.vCpus : given;
    if (vCpus === undefined) {
      problems.push(
        `existingClusterId has machines of size ${vmSize} in pool ${name}, which is not known here: give agentVCpus`,
      );
    } else groups.push({ nodes, vmSize, vCpus });
  }
  const verdict = judgeFloor(purpose, groups, "at least");
  const vCpus = groups.reduce((sum, group) => sum + group.nodes * group.vCpus, 0);
  const warnings = verdict.kind === "warning" ? [verdict.message] : [];
  if (verdict.kind === "refused" && groups.length === agents.length) {
    problems.push(`existingClusterId is too small: ${verdict.message}`);
  }
  return { problems, warnings, vCpus };
}
