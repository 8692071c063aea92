// Waits between two looks at the cluster.
import { setTimeout } from "node:timers/promises";

/** Milliseconds between two looks at something that is under way. */
export const POLL_MS = 500;

/** Time as the waits need it; tests pass their own. */
export interface Clock {
  /** Milliseconds that only grow. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: async (ms) => {
    await setTimeout(ms);
  },
};
