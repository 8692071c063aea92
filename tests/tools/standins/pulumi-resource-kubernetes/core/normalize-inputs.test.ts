/** Inputs in the server's form. */
import assert from "node:assert/strict";
import { normalizeInputs } from "../../../../../tools/standins/pulumi-resource-kubernetes/core/normalize-inputs";
import { pruneToShape } from "../../../../../tools/standins/pulumi-resource-kubernetes/core/prune-to-shape";
import { canonicalQuantity } from "../../../../../tools/standins/pulumi-resource-kubernetes/core/quantity";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("canonicalQuantity()", () => {
  // Each right-hand side is what a kube-apiserver 1.34 gives back for the left-hand side.
  const cases: [unknown, unknown][] = [
    ["1000m", "1"],
    ["0.5", "500m"],
    [0.25, "250m"],
    [2, "2"],
    ["1500m", "1500m"],
    ["1000", "1k"],
    ["1024Mi", "1Gi"],
    ["0.5Gi", "512Mi"],
    ["1.5Gi", "1536Mi"],
    ["0", "0"],
    ["not one", "not one"],
    ["", ""],
  ];
  for (const [written, kept] of cases) {
    it(`writes ${JSON.stringify(written)} as ${JSON.stringify(kept)}`, () => {
      assert.equal(canonicalQuantity(written), kept);
    });
  }
});

describe("normalizeInputs()", () => {
  it("encodes a Secret's stringData into its data, over what is there", () => {
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      data: { a: "eA==" },
      stringData: { a: "y" },
    };
    assert.deepEqual(normalizeInputs(secret), {
      apiVersion: "v1",
      kind: "Secret",
      data: { a: "eQ==" },
    });
  });

  it("leaves data that is not base64 for the server to refuse", () => {
    const secret = { apiVersion: "v1", kind: "Secret", data: { a: "not base64!" } };
    assert.deepEqual(normalizeInputs(secret), secret);
  });

  it("leaves an object with an unknown value as it is", () => {
    const secret = { apiVersion: "v1", kind: "Secret", stringData: { a: unknown } };
    assert.deepEqual(normalizeInputs(secret), secret);
  });

  it("writes quantities in their one form, but not what only looks like one", () => {
    const pod = (limits: object, env: string) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { labels: { limits: "1000m" } },
      spec: { containers: [{ env: [{ name: "limits", value: env }], resources: { limits } }] },
    });
    assert.deepEqual(normalizeInputs(pod({ cpu: "1000m" }, "1000m")), pod({ cpu: "1" }, "1000m"));
    const widget = {
      apiVersion: "example.com/v1",
      kind: "Widget",
      spec: { limits: { a: "1000m" } },
    };
    assert.deepEqual(normalizeInputs(widget), widget);
  });

  it("drops read-only metadata", () => {
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", uid: "1" } };
    assert.deepEqual(normalizeInputs(object)["metadata"], { name: "a" });
  });
});

describe("pruneToShape()", () => {
  it("keeps of the live object what the inputs have, list items by position", () => {
    const live = { spec: { a: 1, b: 2, list: [{ x: 1, y: 2 }, { x: 3 }] }, status: {} };
    assert.deepEqual(pruneToShape(live, { spec: { a: 0, list: [{ x: 0 }] } }), {
      spec: { a: 1, list: [{ x: 1 }] },
    });
  });

  it("keeps a value of another type as it lives", () => {
    assert.deepEqual(pruneToShape({ a: "text" }, { a: { b: 1 } }), { a: "text" });
  });
});
