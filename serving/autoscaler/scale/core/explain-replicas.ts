// Selects the explanation of a version's replica count for the status: the last change, or what blocks scaling now.

import type { ScaleReason } from "./decide-scale";
import type { Explanation } from "./explanation";

/** Reasons that flap and change no replica count: they do not replace an earlier explanation. */
const TRANSIENT_REASONS: ReadonlySet<string> = new Set<ScaleReason>([
  "WithinTarget",
  "LoadRising",
  "LargerLoadInWindow",
  "WindowNotFull",
]);

/** Reasons that explain the replica count only while they last: a transient reason replaces them. */
const BLOCKING_REASONS: ReadonlySet<string> = new Set([
  "NoLoadReported",
  "StaleLoad",
  "ClockJumped",
  "NoReadyRouter",
  "RouterSilent",
]);

/** The explanation after one more decision. While the reason stays the same, so does the message of its first decision. */
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
