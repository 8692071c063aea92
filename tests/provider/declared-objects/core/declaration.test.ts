// Which differences of a live object are somebody's edits, and what the state keeps of a declaration.
import assert from "node:assert/strict";
import { digest } from "../../../../values/digest";
import { REVISION_ANNOTATION } from "../../../../contracts/model-endpoint/model-endpoint";
import {
  differingData,
  editedPaths,
  recordedDigest,
} from "../../../../provider/declared-objects/core/declaration";

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

describe("recordedDigest()", () => {
  const secret = (value: string, immutable: boolean) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "churn-blue-0123456789", namespace: "models" },
    immutable,
    dataDigests: { TOKEN: digest(value) },
  });

  it("lets nobody try values of an immutable Secret, whose name is another one for other data", () => {
    assert.equal(recordedDigest(secret("a", true)), recordedDigest(secret("b", true)));
    assert.notEqual(recordedDigest(secret("a", false)), recordedDigest(secret("b", false)));
  });

  it("hides no data that somebody replaced: they are compared with the declared ones", () => {
    const live = { ...secret("a", true), data: { TOKEN: Buffer.from("b").toString("base64") } };
    assert.deepEqual(differingData(secret("a", true), live), ["data.TOKEN"]);
    assert.deepEqual(differingData(secret("b", true), live), []);
  });
});
