// How long the supervisor waits before it starts an agent that ended again.

const FIRST_MS = 100;
const LONGEST_MS = 5_000;
/** An agent that ran for so long is no part of a crash loop. */
const STABLE_MS = 30_000;

/** The number of starts that failed in a row, after one that ran for `ranMs`. */
export function countFailures(former: number, ranMs: number): number {
  return ranMs >= STABLE_MS ? 1 : former + 1;
}

/** Milliseconds before the next start: doubled with each of the `failures`, 5,000 at most. */
export function restartDelayMs(failures: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
}
