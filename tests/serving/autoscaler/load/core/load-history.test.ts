// The readings of a long refresh window: a bounded number, and the same mean.
import assert from "node:assert/strict";
import {
  type LoadHistory,
  recordReading,
} from "../../../../../serving/autoscaler/load/core/load-history";

/** The history after so many seconds at ten readings a second. */
function historyOf(seconds: number, refreshMs: number): LoadHistory | undefined {
  let history: LoadHistory | undefined;
  for (let atMs = 100; atMs <= seconds * 1_000; atMs += 100) {
    const inFlight = atMs % 2_000 < 1_000 ? 0 : 10;
    history = recordReading(
      history,
      { atMs, inFlight, queued: 0, slots: 1 },
      { refreshMs, holdMs: 60_000 },
    );
  }
  return history;
}

describe("recordReading()", () => {
  it("keeps every reading of a window of up to a minute, and about 600 of a longer one", () => {
    assert.equal(historyOf(70, 60_000)?.recent.length, 600);
    const long = historyOf(700, 600_000);
    assert.ok(long);
    assert.ok(long.recent.length >= 290 && long.recent.length <= 610, `${long.recent.length}`);
    assert.equal(long.recent.at(-1)?.atMs, 700_000, "the newest is there");
    const first = long.recent[0]?.atMs ?? 0;
    assert.ok(first > 100_000 && first < 105_000, "and it reaches back");
    assert.ok(Math.abs(long.averageLoad - 5) < 1, `mean ${long.averageLoad}`);
  });
});
