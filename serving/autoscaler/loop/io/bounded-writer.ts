// Runs writes to the API server: one at a time per key, limited in total, with backoff after a failure.

import { retryDelayMs } from "../core/retry-delay";

interface KeyState {
  running: boolean;
  failures: number;
  notBeforeMs: number;
}

/** Queues nothing: the caller offers a rejected write again at its next tick, from current state. */
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

  /** Runs `write` unless `accepts()` is false. `write` handles its errors and returns whether it succeeded. */
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

  /** Resolves when all running writes have ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#pending);
  }
}
