// Restarts of the agent: soon at first, and never more than one in five seconds for long.
import assert from "node:assert/strict";
import {
  countFailures,
  restartDelayMs,
} from "../../../../../serving/router/supervise/core/restart-delay";

describe("restartDelayMs()", () => {
  it("doubles from a tenth of a second to five seconds", () => {
    assert.deepEqual(
      [1, 2, 3, 6, 7, 1_000].map(restartDelayMs),
      [100, 200, 400, 3_200, 5_000, 5_000],
    );
  });

  it("begins anew after an agent that ran for half a minute", () => {
    assert.equal(countFailures(7, 29_999), 8);
    assert.equal(countFailures(7, 30_000), 1);
  });
});
