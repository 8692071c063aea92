// The last line of a run: the sum of its reports.
import assert from "node:assert/strict";
import { sumOfClosingLines } from "../../../tools/checks/closing-line";

describe("sumOfClosingLines()", () => {
  it("adds up the last line of each report", () => {
    const quoted = "prints `1 passed, 0 failed, 0 skipped`\n";
    const reports = [
      `${quoted}12 passed, 1 failed, 0 skipped\n`,
      "30 passed, 0 failed, 2 skipped\n",
    ];
    assert.equal(sumOfClosingLines(reports), "42 passed, 1 failed, 2 skipped");
  });

  it("counts nothing when a report was cut off", () => {
    assert.equal(
      sumOfClosingLines(["1 passed, 0 failed, 0 skipped\n", "  a test\n"]),
      "a report was cut off",
    );
  });
});
