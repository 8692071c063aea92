// The load history of one version: all readings of the refresh window, and the peaks of the hold window.

/** The load of one version at one time, summed over the routers. */
export interface LoadReading {
  /** Monotonic milliseconds. */
  readonly atMs: number;
  /** Requests that models are processing. */
  readonly inFlight: number;
  /** Requests that are waiting for a slot. */
  readonly queued: number;
  /** Requests that the ready replicas can process concurrently. */
  readonly slots: number;
}

/** Lengths of the two windows, in milliseconds. */
export interface LoadWindows {
  /** Window over which the load is averaged: v1's `refreshPeriodInSeconds`. */
  readonly refreshMs: number;
  /** Window whose largest load delays a scale-down: v1's "about a minute" (azureml-semantics 3.5). */
  readonly holdMs: number;
}

export interface Peak {
  /** End of the refresh period that contains the peak, in monotonic milliseconds. */
  readonly atMs: number;
  /** Effective load, in requests. */
  readonly load: number;
}

export interface LoadHistory {
  /** Monotonic milliseconds since which the readings have no gap. */
  readonly sinceMs: number;
  /** Readings of the refresh window, oldest first; never empty. */
  readonly recent: readonly LoadReading[];
  /** Mean load over the refresh window, in requests. */
  readonly averageLoad: number;
  /** Smallest load in the last SUSTAINED_FRACTION of the refresh window, in requests: a spike does not raise it. */
  readonly sustainedLoad: number;
  /** Mean load over the rest of the refresh window, in requests; 0 without readings there. */
  readonly earlierLoad: number;
  /** Loads that no later load in the hold window reached: oldest and largest first; never empty. */
  readonly peaks: readonly Peak[];
}

/** Milliseconds between two readings above which the history has a gap. */
const MAX_GAP_MS = 1_000;

/** A longer refresh window keeps no more readings than this one has at ten a second: the newest, and others evenly. */
const LONGEST_EXACT_WINDOW_MS = 60_000;
const MAX_READINGS = 600;

/** A load that lasted for this fraction of the refresh window counts in full, before the mean follows. */
const SUSTAINED_FRACTION = 0.3;

/** In flight plus queued: every request that needs a slot. */
export function loadOf(reading: LoadReading): number {
  return reading.inFlight + reading.queued;
}

/** The load that `decideScale()` scales for: the average or the sustained load, whichever is larger. */
export function effectiveLoad(history: LoadHistory): number {
  return Math.max(history.averageLoad, history.sustainedLoad);
}

/** The largest effective load in the hold window. */
export function largestLoad(history: LoadHistory): number {
  return history.peaks[0]?.load ?? 0;
}

/** The history with one more reading. A gap, or a clock that moved back, starts a new history. */
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
  const [former, newest] = recent.slice(-2);
  const isDense =
    windows.refreshMs > LONGEST_EXACT_WINDOW_MS &&
    former !== undefined &&
    newest !== undefined &&
    newest.atMs - former.atMs < windows.refreshMs / MAX_READINGS;
  if (isDense) recent.pop();
  recent.push(reading);
  const summary = summarize(recent, reading.atMs - windows.refreshMs * SUSTAINED_FRACTION);
  const load = Math.max(summary.averageLoad, summary.sustainedLoad);
  const peaks = (past?.peaks ?? []).filter(
    (peak) => peak.load > load && peak.atMs > reading.atMs - windows.holdMs,
  );
  // One peak per refresh period: the falling mean after a burst would add a peak with every reading.
  const periodEndMs = Math.ceil(reading.atMs / windows.refreshMs) * windows.refreshMs;
  if (peaks.at(-1)?.atMs !== periodEndMs) peaks.push({ atMs: periodEndMs, load });
  return { sinceMs: past?.sinceMs ?? reading.atMs, recent, peaks, ...summary };
}

function summarize(
  recent: readonly LoadReading[],
  sustainedFromMs: number,
): Pick<LoadHistory, "averageLoad" | "sustainedLoad" | "earlierLoad"> {
  let sum = 0;
  let earlierSum = 0;
  let earlierCount = 0;
  let sustainedLoad = Infinity;
  for (const reading of recent) {
    const load = loadOf(reading);
    sum += load;
    if (reading.atMs > sustainedFromMs) {
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
