// Leader election on a Lease: decides whether to renew it, acquire it or wait.

/**
 * Election periods in milliseconds. `expiryMs > deadlineMs > renewMs + requestMs + retryMs + requestMs`, so that one
 * renewal that times out does not cost the leadership, even if the next one is slow.
 */
export interface ElectionTimes {
  /** Pause before the next attempt to acquire or renew the Lease. */
  readonly renewMs: number;
  /** Time limit of one request. */
  readonly requestMs: number;
  /** Pause before the leader's next attempt after one that failed. */
  readonly retryMs: number;
  /** The leader stops acting this long after its last renewal. */
  readonly deadlineMs: number;
  /** Other candidates may acquire the Lease this long after the last renewal that they observed. */
  readonly expiryMs: number;
}

export const ELECTION_TIMES: ElectionTimes = {
  renewMs: 2_000,
  requestMs: 2_000,
  retryMs: 200,
  deadlineMs: 6_500,
  expiryMs: 8_000,
};

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

/** Pause before the next attempt: a leader whose renewal failed repeats it while it may still act. */
export function pauseBeforeAttempt(
  lastAttemptFailed: boolean,
  isLeader: boolean,
  { renewMs, retryMs }: ElectionTimes,
): number {
  return lastAttemptFailed && isLeader ? retryMs : renewMs;
}
