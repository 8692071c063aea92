// Which stack describes the quickstart on a cluster: every combination.
import assert from "node:assert/strict";
import { chooseStack, type StackChoice } from "../../../../tools/quickstart/core/choose-stack";

const [here, there] = ["a1b2c3d4".padEnd(64, "0"), "f".repeat(64)];

describe("chooseStack()", () => {
  const cases: readonly [string, boolean, string | undefined, StackChoice][] = [
    ["keeps the stack of our own cluster", false, here, { stack: "quickstart", isStale: false }],
    [
      "takes the stack of our own cluster for stale once the cluster is another",
      false,
      there,
      { stack: "quickstart", isStale: true },
    ],
    [
      "takes it for stale when nothing is recorded: nobody knows which cluster it describes",
      false,
      undefined,
      { stack: "quickstart", isStale: true },
    ],
    [
      "gives a given cluster a stack of its own, whatever is recorded for ours",
      true,
      there,
      { stack: "quickstart-a1b2c3d4", isStale: false },
    ],
    [
      "gives a given cluster a stack of its own when nothing is recorded",
      true,
      undefined,
      { stack: "quickstart-a1b2c3d4", isStale: false },
    ],
    [
      "keeps the stack of a given cluster that is recorded: the code before had only one",
      true,
      here,
      { stack: "quickstart", isStale: false },
    ],
  ];
  for (const [title, isGiven, recorded, choice] of cases) {
    it(title, () => {
      assert.deepEqual(chooseStack({ isGiven, cluster: here, recorded }), choice);
    });
  }
});
