// Which failed requests to an API server deserve another attempt, and after which pause.

/** How a request failed: with an answer, or without one. */
export type RequestFailure =
  | { readonly status: number; readonly retryAfterMs?: number | undefined }
  /** `code`: Node's name of the transport's error, e.g. `ECONNRESET`. */
  | { readonly code: string };

/**
 * 429 (API priority and fairness) and what a restarting or overloaded server, its etcd or a proxy before it answers: 500
 * is also `etcdserver: leader changed` and a webhook that can't be called.
 */
const TRANSIENT_STATUSES: readonly number[] = [429, 500, 502, 503, 504];

/**
 * A connection that was refused, broken or silent. Not ENOTFOUND: a name that doesn't exist is the answer of a name
 * server, and stays so for a deleted cluster.
 */
const TRANSIENT_CODES: readonly string[] = [
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EAI_AGAIN",
];

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4_000;

/** Whether the same request may succeed a moment later. */
export function isTransient(failure: RequestFailure): boolean {
  return "code" in failure
    ? TRANSIENT_CODES.includes(failure.code)
    : TRANSIENT_STATUSES.includes(failure.status);
}

/**
 * Milliseconds before the next attempt: what the server asked for, else 250, 500, 1000, 2000, then 4000.
 * @param failures how often the request has failed, 1 after the first attempt
 */
export function pauseBeforeRetry(failures: number, failure: RequestFailure): number {
  const asked = "code" in failure ? undefined : failure.retryAfterMs;
  return asked ?? Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
}
