// The clock and the polling interval of everything that waits.
import { setTimeout } from "node:timers/promises";

/** Polling interval, in milliseconds. */
export const POLL_MS = 500;

/** The clock that waiting code uses; tests pass a fake one. */
export interface Clock {
  /** Monotonic time, in milliseconds. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: async (ms) => {
    await setTimeout(ms);
  },
};
