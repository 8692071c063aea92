// Leader election on a Lease: decides whether to renew it, acquire it or wait.

/**
 * Election periods in milliseconds. `expiryMs > deadlineMs > 2 × renewMs`, so that one failed renewal does not cost the
 * leadership.
 */
export interface ElectionTimes {
  /** Period of the attempts to acquire or renew the Lease. */
  readonly renewMs: number;
  /** The leader stops acting this long after its last renewal. */
  readonly deadlineMs: number;
  /** Other candidates may acquire the Lease this long after the last renewal that they observed. */
  readonly expiryMs: number;
}

export const ELECTION_TIMES: ElectionTimes = { renewMs: 2_000, deadlineMs: 4_500, expiryMs: 6_000 };

/** The part of a Lease that the election reads. */
export interface LeaseRecord {
  /** Identity of the leader; empty after a release. */
  readonly holder: string;
  readonly resourceVersion: string;
}

/**
 * A record and the time at which this process first observed it, on the local monotonic clock. The Lease's own
 * timestamps are not used: they come from other machines' clocks.
 */
export interface ObservedLease {
  readonly record: LeaseRecord;
  readonly seenAtMs: number;
}

/** The observation after a read. A changed record restarts the expiry time. */
export function observeLease(
  observed: ObservedLease | undefined,
  record: LeaseRecord,
  nowMs: number,
): ObservedLease {
  return observed?.record.resourceVersion === record.resourceVersion
    ? observed
    : { record, seenAtMs: nowMs };
}

/** `renew` the own Lease, `acquire` a free or expired one, or `wait` while another candidate holds it. */
export function decideLeadership(
  observed: ObservedLease,
  identity: string,
  nowMs: number,
  times: ElectionTimes,
): "renew" | "acquire" | "wait" {
  if (observed.record.holder === identity) return "renew";
  if (observed.record.holder === "") return "acquire";
  return nowMs - observed.seenAtMs >= times.expiryMs ? "acquire" : "wait";
}

/** True while the renewal started at `renewedAtMs` still covers a write that starts now. */
export function mayAct(
  renewedAtMs: number | undefined,
  nowMs: number,
  times: ElectionTimes,
): boolean {
  return renewedAtMs !== undefined && nowMs - renewedAtMs < times.deadlineMs;
}
