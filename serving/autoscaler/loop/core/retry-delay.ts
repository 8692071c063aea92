// How long to wait before a write that failed is tried again.

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** Doubles from half a second to half a minute; `failures` counts from 1. */
export function retryDelayMs(failures: number): number {
  return Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
}
