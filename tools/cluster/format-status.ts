// Shows the cluster's state as a small table.
import type { ClusterStatus } from "./cluster";

const kinds = {
  given: "the cluster of AML_INFERENCE_KUBECONFIG",
  kind: "kind in Docker",
  local: "Kubernetes on this machine",
} as const;

/** A line for the cluster, one for its kubeconfig, then a line per component. */
export function formatStatus(status: ClusterStatus): string {
  const rows = status.components.map(({ name, state, since, restarts, lastEnd }) => [
    name,
    state,
    `since ${since}`,
    `${restarts} restarts${lastEnd === undefined ? "" : `, last end: ${lastEnd}`}`,
  ]);
  const head = [
    ["cluster", status.state, kinds[status.kind], status.server ?? ""],
    ...(status.state === "absent" ? [] : [["kubeconfig", "", status.kubeconfig, ""]]),
  ];
  const table = [...head, ...rows];
  const widths = [0, 1, 2].map((column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
