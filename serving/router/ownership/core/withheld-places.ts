// The places of a replica that requests of other routers may take.

import type { Places, Report } from "../../../../contracts/ownership/peer-message";
import type { LeaseTerm } from "../../../../contracts/ownership/router-lease";
import type { Bounds } from "./bounds";

/** A peer's newest report, and when and for which epoch it came. */
export interface PeerReport extends Report {
  readonly epoch: number;
  readonly receivedMs: number;
}

/** What is withheld for a fenced router. */
export interface Withheld {
  readonly untilMs: number;
  /** When it was learned that the router is fenced. */
  readonly learnedMs: number;
  readonly sequence: number;
  readonly isComplete: boolean;
  readonly inFlight: Places;
}

/**
 * Whether the report is the newest that counts: from after the last write of the Lease, and either as new as what the
 * fence knew, or heard a moment ago. What the router began later, it began within the last `rightMs` of its right.
 */
export function isComplete(
  report: PeerReport | undefined,
  end: LeaseTerm | undefined,
  nowMs: number,
  { silenceMs }: Bounds,
): boolean {
  if (report === undefined || end === undefined || report.renewal < end.renewal) return false;
  return end.lastReport === undefined
    ? nowMs - report.receivedMs < silenceMs
    : report.sequence >= end.lastReport;
}

/** Places of a replica that a living peer's requests take. They only get fewer while the version isn't the peer's. */
export function stillHeld(report: Report | undefined, replica: string): number {
  return report?.inFlight.get(replica) ?? 0;
}

/**
 * Places of a replica that a fenced router's requests may take: all, when that isn't known and the version was the
 * router's at the time, so not yet ours.
 * @param oursSinceMs since when the version is ours
 */
export function withheldOf(
  { untilMs, learnedMs, isComplete, inFlight }: Withheld,
  replica: string,
  oursSinceMs: number,
  nowMs: number,
): number {
  if (nowMs >= untilMs) return 0;
  return !isComplete && oursSinceMs >= learnedMs ? Infinity : (inFlight.get(replica) ?? 0);
}
