// Drift where a dry run is forbidden: what we declare against what is live.
import assert from "node:assert/strict";
import { type KubeObject } from "../../../kubernetes/core/kube-object";
import { differingDeclaredPaths } from "../../../kubernetes/core/managed-fields";

const declared: KubeObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "x", namespace: "y", labels: { a: "1" } },
  data: { k: "v" },
};

describe("differingDeclaredPaths()", () => {
  it("passes over what Kubernetes filled in", () => {
    const live = { ...declared, metadata: { ...declared.metadata, uid: "1" }, more: { z: 1 } };
    assert.deepEqual(differingDeclaredPaths(live, declared, "us"), []);
  });

  it("names declared fields that hold something else or are gone", () => {
    const live = { ...declared, data: { k: "w" }, metadata: { name: "x", namespace: "y" } };
    assert.deepEqual(differingDeclaredPaths(live, declared, "us"), ["data.k", "metadata.labels.a"]);
  });

  it("names fields that we own and no longer declare", () => {
    const managedFields = [
      { manager: "us", operation: "Apply", fieldsV1: { "f:data": { "f:k": {}, "f:old": {} } } },
    ];
    const live = { ...declared, metadata: { ...declared.metadata, managedFields } };
    assert.deepEqual(differingDeclaredPaths(live, declared, "us"), ["data.old"]);
  });

  it("matches list items by name", () => {
    const spec = { containers: [{ name: "b", image: "1" }] };
    const live = { containers: [{ name: "a" }, { name: "b", image: "2" }] };
    assert.deepEqual(
      differingDeclaredPaths({ ...declared, spec: live }, { ...declared, spec }, "us"),
      ["spec.containers[b].image"],
    );
  });
});
