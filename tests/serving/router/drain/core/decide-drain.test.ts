// A drain as a timeline: what is asked for, answered and undone.
import assert from "node:assert/strict";
import {
  decideDrain,
  type DrainFacts,
  type DrainState,
  UNDO_MS,
} from "../../../../../serving/router/drain/core/decide-drain";

const FACTS: DrainFacts = {
  requested: true,
  answered: false,
  requests: 0,
  boundMs: 100_000,
  propagationMs: 5_000,
  nowMs: 0,
};

/** Plays the facts one after the other; `<phase>` or `<phase> <action>` of each. */
function play(...timeline: readonly Partial<DrainFacts>[]): string[] {
  let state: DrainState = { phase: "serving" };
  return timeline.map((facts) => {
    const decision = decideDrain(state, { ...FACTS, ...facts });
    state = decision.state;
    return decision.action === "none" ? state.phase : `${state.phase} ${decision.action}`;
  });
}

describe("decideDrain()", () => {
  it("answers when the last request has ended, after load balancers have heard of it", () => {
    assert.deepEqual(play({}, { nowMs: 4_999 }, { nowMs: 5_000, requests: 1 }, { nowMs: 9_000 }), [
      "draining",
      "draining",
      "draining",
      "drained answer",
    ]);
  });

  it("waits while the requests are unknown, up to the bound", () => {
    const requests = undefined;
    assert.deepEqual(play({}, { nowMs: 99_999, requests }, { nowMs: 100_000, requests }), [
      "draining",
      "draining",
      "drained answer",
    ]);
  });

  it("answers at the bound whatever is left", () => {
    assert.deepEqual(play({}, { nowMs: 100_000, requests: 3 }), ["draining", "drained answer"]);
  });

  it("is over when the request is gone: another HAProxy has started", () => {
    assert.deepEqual(play({}, { requested: false }), ["draining", "serving"]);
    assert.deepEqual(
      play({}, { nowMs: 5_000 }, { requested: false, answered: true, nowMs: 6_000 }),
      ["draining", "drained answer", "serving undo"],
    );
  });

  it("undoes what HAProxy's end did not follow", () => {
    const answered = true;
    assert.deepEqual(
      play(
        {},
        { nowMs: 5_000 },
        { answered, nowMs: 4_999 + UNDO_MS },
        { answered, nowMs: 5_000 + UNDO_MS },
        { requested: false, nowMs: 5_200 + UNDO_MS },
      ),
      ["draining", "drained answer", "drained", "serving undo", "serving"],
    );
  });

  it("goes on where a supervisor that was restarted left it", () => {
    assert.deepEqual(play({ answered: true }, { answered: true, nowMs: UNDO_MS }), [
      "drained",
      "serving undo",
    ]);
  });

  it("begins again when it is asked for again", () => {
    assert.deepEqual(play({}, { nowMs: 5_000 }, { nowMs: 6_000 }, { nowMs: 11_000 }), [
      "draining",
      "drained answer",
      "draining",
      "drained answer",
    ]);
  });
});
