// What npm stop does, for every combination of what a start, a stop or something beside them left.
import assert from "node:assert/strict";
import { planStop, type StopSituation } from "../../../../tools/quickstart/core/plan-stop";

const all: readonly StopSituation[] = [true, false].flatMap((isGiven) =>
  (["ready", "half", "absent"] as const).flatMap((cluster) =>
    (["none", "current", "stale", "broken"] as const).flatMap((stack) =>
      [true, false].map((isCliInstalled) => ({ isGiven, cluster, stack, isCliInstalled })),
    ),
  ),
);
const given = all.filter(({ isGiven }) => isGiven);
const ours = all.filter(({ isGiven }) => !isGiven);

describe("planStop()", () => {
  it("destroys the stack of a given cluster, with or without a CLI at hand", () => {
    for (const situation of given) {
      const wanted = situation.stack === "current" ? "must" : "no";
      assert.equal(planStop(situation).destroy, wanted, JSON.stringify(situation));
    }
  });

  it("refuses only when what is in a given cluster isn't known", () => {
    for (const situation of all) {
      const wanted = situation.isGiven && situation.stack === "broken";
      assert.equal(planStop(situation).refuse, wanted, JSON.stringify(situation));
    }
  });

  it("never forgets the stack of a given cluster, and always that of our own", () => {
    for (const situation of all) {
      const wanted = !situation.isGiven && situation.stack !== "none";
      assert.equal(planStop(situation).forget, wanted, JSON.stringify(situation));
    }
  });

  it("tries to destroy in our own cluster only what is described in one that answers, with the CLI at hand", () => {
    for (const situation of ours) {
      const { cluster, stack, isCliInstalled } = situation;
      const can = cluster === "ready" && stack === "current" && isCliInstalled;
      assert.equal(planStop(situation).destroy, can ? "try" : "no", JSON.stringify(situation));
    }
  });

  it("says that there is nothing to stop exactly when it does nothing", () => {
    for (const situation of all) {
      const { destroy, forget, refuse, isNothing } = planStop(situation);
      const clusterGoes = !situation.isGiven && situation.cluster !== "absent";
      const does = destroy !== "no" || forget || refuse || clusterGoes;
      assert.equal(isNothing, !does, JSON.stringify(situation));
    }
  });
});
