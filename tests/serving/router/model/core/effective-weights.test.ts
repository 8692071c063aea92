// The share of requests of each version, by example and by property.
import assert from "node:assert/strict";
import fc from "fast-check";
import { ALL_REQUESTS } from "../../../../../contracts/model-endpoint/limits";
import {
  effectiveWeights,
  renderWeights,
} from "../../../../../serving/router/model/core/effective-weights";

const version = (name: string, trafficPercentile: number, isDefault = false) => ({
  ...{ name, trafficPercentile, isDefault },
});

const vectors: [string, ReturnType<typeof version>[], Record<string, number>][] = [
  [
    "a single default, whatever its own percentile, everything",
    [version("a", 20, true)],
    { a: 10_000 },
  ],
  [
    "the default what another leaves",
    [version("a", 20, true), version("b", 10)],
    { a: 9_000, b: 1_000 },
  ],
  [
    "the default 80 percent beside 20",
    [version("a", 20), version("b", 40, true)],
    { a: 2_000, b: 8_000 },
  ],
  [
    "the default 60 percent beside 10 and 30",
    [version("test", 10), version("prod", 30), version("d", 0, true)],
    { test: 1_000, prod: 3_000, d: 6_000 },
  ],
  [
    "the default nothing when the others take everything",
    [version("a", 0, true), version("b", 33.3), version("c", 66.7)],
    { a: 0, b: 3_330, c: 6_670 },
  ],
  ["a hundredth of a percent", [version("a", 0, true), version("b", 0.01)], { a: 9_999, b: 1 }],
];

describe("effectiveWeights()", () => {
  for (const [sentence, versions, weights] of vectors) {
    it(`gives ${sentence}`, () => {
      const found = effectiveWeights(versions).map(({ name, weight }) => [name, weight]);
      assert.deepEqual(Object.fromEntries(found), weights);
    });
  }

  it("sums to all requests for every legal set of versions", () => {
    const hundredths = fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 5 });
    fc.assert(
      fc.property(hundredths, (others) => {
        const versions = [
          version("default", 0, true),
          ...others.map((each, index) => version(`v${index}`, each / 100)),
        ];
        const sum = effectiveWeights(versions).reduce((total, { weight }) => total + weight, 0);
        assert.equal(sum, ALL_REQUESTS);
      }),
    );
  });
});

describe("renderWeights()", () => {
  it("writes ascending bounds, the largest share first, and leaves out who gets nothing", () => {
    const versions = [version("d", 0.5), version("c", 0), version("b", 10), version("a", 0, true)];
    assert.equal(renderWeights(versions), "8950:a:9950:b:10000:d");
  });
});
