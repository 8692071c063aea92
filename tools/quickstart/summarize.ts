// Turns answers into the figures that the quickstart shows. Pure.
import type { Score } from "./score";

export interface VersionShare {
  readonly version: string;
  readonly requests: number;
  /** Of all that succeeded, 0 to 100. */
  readonly percent: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** One row per version that answered with 200, the largest share first. */
export function shareByVersion(scores: readonly Score[]): readonly VersionShare[] {
  const successes = scores.filter((score) => score.status === 200);
  const byVersion = Map.groupBy(successes, (score) => score.version ?? "unknown");
  return [...byVersion]
    .map(([version, group]) => {
      const durations = group.map((score) => score.durationMs);
      return {
        version,
        requests: group.length,
        percent: (100 * group.length) / successes.length,
        medianMs: percentile(durations, 0.5),
        p99Ms: percentile(durations, 0.99),
      };
    })
    .sort((a, b) => b.requests - a.requests);
}

/** The smallest value that at least this fraction of the values does not exceed; NaN of none. */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(fraction * sorted.length) - 1)] ?? NaN;
}
