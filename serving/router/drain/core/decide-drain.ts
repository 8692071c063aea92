// Decides what becomes of a drain: begun, answered, or undone.

/**
 * | state    | what is seen                                            | next                          |
 * | -------- | ------------------------------------------------------- | ----------------------------- |
 * | any      | no request for a drain                                  | serving; a late answer goes   |
 * | serving  | a request for a drain                                   | draining                      |
 * | draining | propagated, and no request is left or the time is over  | drained: the answer is given  |
 * | drained  | a new request for a drain, not answered yet             | draining                      |
 * | drained  | HAProxy did not end within UNDO_MS                      | serving: the request is undone |
 *
 * A HAProxy that starts removes the request, so its end needs no row.
 */
export type DrainState =
  | { readonly phase: "serving" }
  | { readonly phase: "draining" | "drained"; readonly sinceMs: number };

export interface DrainFacts {
  readonly requested: boolean;
  readonly answered: boolean;
  /** Requests in HAProxy; undefined: not known, which is never none. */
  readonly requests: number | undefined;
  /** Milliseconds that the drain may take. */
  readonly boundMs: number;
  /** Milliseconds until no load balancer and no kube-proxy sends to this pod any more. */
  readonly propagationMs: number;
  /** Monotonic. */
  readonly nowMs: number;
}

export interface DrainDecision {
  readonly state: DrainState;
  /** `answer`: the hook may go on. `undo`: request and answer are removed. */
  readonly action: "none" | "answer" | "undo";
}

/** Milliseconds in which HAProxy ends once its preStop hook is done: it gets SIGTERM at once. */
export const UNDO_MS = 60_000;

export function decideDrain(state: DrainState, facts: DrainFacts): DrainDecision {
  const { requested, answered, requests, boundMs, propagationMs, nowMs } = facts;
  if (!requested) return { state: { phase: "serving" }, action: answered ? "undo" : "none" };
  if (state.phase === "draining") {
    const tookMs = nowMs - state.sinceMs;
    const isOver = tookMs >= boundMs || (tookMs >= propagationMs && requests === 0);
    return isOver
      ? { state: { phase: "drained", sinceMs: nowMs }, action: "answer" }
      : { state, action: "none" };
  }
  // Also an agent that starts: the drain goes on, or has been answered.
  if (!answered) return { state: { phase: "draining", sinceMs: nowMs }, action: "none" };
  if (state.phase === "serving")
    return { state: { phase: "drained", sinceMs: nowMs }, action: "none" };
  return nowMs - state.sinceMs >= UNDO_MS
    ? { state: { phase: "serving" }, action: "undo" }
    : { state, action: "none" };
}
