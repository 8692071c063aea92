/** Pulumi's property paths. */
import assert from "node:assert/strict";
import {
  formatPath,
  parsePath,
  startsWith,
} from "../../../../../tools/standins/pulumi-resource-kubernetes/core/property-path";

describe("a property path", () => {
  const cases: [string, (string | number)[]][] = [
    ["spec.replicas", ["spec", "replicas"]],
    ["spec.ports[0].name", ["spec", "ports", 0, "name"]],
    ['data["a.b"]', ["data", "a.b"]],
    [
      'metadata.annotations["pulumi.com/skipAwait"]',
      ["metadata", "annotations", "pulumi.com/skipAwait"],
    ],
  ];
  for (const [text, steps] of cases) {
    it(`${text} is read and written`, () => {
      assert.deepEqual(parsePath(text), steps);
      assert.equal(formatPath(steps), text);
    });
  }

  it("that is malformed is none", () => {
    assert.equal(parsePath("a[b"), undefined);
    assert.equal(parsePath(""), undefined);
  });

  it("starts with another when that is at or above it, with * for any step", () => {
    assert.ok(startsWith(["a", 0, "b"], ["a", "*"]));
    assert.ok(!startsWith(["a"], ["a", "b"]));
    assert.ok(!startsWith(["ab"], ["a"]));
  });
});
