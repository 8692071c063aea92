// Decides which stack describes the quickstart on a cluster. Every cluster has its own.

/** The stack of the cluster that this project starts itself. */
export const OWN_STACK = "quickstart";

/** What decides. */
export interface StackSituation {
  /** Whether somebody else runs the cluster (AML_INFERENCE_KUBECONFIG names it). */
  readonly isGiven: boolean;
  /** The cluster's identity: 64 hexadecimal digits. */
  readonly cluster: string;
  /** The identity of the cluster that {@link OWN_STACK} was made for; undefined when nothing readable is recorded. */
  readonly recorded: string | undefined;
}

export interface StackChoice {
  readonly stack: string;
  /** Whether the stack, if there is one, describes a cluster that is gone with everything in it. */
  readonly isStale: boolean;
}

/**
 * Our own cluster has {@link OWN_STACK}, which is stale unless it is recorded for that very cluster. A given cluster
 * has a stack named after it, so that what is in it stays known while another one is used. One that is recorded is
 * our own, given by its kubeconfig, or was used by code that knew only one stack: it keeps that one.
 */
export function chooseStack({ isGiven, cluster, recorded }: StackSituation): StackChoice {
  if (recorded === cluster) return { stack: OWN_STACK, isStale: false };
  if (isGiven) return { stack: `${OWN_STACK}-${cluster.slice(0, 8)}`, isStale: false };
  return { stack: OWN_STACK, isStale: true };
}
