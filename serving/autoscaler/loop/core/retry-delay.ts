// Exponential backoff of failed writes.

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** Delay in milliseconds after the given number of consecutive failures, counted from 1: 500, doubled up to 30,000. */
export function retryDelayMs(failures: number): number {
  return Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
}
