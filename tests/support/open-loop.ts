// An open-loop load: requests leave by the clock, whether or not earlier ones were answered.
import { setTimeout as sleep } from "node:timers/promises";
import { score, type Score, type ScoringTarget } from "../../tools/quickstart";

export interface OpenLoop {
  readonly requests: number;
  readonly perSecond: number;
  /** Of these, this many leave together at the start, so that every slot is taken at once. Default 0. */
  readonly atOnce?: number;
  readonly body: unknown;
  /** Picks a version by hand; by default the weights do. */
  readonly version?: string;
  /** Called for every request that has its outcome. */
  readonly onAnswer?: () => void;
}

/** What came back for one request: an answer, or why there was none. */
export type Outcome = Score | { readonly status: 0; readonly error: string };

/** Sends the load and waits for every answer; never rejects. */
export async function openLoop(target: ScoringTarget, load: OpenLoop): Promise<readonly Outcome[]> {
  const { requests, perSecond, atOnce = 0, body, version, onAnswer } = load;
  const startedMs = performance.now();
  const pending: Promise<Outcome>[] = [];
  for (let index = 0; index < requests; index += 1) {
    const dueMs = startedMs + (Math.max(0, index - atOnce) * 1000) / perSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    pending.push(
      score(target, body, version)
        .catch((cause: unknown) => ({ status: 0 as const, error: String(cause) }))
        .finally(onAnswer),
    );
  }
  return Promise.all(pending);
}

/** How often each status came, `0` for no answer. */
export function countStatuses(outcomes: readonly Outcome[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** What the counting replica says in its answer. */
export interface ReplicaCount {
  readonly replica: string;
  readonly maximum: number;
}

/** The largest number of requests that each replica says it had at the same time. */
export function maximumByReplica(outcomes: readonly Outcome[]): ReadonlyMap<string, number> {
  const maxima = new Map<string, number>();
  for (const outcome of outcomes) {
    if (outcome.status !== 200 || !("body" in outcome)) continue;
    const { replica, maximum } = JSON.parse(outcome.body) as ReplicaCount;
    maxima.set(replica, Math.max(maximum, maxima.get(replica) ?? 0));
  }
  return maxima;
}
