// The least that each cluster purpose asks for: examples and properties.
import assert from "node:assert/strict";
import fc from "fast-check";
import { FLOORS, assessFloor } from "../../../validation/cluster/cluster-floor";

const d4 = (nodes: number) => ({ nodes, vmSize: "Standard_D4s_v5", vCpus: 4 });

describe("assessFloor()", () => {
  it("says what would satisfy", () => {
    assert.deepEqual(assessFloor("FastProd", [d4(2)], "agentCount"), {
      kind: "refused",
      message:
        "FastProd needs at least 12 vCPUs on at least 3 nodes: 2 × Standard_D4s_v5 has 8 on 2; use agentCount 3",
    });
  });

  it("asks for vCPUs and for nodes, both", () => {
    const large = { nodes: 1, vmSize: "Standard_D16s_v5", vCpus: 16 };
    assert.equal(assessFloor("DenseProd", [large], "agentCount").kind, "refused");
    const small = { nodes: 5, vmSize: "Standard_D2s_v5", vCpus: 2 };
    assert.equal(assessFloor("FastProd", [small], "agentCount").kind, "refused");
    assert.equal(assessFloor("FastProd", [d4(3)], "agentCount").kind, "met");
  });

  it("adds up pools", () => {
    assert.equal(assessFloor("FastProd", [d4(1), d4(2)], "at least").kind, "met");
  });

  it("only warns in DevTest, unless there is no machine at all", () => {
    const one = { nodes: 1, vmSize: "Standard_B1s", vCpus: 1 };
    assert.deepEqual(assessFloor("DevTest", [one], "agentCount"), {
      kind: "warning",
      message: "DevTest should have at least 2 vCPUs: 1 × Standard_B1s has 1; use agentCount 2",
    });
    assert.equal(assessFloor("DevTest", [], "agentCount").kind, "refused");
  });

  it("names a count that does satisfy, and no smaller one", () => {
    const size = fc.record({
      nodes: fc.integer({ min: 1, max: 9 }),
      vCpus: fc.integer({ min: 1, max: 64 }),
    });
    fc.assert(
      fc.property(size, ({ nodes, vCpus }) => {
        const group = { nodes, vCpus, vmSize: "Standard_D4s_v5" };
        const verdict = assessFloor("FastProd", [group], "agentCount");
        if (verdict.kind !== "refused") return;
        const count = Number(/agentCount (\d+)$/.exec(verdict.message)?.[1]);
        assert.equal(assessFloor("FastProd", [{ ...group, nodes: count }], "").kind, "met");
        assert.equal(assessFloor("FastProd", [{ ...group, nodes: count - 1 }], "").kind, "refused");
      }),
    );
  });

  it("has a floor for each purpose", () => {
    assert.deepEqual(Object.keys(FLOORS), ["FastProd", "DenseProd", "DevTest"]);
  });
});
