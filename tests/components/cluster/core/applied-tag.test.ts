import assert from "node:assert/strict";
import {
  APPLIED_TAG,
  MARK_TAG,
  nextApplied,
  planTags,
} from "../../../../components/cluster/core/applied-tag";

const own = { [MARK_TAG]: "p/s/c" };
const at = new Date("2026-11-26T00:00:00Z");

/** What Azure has after the tags were sent. */
function sent(declared: Record<string, string>, live?: Record<string, string>) {
  const { tags, differences } = planTags(declared, live);
  const applied = nextApplied(declared, live?.[APPLIED_TAG], differences, at) ?? "";
  return { ...tags, [APPLIED_TAG]: applied };
}

describe("planTags()", () => {
  const declared = { ...own, team: "ml" };

  it("finds nothing once they are sent", () => {
    assert.deepEqual(planTags(declared, sent(declared)).differences, []);
  });

  it("leaves the tags of others, whatever is sent", () => {
    const live = { ...sent(declared), cost: "42" };
    assert.deepEqual(planTags(declared, live).differences, []);
    assert.equal(sent({ ...declared, team: "ops" }, live)["cost" as never], "42");
  });

  it("corrects the program's, and takes away what it gives up", () => {
    const live = { ...sent(declared), cost: "42" };
    const paths = (wanted: Record<string, string>, has: Record<string, string>) =>
      planTags(wanted, has).differences.map(({ path }) => path);
    assert.deepEqual(paths(declared, { ...live, team: "x" }), ["tags.team"]);
    assert.deepEqual(paths(own, live), ["tags.team", `tags.${APPLIED_TAG}`]);
    const after = sent(own, live);
    assert.deepEqual([after["team" as never], after["cost" as never]], [undefined, "42"]);
  });

  it("compares names without case, as Azure does, and values with it", () => {
    const live = sent(declared);
    assert.deepEqual(planTags({ ...own, Team: "ml" }, live).differences, []);
    assert.equal(planTags({ ...own, Team: "ML" }, live).differences.length, 1);
  });

  it("takes a tag of a state without a record for another's, and records the program's", () => {
    const { differences, tags } = planTags(declared, { ...declared, old: "x" });
    assert.deepEqual(
      differences.map(({ path }) => path),
      [`tags.${APPLIED_TAG}`],
    );
    assert.equal(tags["old"], "x");
    assert.deepEqual(planTags(own, own).differences, []);
  });
});

describe("nextApplied()", () => {
  const count = [{ path: "count", declared: 3, live: 5 }];

  it("is another value whenever something is sent", () => {
    const first = nextApplied(own, undefined, count, at);
    assert.notEqual(first, nextApplied(own, first, count, at));
  });

  it("gives up what Azure does not take, and begins anew with another difference", () => {
    let live: string | undefined;
    for (let run = 1; run <= 3; run++) live = nextApplied(own, live, count, at);
    assert.equal(nextApplied(own, live, count, at), undefined);
    assert.ok(nextApplied(own, live, [{ path: "mode", declared: "a", live: "b" }], at));
  });

  it("fits into a tag with all the names that Azure allows", () => {
    const most = Array.from({ length: 46 }, (_, index) => [`name${index}`, "x"] as const);
    const value = nextApplied(Object.fromEntries(most), undefined, count, at) ?? "";
    assert.ok(value.length <= 256, `${value.length} characters`);
  });
});
