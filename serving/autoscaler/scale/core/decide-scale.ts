// Decides a version's replica count, with a reason, by v1's rule (azureml-semantics 3.5).

import type { Autoscale } from "../../../../contracts/model-endpoint/model-endpoint";
import { type LoadHistory, effectiveLoad, largestLoad, loadOf } from "../../load/core/load-history";

export interface ScaleSettings extends Pick<
  Autoscale,
  "minReplicas" | "maxReplicas" | "targetUtilization"
> {
  readonly maxConcurrentRequestsPerContainer: number;
  /** Hold window in milliseconds: its largest load delays a scale-down. */
  readonly holdMs: number;
}

export interface VersionFacts {
  /** The Deployment's spec.replicas: ready and starting replicas. */
  readonly desiredReplicas: number;
  readonly readyReplicas: number;
  /** Absent until the first reading. */
  readonly history?: LoadHistory;
  /** Why the load is unknown, e.g. because a router does not report. */
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
  /** Requests in flight and queued, per slot; above 1 when requests are waiting. */
  readonly utilization?: number;
  /** Replicas that the load needs now, before minReplicas and maxReplicas apply. */
  readonly wantedReplicas?: number;
  /** Milliseconds since the last gap in the readings. */
  readonly observedMs?: number;
}

/** Age in milliseconds above which the newest reading is stale. */
const STALE_AFTER_MS = 1_000;

/** Absorbs binary rounding errors: a load of 7 at 70 % needs 10 replicas, not 11. */
const ROUNDING = 1e-9;

/** ceil(load / (target × concurrency)): the fewest replicas whose utilization does not exceed the target. */
export function wantedReplicas(
  load: number,
  settings: Pick<ScaleSettings, "targetUtilization" | "maxConcurrentRequestsPerContainer">,
): number {
  const perReplica = settings.targetUtilization * settings.maxConcurrentRequestsPerContainer;
  return Math.ceil(Math.max((load * 100) / perReplica - ROUNDING, 0));
}

/**
 * The replica count of one version at `nowMs` (monotonic).
 *
 * - Scale-up: in one step, once the load lasted for about a third of the refresh window.
 * - Scale-down: to the count that the largest load in the hold window needs, once that window is full.
 * - Unknown or stale load: the count stays.
 *
 * The result is always within minReplicas and maxReplicas.
 */
export function decideScale(
  facts: VersionFacts,
  settings: ScaleSettings,
  nowMs: number,
): ScaleDecision {
  const current = clamp(facts.desiredReplicas, settings);
  const decision = decideWithinLimits(facts, settings, nowMs, current);
  if (current === facts.desiredReplicas || decision.replicas !== current) return decision;
  return {
    ...decision,
    reason: current > facts.desiredReplicas ? "BelowMinimum" : "AboveMaximum",
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
  const { wanted, heldReplicas, facts: numbers, sentence } = describe(history, settings, nowMs);
  const decide = (replicas: number, reason: ScaleReason, why: string): ScaleDecision => ({
    replicas,
    reason,
    message: `${why}: ${sentence}`,
    facts: numbers,
  });

  const up = clamp(wanted, settings);
  if (up > current) {
    const isSustained =
      wantedReplicas(history.sustainedLoad, settings) > current ||
      wantedReplicas(history.earlierLoad, settings) > current;
    return isSustained
      ? decide(up, "LoadAboveTarget", "The load is above the target")
      : decide(current, "LoadRising", "The load is rising but not sustained yet");
  }
  const down = clamp(heldReplicas, settings);
  if (down < current) {
    const observedMs = nowMs - history.sinceMs;
    return observedMs >= settings.holdMs
      ? decide(down, "LoadBelowTarget", `The load was below the target for ${settings.holdMs} ms`)
      : decide(
          current,
          "WindowNotFull",
          `The load was observed for less than the hold window of ${settings.holdMs} ms`,
        );
  }
  if (up < current) {
    return decide(
      current,
      "LargerLoadInWindow",
      `The load was larger within the last ${settings.holdMs} ms`,
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
      message: `The clock moved back by ${-ageMs} ms: the number of replicas is held.`,
    };
  }
  if (ageMs > STALE_AFTER_MS) {
    return {
      ok: false,
      reason: "StaleLoad",
      message: `The newest load is ${ageMs} ms old (limit ${STALE_AFTER_MS} ms): the number of replicas is held.`,
    };
  }
  return { ok: true, history };
}

function describe(history: LoadHistory, settings: ScaleSettings, nowMs: number) {
  const load = effectiveLoad(history);
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
  const sentence = `${round(load)} requests in flight or queued need ${wanted} replicas at targetUtilization ${settings.targetUtilization} % and maxConcurrentRequestsPerContainer ${settings.maxConcurrentRequestsPerContainer}.`;
  return { wanted, heldReplicas: wantedReplicas(largest, settings), facts, sentence };
}

function clamp(replicas: number, { minReplicas, maxReplicas }: ScaleSettings): number {
  return Math.min(Math.max(replicas, minReplicas), maxReplicas);
}

function round(requests: number): number {
  return Math.round(requests * 10) / 10;
}
