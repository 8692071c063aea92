// Events about one endpoint: a burst, then few, none of them forgotten.
import assert from "node:assert/strict";
import { EventBudgets } from "../../../../../serving/autoscaler/status/core/event-budget";

describe("EventBudgets", () => {
  it("allows 25 at once, then one in five minutes that says how many were left out", () => {
    const budgets = new EventBudgets();
    const spend = (nowMs: number) => budgets.spend("uid LoadAboveTarget", nowMs);
    const first = Array.from({ length: 142 }, (_, index) => spend(index * 100));
    assert.equal(first.filter(({ mayRecord }) => mayRecord).length, 25);
    assert.deepEqual(spend(301_000), { mayRecord: true, leftOut: 117 });
    assert.deepEqual(spend(302_000), { mayRecord: false });
  });

  it("counts objects and reasons apart", () => {
    const budgets = new EventBudgets();
    for (let index = 0; index < 30; index++) budgets.spend("a ScaleFailed", 0);
    assert.deepEqual(budgets.spend("a AtMaximum", 0), { mayRecord: true, leftOut: 0 });
    assert.deepEqual(budgets.spend("b ScaleFailed", 0), { mayRecord: true, leftOut: 0 });
  });
});
