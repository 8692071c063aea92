// Repeats requests that failed for a passing reason, for a bounded time that all requests to one server share.
import { type Clock } from "../../runtime/clock";
import { isTransient, pauseBeforeRetry, type RequestFailure } from "../core/retry";
import { type KubeError } from "./kube-error";

/** What one attempt came to. */
export type Attempted<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: RequestFailure; readonly error: KubeError };

export interface RetryOptions {
  /** Milliseconds for which requests are repeated, counted from the beginning of the trouble. */
  readonly patienceMs: number;
  readonly clock: Clock;
  /** Prints a line for the user. */
  readonly print: (line: string) => void;
}

/** Milliseconds of trouble before the user is told. */
const QUIET_MS = 2_000;

/**
 * The trouble with one server, as all requests to it have seen it. A resource after the other must not wait for a server
 * that is down: those that come later give up together with the first, until the server answers again.
 */
export class Trouble {
  #sinceMs: number | undefined;
  #lastMs = 0;
  #isTold = false;

  /** @param server URL, for the message */
  constructor(readonly server: string) {}

  /**
   * Begins or continues with an attempt that failed; returns when the trouble began. One of which nothing was heard for
   * longer than `patienceMs` is over.
   */
  note(attemptMs: number, nowMs: number, patienceMs: number): number {
    if (attemptMs - this.#lastMs > Math.max(patienceMs, QUIET_MS)) this.end();
    this.#lastMs = nowMs;
    return (this.#sinceMs ??= attemptMs);
  }

  /** Prints once per trouble, when it has lasted a while. */
  tell(why: string, nowMs: number, leftMs: number, print: RetryOptions["print"]): void {
    if (this.#isTold || nowMs - (this.#sinceMs ?? nowMs) < QUIET_MS) return;
    this.#isTold = true;
    const seconds = Math.round(leftMs / 1000);
    print(
      `the API server at ${this.server} doesn't answer (${why}); trying again for up to ${seconds} s`,
    );
  }

  end(): void {
    this.#sinceMs = undefined;
    this.#isTold = false;
  }
}

/**
 * The value of the first attempt that succeeds.
 * @throws the last attempt's error when another one can't help, or would come after `patienceMs`
 */
export async function withRetries<T>(
  attempt: () => Promise<Attempted<T>>,
  trouble: Trouble,
  { patienceMs, clock, print }: RetryOptions,
): Promise<T> {
  const startedMs = clock.now();
  for (let failures = 1; ; failures += 1) {
    const attemptMs = clock.now();
    const outcome = await attempt();
    if (outcome.ok) {
      trouble.end();
      return outcome.value;
    }
    const { failure, error } = outcome;
    if (!isTransient(failure)) {
      // A refusal is an answer, too.
      if ("status" in failure) trouble.end();
      throw error;
    }
    const nowMs = clock.now();
    // Another path may work meanwhile, and end the trouble: this request gives up by its own time, too.
    const giveUpAtMs = Math.min(startedMs, trouble.note(attemptMs, nowMs, patienceMs)) + patienceMs;
    const pauseMs = pauseBeforeRetry(failures, failure);
    if (nowMs + pauseMs > giveUpAtMs) throw error;
    trouble.tell(reasonOf(failure, error), nowMs, giveUpAtMs - nowMs, print);
    await clock.sleep(pauseMs);
  }
}

/** What the transport or the server said, without what was attempted. */
function reasonOf(failure: RequestFailure, { detail }: KubeError): string {
  return "code" in failure ? detail : `${failure.status}: ${detail}`;
}
