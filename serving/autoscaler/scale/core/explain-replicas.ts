// Which explanation of a version's size the status shows: the last that changed something, or what hinders now.

import type { ScaleReason } from "./decide-scale";
import type { Explanation } from "./explanation";

/** Reasons that come and go several times a second and change nothing: an earlier explanation outlives them. */
const TRANSIENT_REASONS: ReadonlySet<string> = new Set<ScaleReason>([
  "WithinTarget",
  "LoadRising",
  "LargerLoadInWindow",
  "WindowNotFull",
]);

/** Reasons that explain a size only while they hold: a quiet one takes their place. */
const BLOCKING_REASONS: ReadonlySet<string> = new Set([
  "NoLoadReported",
  "StaleLoad",
  "ClockJumped",
  "NoReadyRouter",
  "RouterSilent",
]);

/** The explanation after one more decision; its figures stay those of the moment when the reason came. */
export function explainReplicas(
  previous: Explanation | undefined,
  decision: Explanation & { readonly replicas: number },
  desiredReplicas: number,
): Explanation {
  const { reason, message } = decision;
  if (previous === undefined || decision.replicas !== desiredReplicas) return { reason, message };
  if (previous.reason === reason) return previous;
  if (TRANSIENT_REASONS.has(reason) && !BLOCKING_REASONS.has(previous.reason)) return previous;
  return { reason, message };
}
