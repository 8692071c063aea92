// What the autoscaler remembers of one version's load: the refresh window in full, and the peaks of the hold window.

/** The load of one version at one moment, summed over the routers. */
export interface LoadReading {
  /** Monotonic milliseconds. */
  readonly atMs: number;
  /** Requests that models compute. */
  readonly inFlight: number;
  /** Requests that wait for a slot. */
  readonly queued: number;
  /** Requests that the ready replicas can compute at the same time. */
  readonly slots: number;
}

/** Lengths of the two windows, in milliseconds. */
export interface LoadWindows {
  /** Over which the load is averaged: v1's `refreshPeriodInSeconds`. */
  readonly refreshMs: number;
  /** For which the largest load holds its replicas: v1's "about a minute" (azureml-semantics 3.5). */
  readonly holdMs: number;
}

export interface Peak {
  /** End of the refresh period in which it was, in monotonic milliseconds. */
  readonly atMs: number;
  /** Requests, a mean. */
  readonly load: number;
}

export interface LoadHistory {
  /** Start of the observation without a gap. */
  readonly sinceMs: number;
  /** Readings of the refresh window, oldest first; never empty. */
  readonly recent: readonly LoadReading[];
  /** Mean of the requests in flight and queued over the refresh window. */
  readonly averageLoad: number;
  /** The load that every reading of the window's last third reached: no spike, it lasted. */
  readonly sustainedLoad: number;
  /** Mean over the window without its last third; 0 when there is none. */
  readonly earlierLoad: number;
  /** Loads that no later load of the hold window exceeded: falling, oldest first; never empty. */
  readonly peaks: readonly Peak[];
}

/** Longest time between two readings that still counts as unbroken, in milliseconds. */
const MAX_GAP_MS = 1_000;

/** The part of the refresh window that a load must have lasted to count in full at once. */
const SETTLING_SHARE = 0.3;

/** In flight plus queued: what wants a slot. */
export function loadOf(reading: LoadReading): number {
  return reading.inFlight + reading.queued;
}

/** The load that `decideScale()` answers: the average, or what lasted for the window's last third if that is more. */
export function answeredLoad(history: LoadHistory): number {
  return Math.max(history.averageLoad, history.sustainedLoad);
}

/** The largest load of the hold window. */
export function largestLoad(history: LoadHistory): number {
  return history.peaks[0]?.load ?? 0;
}

/**
 * The history with one more reading. A gap, or a clock that went back, starts it anew: what happened meanwhile is not known.
 */
export function recordReading(
  history: LoadHistory | undefined,
  reading: LoadReading,
  windows: LoadWindows,
): LoadHistory {
  const last = history?.recent.at(-1);
  const unbroken =
    last !== undefined && reading.atMs >= last.atMs && reading.atMs - last.atMs <= MAX_GAP_MS;
  const past = unbroken ? history : undefined;
  const recent = (past?.recent ?? []).filter(
    ({ atMs }) => atMs > reading.atMs - windows.refreshMs && atMs < reading.atMs,
  );
  recent.push(reading);
  const summary = summarize(recent, reading.atMs - windows.refreshMs * SETTLING_SHARE);
  const load = Math.max(summary.averageLoad, summary.sustainedLoad);
  const peaks = (past?.peaks ?? []).filter(
    (peak) => peak.load > load && peak.atMs > reading.atMs - windows.holdMs,
  );
  // Peaks of one refresh period end together, or the mean's slow fall after a burst would be a stair of its own.
  const periodEndMs = Math.ceil(reading.atMs / windows.refreshMs) * windows.refreshMs;
  if (peaks.at(-1)?.atMs !== periodEndMs) peaks.push({ atMs: periodEndMs, load });
  return { sinceMs: past?.sinceMs ?? reading.atMs, recent, peaks, ...summary };
}

function summarize(
  recent: readonly LoadReading[],
  settlingFromMs: number,
): Pick<LoadHistory, "averageLoad" | "sustainedLoad" | "earlierLoad"> {
  let sum = 0;
  let earlierSum = 0;
  let earlierCount = 0;
  let sustainedLoad = Infinity;
  for (const reading of recent) {
    const load = loadOf(reading);
    sum += load;
    if (reading.atMs > settlingFromMs) {
      sustainedLoad = Math.min(sustainedLoad, load);
    } else {
      earlierSum += load;
      earlierCount += 1;
    }
  }
  return {
    averageLoad: sum / recent.length,
    sustainedLoad,
    earlierLoad: earlierCount === 0 ? 0 : earlierSum / earlierCount,
  };
}
