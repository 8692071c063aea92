import assert from "node:assert/strict";
import { BOUNDS } from "../../../../../serving/router/ownership/core/bounds";
import {
  decideTakeOver,
  type TakeOver,
  type TakeOverEvidence,
} from "../../../../../serving/router/ownership/core/decide-take-over";
import { promisedUntil } from "../../../../../serving/router/ownership/core/right";

const bounds = { ...BOUNDS, orphanMs: 60_000 };
const [a, b, c] = ["a/uid/1", "b/uid/1", "c/uid/1"] as const;

/** As b sees a at 10 s: silent, its Lease unchanged for long and read just now. */
function decide(more: Partial<TakeOverEvidence>, lease: object = {}): TakeOver {
  const evidence = {
    ...{ router: a, isSilent: true, isGone: false, confirmed: [b], goneMs: new Map() },
    lease: { renewal: 3, members: [a, b, c], seenMs: 0, readMs: 10_000, ...lease },
    ...more,
  };
  return decideTakeOver(evidence, 10_000, bounds);
}

describe("decideTakeOver()", () => {
  it("fences once all but a minority with the router have confirmed its silence", () => {
    assert.deepEqual(decide({}), {
      ...{ decision: "ask", members: [c], why: "its other members may have promised" },
    });
    assert.deepEqual(decide({ confirmed: [b, c] }), { decision: "fence", isHeard: true });
    assert.deepEqual(decide({}, { members: [a, b] }), { decision: "fence", isHeard: true });
  });

  it("takes a later term of a member's pod for the member, and no earlier one", () => {
    assert.equal(decide({ confirmed: [b, "c/uid/2"] }).decision, "fence");
    const later = { members: [a, b, "c/uid/2"] };
    assert.equal(decide({ confirmed: [b, c] }, later).decision, "ask");
    assert.equal(decide({ confirmed: [b, "c/other/9"] }).decision, "ask");
  });

  it("waits for own promises, and until the Lease has been the same for 600 ms", () => {
    assert.equal(decide({ isSilent: false, confirmed: [b, c] }).decision, "wait");
    assert.equal(decide({ confirmed: [b, c] }, { seenMs: 9_401 }).decision, "wait");
    assert.equal(decide({ confirmed: [b, c] }, { seenMs: 9_400 }).decision, "fence");
  });

  it("takes a member that is gone for silent only when its last promise has ended", () => {
    const gone = (ms: number) => decide({ goneMs: new Map([[c, ms]]) });
    assert.equal(gone(9_401).decision, "ask");
    assert.deepEqual(gone(9_400), { decision: "fence", isHeard: false });
  });

  it("never fences a router that is its own majority, but one that is gone at once", () => {
    assert.equal(decide({}, { members: [a] }).decision, "ask");
    assert.deepEqual(decide({ isGone: true, isSilent: false, confirmed: [] }, { members: [a] }), {
      ...{ decision: "fence", isHeard: true },
    });
  });

  it("only presumes when the API server can't be asked", () => {
    assert.equal(decide({ confirmed: [b, c] }, { readMs: 9_000 }).decision, "presume");
    assert.equal(decide({ isGone: true, confirmed: [b] }, { readMs: 9_000 }).decision, "ask");
  });
});

describe("promisedUntil()", () => {
  const until = (lists: readonly (readonly string[])[], promised: Record<string, number>): number =>
    promisedUntil({ self: a, lists, promisedMs: new Map(Object.entries(promised)) }, bounds);

  it("is 500 ms after the ping that completes a majority was sent", () => {
    assert.equal(until([[a, b, c]], { [b]: 100, [c]: 200 }), 700);
    assert.equal(until([[a, b, c, "d/uid/1", "e/uid/1"]], { [b]: 100, [c]: 200 }), 600);
    assert.equal(until([[a, b, c]], {}), -Infinity);
    assert.equal(until([[a, b]], { "b/uid/2": 100 }), -Infinity);
  });

  it("has no end for a router that is its own majority", () => {
    assert.equal(until([[a]], {}), Infinity);
  });

  it("needs a majority in each list that may be in the Lease", () => {
    assert.equal(until([[a], [a, b]], {}), -Infinity);
    assert.equal(
      until(
        [
          [a, b],
          [a, c],
        ],
        { [b]: 100, [c]: 200 },
      ),
      600,
    );
  });
});
