// What counts as a difference between a live object and what an apply would make of it.
import assert from "node:assert/strict";
import fc from "fast-check";
import { differingPaths } from "../../../kubernetes/core/compare-objects";
import { type KubeObject } from "../../../kubernetes/core/kube-object";

const pod = (containers: readonly object[], rest: object = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "x", namespace: "y" },
  spec: { containers },
  ...rest,
});

describe("differingPaths()", () => {
  it("finds nothing in equal objects, whatever they hold", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.deepEqual(differingPaths(pod([], { value }), pod([], { value })), []);
      }),
    );
  });

  it("calls items by their name, so that one more doesn't shift the others", () => {
    const live = pod([{ name: "a", image: "1" }]);
    const applied = pod([
      { name: "b", image: "1" },
      { name: "a", image: "2" },
    ]);
    assert.deepEqual(differingPaths(live, applied), [
      "spec.containers[a].image",
      "spec.containers[b]",
    ]);
  });

  it("names a field whose key is no word in quotes", () => {
    const live = pod([], { data: { "a/b": "1" } });
    assert.deepEqual(differingPaths(live, pod([], { data: { "a/b": "2" } })), ['data["a/b"]']);
  });

  it("passes over status, history, and what the Deployment controller writes", () => {
    const live = pod([], {
      status: { phase: "Running" },
      metadata: {
        name: "x",
        namespace: "y",
        generation: 1,
        managedFields: [],
        annotations: { "deployment.kubernetes.io/revision": "3" },
      },
    });
    assert.deepEqual(differingPaths(live, pod([])), []);
  });

  it("takes absent and empty for the same", () => {
    assert.deepEqual(differingPaths(pod([], { data: {} }), pod([])), []);
  });

  it("passes over the fields that a scaler owns", () => {
    const live = pod([], { replicas: 3 });
    assert.deepEqual(differingPaths(live, pod([], { replicas: 1 }), ["replicas"]), []);
  });
});
