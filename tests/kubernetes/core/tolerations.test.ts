// Which pods a taint keeps away.
import assert from "node:assert/strict";
import {
  repellingTaints,
  taintText,
  type Toleration,
  tolerates,
} from "../../../kubernetes/core/tolerations";

const gpu = { key: "sku", value: "gpu", effect: "NoSchedule" };

describe("tolerates()", () => {
  const cases: readonly (readonly [Toleration, boolean])[] = [
    [{ key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" }, true],
    [{ key: "sku", value: "gpu" }, true],
    [{ key: "sku", value: "gpu", effect: "" }, true],
    [{ key: "sku", operator: "Exists" }, true],
    [{ operator: "Exists" }, true],
    [{ key: "sku", value: "cpu" }, false],
    [{ key: "sku" }, false],
    [{ key: "sku", operator: "Exists", effect: "NoExecute" }, false],
    [{ key: "other", operator: "Exists" }, false],
    [{ value: "gpu" }, false],
  ];
  for (const [toleration, expected] of cases) {
    it(`${expected ? "takes" : "refuses"} ${JSON.stringify(toleration)}`, () => {
      assert.equal(tolerates(toleration, gpu), expected);
    });
  }

  it("compares a taint without a value, too", () => {
    assert.ok(tolerates({ key: "a" }, { key: "a", effect: "NoExecute" }));
  });
});

describe("repellingTaints()", () => {
  it("leaves out what is tolerated and what only advises", () => {
    const advice = { key: "a", effect: "PreferNoSchedule" };
    const spot = { key: "spot", effect: "NoSchedule" };
    const repelling = repellingTaints([gpu, advice, spot], [{ key: "sku", operator: "Exists" }]);
    assert.deepEqual(repelling.map(taintText), ["spot:NoSchedule"]);
    assert.equal(taintText(gpu), "sku=gpu:NoSchedule");
  });
});
