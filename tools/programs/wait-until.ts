// Waits until something in the world has become true.
import { setTimeout as sleep } from "node:timers/promises";

export interface WaitOptions {
  readonly timeoutMs: number;
  /** Default 200. */
  readonly everyMs?: number;
}

/** Asks again and again until `isTrue` says true; false when the time is over. Errors count as "not yet". */
export async function waitUntil(
  isTrue: () => boolean | Promise<boolean>,
  { timeoutMs, everyMs = 200 }: WaitOptions,
): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    try {
      if (await isTrue()) return true;
    } catch {
      // Not there yet.
    }
    if (Date.now() >= end) return false;
    await sleep(everyMs);
  }
}
