// Which differences of a live object are somebody's edits.
import assert from "node:assert/strict";
import { REVISION_ANNOTATION } from "../../../../contracts/model-endpoint/model-endpoint";
import { editedPaths } from "../../../../provider/declared-objects/core/declaration";

const deployment = (revision?: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "churn-blue", namespace: "models" },
  spec: {
    template: {
      ...(revision === undefined
        ? {}
        : { metadata: { annotations: { [REVISION_ANNOTATION]: revision } } }),
    },
  },
});
const PATHS = ["metadata.labels.team", "spec.template.spec.containers[model].image"];

describe("editedPaths()", () => {
  it("has every path where the live template comes from the declaration", () => {
    assert.deepEqual(editedPaths(PATHS, deployment("a"), deployment("a")), PATHS);
  });

  it("leaves out the template that a failed roll-out went back to", () => {
    assert.deepEqual(editedPaths(PATHS, deployment("b"), deployment("a")), PATHS.slice(0, 1));
  });

  it("has every path of an object without a version's template", () => {
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "router", namespace: "fe" },
    };
    assert.deepEqual(editedPaths(["spec.type"], service, service), ["spec.type"]);
    assert.deepEqual(editedPaths(PATHS, deployment(), deployment()), PATHS);
  });
});
