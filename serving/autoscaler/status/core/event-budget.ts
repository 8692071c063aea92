// Bounds the Events about one endpoint, as client-go's spam filter does: a burst, then one in five minutes.

/** Numbers of client-go's EventSourceObjectSpamFilter. */
const BURST = 25;
const REFILL_MS = 300_000;

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
  /** Events since the last one that was recorded. */
  readonly leftOut: number;
}

export type Spending =
  /** `leftOut`: how many of its kind were not recorded before it. */
  { readonly mayRecord: true; readonly leftOut: number } | { readonly mayRecord: false };

/** Budgets by object and reason. Those that are full again are forgotten. */
export class EventBudgets {
  readonly #buckets = new Map<string, Bucket>();

  /** @param nowMs monotonic */
  spend(key: string, nowMs: number): Spending {
    for (const [each, bucket] of this.#buckets) {
      if (tokensAt(bucket, nowMs) >= BURST) this.#buckets.delete(each);
    }
    const bucket = this.#buckets.get(key) ?? { tokens: BURST, atMs: nowMs, leftOut: 0 };
    const tokens = tokensAt(bucket, nowMs);
    if (tokens < 1) {
      this.#buckets.set(key, { ...bucket, leftOut: bucket.leftOut + 1 });
      return { mayRecord: false };
    }
    this.#buckets.set(key, { tokens: tokens - 1, atMs: nowMs, leftOut: 0 });
    return { mayRecord: true, leftOut: bucket.leftOut };
  }
}

function tokensAt({ tokens, atMs }: Bucket, nowMs: number): number {
  return Math.min(BURST, tokens + (nowMs - atMs) / REFILL_MS);
}
