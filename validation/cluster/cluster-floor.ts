// The least that a cluster must have for what it is to do (azureml-semantics 1.4, rows 4 and 5).
import { ClusterPurpose } from "../../contracts/choices";

/** Machines of one size. */
export interface NodeGroup {
  /** How many there are at least: with node autoscaling its minimum. */
  readonly nodes: number;
  readonly vmSize: string;
  readonly vCpus: number;
}

export interface ClusterFloor {
  readonly vCpus: number;
  readonly nodes: number;
}

/** Per purpose; both numbers hold. v1's documents name one each, its service enforced both. */
export const FLOORS: Readonly<Record<ClusterPurpose, ClusterFloor>> = {
  FastProd: { vCpus: 12, nodes: 3 },
  DenseProd: { vCpus: 12, nodes: 3 },
  DevTest: { vCpus: 2, nodes: 1 },
};

export type FloorVerdict =
  | { readonly kind: "met" }
  /** Less than advised: said, not refused. */
  | { readonly kind: "warning"; readonly message: string }
  | { readonly kind: "refused"; readonly message: string };

/**
 * Compares what the agents have with what the purpose needs.
 * @param lever what to raise, in the caller's words: `agentCount`, `nodeAutoscaling.minCount`
 */
export function assessFloor(
  purpose: ClusterPurpose,
  groups: readonly NodeGroup[],
  lever: string,
): FloorVerdict {
  const floor = FLOORS[purpose];
  const nodes = groups.reduce((sum, group) => sum + group.nodes, 0);
  const vCpus = groups.reduce((sum, group) => sum + group.nodes * group.vCpus, 0);
  if (nodes >= floor.nodes && vCpus >= floor.vCpus) return { kind: "met" };
  const has =
    groups.map((group) => `${group.nodes} × ${group.vmSize}`).join(" and ") || "no agents";
  const cure = remedy(floor, groups, lever);
  if (purpose === ClusterPurpose.DevTest) {
    const message = `DevTest should have at least ${floor.vCpus} vCPUs: ${has} has ${vCpus}${cure}`;
    return { kind: nodes >= 1 ? "warning" : "refused", message };
  }
  return {
    kind: "refused",
    message: `${purpose} needs at least ${floor.vCpus} vCPUs on at least ${floor.nodes} nodes: ${has} has ${vCpus} on ${nodes}${cure}`,
  };
}

/** The count of the one group that would satisfy. */
function remedy(floor: ClusterFloor, groups: readonly NodeGroup[], lever: string): string {
  const [group] = groups;
  if (group === undefined || groups.length > 1) return "";
  const count = Math.max(floor.nodes, Math.ceil(floor.vCpus / group.vCpus));
  return `; use ${lever} ${count}`;
}
