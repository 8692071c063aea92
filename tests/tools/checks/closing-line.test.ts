// The last lines of a run: what failed in any report, and their sum.
import assert from "node:assert/strict";
import { joinClosingLines } from "../../../tools/checks/closing-line";

describe("joinClosingLines()", () => {
  it("adds up the last line of each report, after the names of what failed", () => {
    const quoted = "prints `1 passed, 0 failed, 0 skipped`\n";
    const reports = [
      `${quoted}failed: a stack heals\n12 passed, 1 failed, 0 skipped\n`,
      "30 passed, 0 failed, 2 skipped\n",
    ];
    const last = "failed: a stack heals\n42 passed, 1 failed, 2 skipped";
    assert.equal(joinClosingLines(reports), last);
  });

  it("counts nothing when a report was cut off", () => {
    assert.equal(
      joinClosingLines(["1 passed, 0 failed, 0 skipped\n", "  a test\n"]),
      "a report was cut off",
    );
  });
});
