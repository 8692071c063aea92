// Leader election as a timeline of what is seen of the Lease.

import assert from "node:assert/strict";
import {
  decideLeadership,
  ELECTION_TIMES,
  mayAct,
  type ObservedLease,
  observeLease,
  pauseBeforeAttempt,
} from "../../../../../serving/autoscaler/leadership/core/decide-leadership";

const { deadlineMs, expiryMs, renewMs } = ELECTION_TIMES;
const held = { holder: "a", resourceVersion: "1" };

function decide(observed: ObservedLease, nowMs: number, me = "b"): string {
  return decideLeadership(observed, me, nowMs, ELECTION_TIMES);
}

describe("decideLeadership()", () => {
  it("renews what is ours", () => {
    assert.equal(decide({ record: held, seenAtMs: 0 }, 1, "a"), "renew");
  });

  it("takes what was given back at once", () => {
    const record = { holder: "", resourceVersion: "2" };
    assert.equal(decide({ record, seenAtMs: 0 }, 0), "acquire");
  });

  it("waits for the expiry, counted from when it first saw the record", () => {
    const observed = observeLease(undefined, held, 1_000);
    assert.equal(decide(observed, 1_000 + expiryMs - 1), "wait");
    assert.equal(decide(observed, 1_000 + expiryMs), "acquire");
  });

  it("starts to wait anew with each renewal that it sees", () => {
    const first = observeLease(undefined, held, 0);
    const same = observeLease(first, held, expiryMs - 1);
    assert.equal(same.seenAtMs, 0);
    const renewed = observeLease(same, { ...held, resourceVersion: "2" }, expiryMs - 1);
    assert.equal(decide(renewed, expiryMs), "wait");
  });
});

describe("mayAct()", () => {
  it("ends before others may take over, and survives one failed renewal", () => {
    assert.equal(mayAct(0, deadlineMs - 1, ELECTION_TIMES), true);
    assert.equal(mayAct(0, deadlineMs, ELECTION_TIMES), false);
    assert.ok(deadlineMs < expiryMs);
    const { requestMs, retryMs } = ELECTION_TIMES;
    assert.ok(deadlineMs > renewMs + requestMs + retryMs + requestMs);
  });

  it("is false before the first renewal", () => {
    assert.equal(mayAct(undefined, 0, ELECTION_TIMES), false);
  });
});

describe("pauseBeforeAttempt()", () => {
  it("repeats a failed renewal soon while the leader may act, and hurries nobody else", () => {
    const pause = (failed: boolean, isLeader: boolean) =>
      pauseBeforeAttempt(failed, isLeader, ELECTION_TIMES);
    assert.equal(pause(true, true), ELECTION_TIMES.retryMs);
    assert.equal(pause(true, false), renewMs);
    assert.equal(pause(false, true), renewMs);
  });
});
