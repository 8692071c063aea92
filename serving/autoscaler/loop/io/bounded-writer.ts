// Runs writes to the API server: one per key at a time, so many at all, later again after a failure.

import { retryDelayMs } from "../core/retry-delay";

interface KeyState {
  running: boolean;
  failures: number;
  notBeforeMs: number;
}

/** A write that is refused here is simply offered again at the next tick, with fresh facts. */
export class BoundedWriter {
  readonly #keys = new Map<string, KeyState>();
  readonly #pending = new Set<Promise<void>>();

  constructor(
    readonly maxConcurrent: number,
    readonly monotonicMs: () => number,
  ) {}

  /** Whether `offer()` would run a write for this key now. */
  accepts(key: string): boolean {
    const state = this.#keys.get(key);
    return (
      this.#pending.size < this.maxConcurrent &&
      (state === undefined || (!state.running && this.monotonicMs() >= state.notBeforeMs))
    );
  }

  /** Runs `write` unless the key waits; `write` tells whether it succeeded, and handles its errors. */
  offer(key: string, write: () => Promise<boolean>): void {
    if (!this.accepts(key)) return;
    const state = this.#keys.get(key) ?? { running: false, failures: 0, notBeforeMs: 0 };
    state.running = true;
    this.#keys.set(key, state);
    const run = write()
      .catch(() => false)
      .then((succeeded) => {
        state.running = false;
        if (succeeded) {
          this.#keys.delete(key);
        } else {
          state.failures += 1;
          state.notBeforeMs = this.monotonicMs() + retryDelayMs(state.failures);
        }
      })
      .finally(() => this.#pending.delete(run));
    this.#pending.add(run);
  }

  /** Resolves when no write runs any more. */
  async idle(): Promise<void> {
    await Promise.all(this.#pending);
  }
}
