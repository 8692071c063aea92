// How long the supervisor waits before it starts a component again.

const firstDelayMs = 500;
const longestDelayMs = 30_000;
const healthyAfterMs = 60_000;

/** A component's ends without a healthy run between them. */
export interface RestartHistory {
  readonly failuresInARow: number;
  readonly delayMs: number;
}

/** Doubles the delay with each end in a row, from 0.5 s to 30 s; a run of a minute starts over. */
export function nextRestart(failuresInARow: number, ranForMs: number): RestartHistory {
  const failures = ranForMs >= healthyAfterMs ? 1 : failuresInARow + 1;
  return {
    failuresInARow: failures,
    delayMs: Math.min(firstDelayMs * 2 ** (failures - 1), longestDelayMs),
  };
}
