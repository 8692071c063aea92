// Decides what `npm stop` does, from any state that a start, a stop or something beside them left.

/** What is there. */
export interface StopSituation {
  /** Whether AML_INFERENCE_KUBECONFIG names the cluster: then it stays. */
  readonly isGiven: boolean;
  readonly cluster: "ready" | "half" | "absent";
  /** The stack that describes the cluster: `stale` when it describes one that is gone, `broken` when it can't be read. */
  readonly stack: "none" | "current" | "stale" | "broken";
  readonly isCliInstalled: boolean;
}

/** What to do. In any case a cluster that is ours goes; a given one stays. */
export interface StopPlan {
  /** Whether nothing can be done: what is in a given cluster isn't known. */
  readonly refuse: boolean;
  /** `must`: its failure is the command's. `try`: its failure is only told, since what it leaves goes with the cluster. */
  readonly destroy: "must" | "try" | "no";
  /** Whether the stack's files go without the CLI, after the cluster. */
  readonly forget: boolean;
  /** Whether there is nothing to do. */
  readonly isNothing: boolean;
}

/**
 * | cluster | stack       | what happens to the stack                                             |
 * | ------- | ----------- | --------------------------------------------------------------------- |
 * | given   | current     | it is destroyed, with a CLI that is installed for it if there is none |
 * | given   | none, stale | nothing                                                               |
 * | given   | broken      | the command refuses                                                   |
 * | ours    | current     | it is destroyed if the cluster is ready and the CLI installed         |
 * | ours    | any         | it is forgotten                                                       |
 *
 * So nothing is installed or started for a cluster that goes anyway.
 */
export function planStop({ isGiven, cluster, stack, isCliInstalled }: StopSituation): StopPlan {
  if (isGiven) {
    const isNothing = stack === "none" || stack === "stale";
    const destroy = stack === "current" ? "must" : "no";
    return { refuse: stack === "broken", destroy, forget: false, isNothing };
  }
  const canDestroy = cluster === "ready" && stack === "current" && isCliInstalled;
  return {
    refuse: false,
    destroy: canDestroy ? "try" : "no",
    forget: stack !== "none",
    isNothing: cluster === "absent" && stack === "none",
  };
}
