// Waits for a condition instead of a time.
import { setTimeout as sleep } from "node:timers/promises";

/** Waits until `probe` gives a value that is neither false nor undefined; fails after a generous time. */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | false | undefined> | T | false | undefined,
  timeoutMs = 60_000,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value !== false && value !== undefined) return value;
    if (performance.now() > deadlineMs) throw new Error(`not so in ${timeoutMs} ms: ${what}`);
    await sleep(50);
  }
}
