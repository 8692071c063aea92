// How many replicas a version should have, and why: v1's rule (azureml-semantics 3.5), as a pure function of facts and time.

import type { Autoscale } from "../../../../contracts/model-endpoint/model-endpoint";
import { type LoadHistory, answeredLoad, largestLoad, loadOf } from "../../load/core/load-history";

export interface ScaleSettings extends Pick<
  Autoscale,
  "minReplicas" | "maxReplicas" | "targetUtilization"
> {
  readonly maxConcurrentRequestsPerContainer: number;
  /** Milliseconds for which the largest load holds its replicas. */
  readonly holdMs: number;
}

export interface VersionFacts {
  /** The Deployment's spec.replicas: the ready replicas and those that are starting. */
  readonly desiredReplicas: number;
  readonly readyReplicas: number;
  /** Absent until the first reading. */
  readonly history?: LoadHistory;
  /** Why the load is not known now (a router that does not report, …). */
  readonly unknownLoad?: { readonly reason: string; readonly message: string };
}

export type ScaleReason =
  | "LoadAboveTarget"
  | "LoadBelowTarget"
  | "WithinTarget"
  | "LoadRising"
  | "LargerLoadInWindow"
  | "WindowNotFull"
  | "AtMaximum"
  | "BelowMinimum"
  | "AboveMaximum"
  | "NoLoadReported"
  | "StaleLoad"
  | "ClockJumped";

export interface ScaleDecision {
  readonly replicas: number;
  /** A ScaleReason, or the reason of `unknownLoad`. */
  readonly reason: string;
  readonly message: string;
  readonly facts: ScaleFacts;
}

/** The numbers behind a decision; loads in requests. */
export interface ScaleFacts {
  readonly averageLoad?: number;
  readonly largestLoad?: number;
  /** In flight plus queued over slots; above 1 when requests wait. */
  readonly utilization?: number;
  /** Replicas that the load wants now, within no limits. */
  readonly wantedReplicas?: number;
  /** Milliseconds of observation without a gap. */
  readonly observedMs?: number;
}

/** Age at which the newest reading no longer says what the load is, in milliseconds. */
const STALE_AFTER_MS = 1_000;

/** Wipes out what binary fractions add: 7 / 0.7 must want 10 replicas, not 11. */
const ROUNDING = 1e-9;

/** ceil(load / (target × concurrency)): the fewest replicas whose utilisation is at the target or below. */
export function wantedReplicas(
  load: number,
  settings: Pick<ScaleSettings, "targetUtilization" | "maxConcurrentRequestsPerContainer">,
): number {
  const perReplica = settings.targetUtilization * settings.maxConcurrentRequestsPerContainer;
  return Math.ceil(Math.max((load * 100) / perReplica - ROUNDING, 0));
}

/**
 * The replicas of one version at `nowMs` (monotonic). Up as soon as the load lasted for a third of the refresh window,
 * in one step; down to what the largest load of the hold window wants; whatever is unknown holds the present number.
 * Always within the limits, also when it holds.
 */
export function decideScale(
  facts: VersionFacts,
  settings: ScaleSettings,
  nowMs: number,
): ScaleDecision {
  const start = clamp(facts.desiredReplicas, settings);
  const decision = decideWithinLimits(facts, settings, nowMs, start);
  if (start === facts.desiredReplicas || decision.replicas !== start) return decision;
  return {
    ...decision,
    reason: start > facts.desiredReplicas ? "BelowMinimum" : "AboveMaximum",
    message: `${facts.desiredReplicas} replicas are outside minReplicas ${settings.minReplicas} to maxReplicas ${settings.maxReplicas}.`,
  };
}

function decideWithinLimits(
  facts: VersionFacts,
  settings: ScaleSettings,
  nowMs: number,
  current: number,
): ScaleDecision {
  const observed = observedHistory(facts, nowMs);
  if (!observed.ok) {
    return { replicas: current, reason: observed.reason, message: observed.message, facts: {} };
  }
  const { history } = observed;
  const known = describe(history, settings, nowMs);
  const { wanted, held } = known;
  const decide = (replicas: number, reason: ScaleReason, why: string): ScaleDecision => ({
    replicas,
    reason,
    message: `${why}: ${known.sentence}`,
    facts: known.facts,
  });

  const up = clamp(wanted, settings);
  if (up > current) {
    const lasted =
      wantedReplicas(history.sustainedLoad, settings) > current ||
      wantedReplicas(history.earlierLoad, settings) > current;
    return lasted
      ? decide(up, "LoadAboveTarget", "The load is above the target")
      : decide(current, "LoadRising", "The load rises, and has not lasted yet");
  }
  const down = clamp(held, settings);
  if (down < current) {
    const observedMs = nowMs - history.sinceMs;
    return observedMs >= settings.holdMs
      ? decide(down, "LoadBelowTarget", `The load was below the target for ${settings.holdMs} ms`)
      : decide(
          current,
          "WindowNotFull",
          `Observed for less than the ${settings.holdMs} ms that going down takes`,
        );
  }
  if (up < current) {
    return decide(
      current,
      "LargerLoadInWindow",
      `A larger load was there in ${settings.holdMs} ms`,
    );
  }
  if (wanted > current) return decide(current, "AtMaximum", "maxReplicas is reached");
  return decide(current, "WithinTarget", "The load fits the replicas");
}

type Observed =
  | { readonly ok: true; readonly history: LoadHistory }
  | { readonly ok: false; readonly reason: string; readonly message: string };

function observedHistory({ unknownLoad, history }: VersionFacts, nowMs: number): Observed {
  if (unknownLoad !== undefined) {
    return { ok: false, reason: unknownLoad.reason, message: unknownLoad.message };
  }
  const newest = history?.recent.at(-1);
  if (history === undefined || newest === undefined) {
    return {
      ok: false,
      reason: "NoLoadReported",
      message: "No router has reported the version's load yet: the number of replicas is held.",
    };
  }
  const ageMs = nowMs - newest.atMs;
  if (ageMs < 0) {
    return {
      ok: false,
      reason: "ClockJumped",
      message: `The clock went back by ${-ageMs} ms: the number of replicas is held.`,
    };
  }
  if (ageMs > STALE_AFTER_MS) {
    return {
      ok: false,
      reason: "StaleLoad",
      message: `The newest load is ${ageMs} ms old, and ${STALE_AFTER_MS} ms is the limit: the number of replicas is held.`,
    };
  }
  return { ok: true, history };
}

function describe(history: LoadHistory, settings: ScaleSettings, nowMs: number) {
  const load = answeredLoad(history);
  const largest = largestLoad(history);
  const wanted = wantedReplicas(load, settings);
  const newest = history.recent.at(-1);
  const facts: ScaleFacts = {
    averageLoad: history.averageLoad,
    largestLoad: largest,
    wantedReplicas: wanted,
    observedMs: nowMs - history.sinceMs,
    ...(newest !== undefined && newest.slots > 0
      ? { utilization: loadOf(newest) / newest.slots }
      : {}),
  };
  const sentence = `${round(load)} requests in flight or queued want ${wanted} replicas at ${settings.targetUtilization} % of ${settings.maxConcurrentRequestsPerContainer} per replica.`;
  return { wanted, held: wantedReplicas(largest, settings), facts, sentence };
}

function clamp(replicas: number, { minReplicas, maxReplicas }: ScaleSettings): number {
  return Math.min(Math.max(replicas, minReplicas), maxReplicas);
}

function round(requests: number): number {
  return Math.round(requests * 10) / 10;
}
