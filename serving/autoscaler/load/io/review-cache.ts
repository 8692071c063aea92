// Keeps the API server from callers who send tokens: each token is reviewed once a minute, and few of them a second.

import { createHash } from "node:crypto";
import type { Authentication } from "./authenticate-router";

/** Milliseconds for which a review counts. A token that is revoked is accepted for as long. */
const KEPT_MS = 60_000;
/** Reviews that are kept; the oldest makes room. */
const MAX_KEPT = 256;
/** New tokens that may be reviewed at once, and per second after that. */
const BURST = 20;
const PER_SECOND = 2;

type Authenticate = (token: string) => Promise<Authentication>;

/**
 * The same answers with fewer reviews. Status 503 beyond the rate, and nothing is kept of an answer with status 503.
 * Tokens are kept as digests.
 */
export function cacheReviews(authenticate: Authenticate, monotonicMs: () => number): Authenticate {
  const kept = new Map<
    string,
    { readonly answer: Promise<Authentication>; readonly atMs: number }
  >();
  let allowance = BURST;
  let countedMs = monotonicMs();
  return (token) => {
    const nowMs = monotonicMs();
    const digest = createHash("sha256").update(token).digest("base64");
    const known = kept.get(digest);
    if (known !== undefined && nowMs - known.atMs < KEPT_MS) return known.answer;
    allowance = Math.min(BURST, allowance + ((nowMs - countedMs) / 1_000) * PER_SECOND);
    countedMs = nowMs;
    if (allowance < 1) {
      const message = "more tokens were sent than may be reviewed";
      return Promise.resolve({ ok: false, status: 503, message });
    }
    allowance -= 1;
    const answer = authenticate(token);
    kept.delete(digest);
    kept.set(digest, { answer, atMs: nowMs });
    for (const oldest of kept.keys()) {
      if (kept.size <= MAX_KEPT) break;
      kept.delete(oldest);
    }
    const forget = () => {
      if (kept.get(digest)?.answer === answer) kept.delete(digest);
    };
    void answer.then(({ ok, ...refusal }) => {
      if (!ok && "status" in refusal && refusal.status === 503) forget();
    }, forget);
    return answer;
  };
}
