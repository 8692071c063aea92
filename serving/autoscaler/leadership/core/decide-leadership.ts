// Leader election over one Lease: what to do with the record that the API server holds.

/** Seconds and milliseconds of the election; `expiry > deadline > 2 × renewal`, so that one failed renewal costs nothing. */
export interface ElectionTimes {
  /** Time between two tries to acquire or renew. */
  readonly renewMs: number;
  /** Time after its last renewal at which the leader stops acting. */
  readonly deadlineMs: number;
  /** Time without a renewal after which others take over. */
  readonly expiryMs: number;
}

export const ELECTION_TIMES: ElectionTimes = { renewMs: 2_000, deadlineMs: 4_500, expiryMs: 6_000 };

/** A Lease as it was seen. */
export interface LeaseRecord {
  /** Empty when released. */
  readonly holder: string;
  readonly resourceVersion: string;
}

/** A record and when this process first saw it, on its own monotonic clock: other machines' clocks are not trusted. */
export interface ObservedLease {
  readonly record: LeaseRecord;
  readonly seenAtMs: number;
}

/** The observation after a read: a changed record starts its time anew. */
export function observeLease(
  observed: ObservedLease | undefined,
  record: LeaseRecord,
  nowMs: number,
): ObservedLease {
  return observed?.record.resourceVersion === record.resourceVersion
    ? observed
    : { record, seenAtMs: nowMs };
}

/** `renew` ours, `acquire` what is free or expired, or `wait` for another's. */
export function decideLeadership(
  observed: ObservedLease,
  me: string,
  nowMs: number,
  times: ElectionTimes,
): "renew" | "acquire" | "wait" {
  if (observed.record.holder === me) return "renew";
  if (observed.record.holder === "") return "acquire";
  return nowMs - observed.seenAtMs >= times.expiryMs ? "acquire" : "wait";
}

/** True while the renewal that began at `renewedAtMs` still covers a write that begins now. */
export function mayAct(
  renewedAtMs: number | undefined,
  nowMs: number,
  times: ElectionTimes,
): boolean {
  return renewedAtMs !== undefined && nowMs - renewedAtMs < times.deadlineMs;
}
