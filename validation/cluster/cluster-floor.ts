// The minimum vCPUs and nodes for each cluster purpose (azureml-semantics 1.4, rows 4 and 5).
import { ClusterPurpose } from "../../contracts/choices";

/** Nodes of one VM size. */
export interface NodeGroup {
  /** Node count; with node autoscaling its minimum. */
  readonly nodes: number;
  readonly vmSize: string;
  readonly vCpus: number;
}

export interface ClusterFloor {
  readonly vCpus: number;
  readonly nodes: number;
}

/** Minimum per purpose. Both numbers apply: v1's documents name one each, but its service enforced both. */
export const FLOORS: Readonly<Record<ClusterPurpose, ClusterFloor>> = {
  FastProd: { vCpus: 12, nodes: 3 },
  DenseProd: { vCpus: 12, nodes: 3 },
  DevTest: { vCpus: 2, nodes: 1 },
};

export type FloorVerdict =
  | { readonly kind: "met" }
  /** Below the recommendation: logged as a warning. */
  | { readonly kind: "warning"; readonly message: string }
  | { readonly kind: "refused"; readonly message: string };

/**
 * Compares the agents with the minimum of the purpose.
 * @param countName what the error tells the user to raise, e.g. `agentCount` or `nodeAutoscaling.minCount`
 */
export function assessFloor(
  purpose: ClusterPurpose,
  groups: readonly NodeGroup[],
  countName: string,
): FloorVerdict {
  const floor = FLOORS[purpose];
  const nodes = groups.reduce((sum, group) => sum + group.nodes, 0);
  const vCpus = groups.reduce((sum, group) => sum + group.nodes * group.vCpus, 0);
  if (nodes >= floor.nodes && vCpus >= floor.vCpus) return { kind: "met" };
  const has =
    groups.map((group) => `${group.nodes} × ${group.vmSize}`).join(" and ") || "no agents";
  const hint = remedy(floor, groups, countName);
  if (purpose === ClusterPurpose.DevTest) {
    const message = `DevTest should have at least ${floor.vCpus} vCPUs: ${has} has ${vCpus}${hint}`;
    return { kind: nodes >= 1 ? "warning" : "refused", message };
  }
  return {
    kind: "refused",
    message: `${purpose} needs at least ${floor.vCpus} vCPUs on at least ${floor.nodes} nodes: ${has} has ${vCpus} on ${nodes}${hint}`,
  };
}

/** The smallest sufficient count, when there is only one group. */
function remedy(floor: ClusterFloor, groups: readonly NodeGroup[], countName: string): string {
  const [group] = groups;
  if (group === undefined || groups.length > 1) return "";
  const count = Math.max(floor.nodes, Math.ceil(floor.vCpus / group.vCpus));
  return `; use ${countName} ${count}`;
}
