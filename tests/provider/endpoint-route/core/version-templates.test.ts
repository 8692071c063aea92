// Which template a failed roll-out goes back to, and which one a retry brings back.
import assert from "node:assert/strict";
import { revisionOf } from "../../../../contracts/model-endpoint/revision-of";
import { REVISION_ANNOTATION } from "../../../../contracts/model-endpoint/model-endpoint";
import { type Deployment, type ReplicaSet } from "../../../../kubernetes/core/workload";
import {
  declaredTemplate,
  formerTemplate,
  isDeclared,
} from "../../../../provider/endpoint-route/core/version-templates";

const annotations = (revision: string | undefined) =>
  revision === undefined ? {} : { [REVISION_ANNOTATION]: revision };

const deployment = (declared: string | undefined, live: string | undefined): Deployment => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "d", namespace: "n", annotations: annotations(declared) },
  spec: {
    selector: { matchLabels: {} },
    template: { metadata: { annotations: annotations(live) } },
  },
});

/** @param number Kubernetes' number of the template */
const replicaSet = (revision: string | undefined, number: number, ready: number): ReplicaSet => ({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  metadata: {
    name: `d-${number}`,
    namespace: "n",
    annotations: { "deployment.kubernetes.io/revision": String(number) },
  },
  spec: {
    template: {
      metadata: {
        annotations: annotations(revision),
        labels: { "aml-inference.io/version": "blue", "pod-template-hash": `hash-${number}` },
      },
      spec: { containers: [{ image: `model:${number}` }] },
    },
  },
  status: { readyReplicas: ready },
});

describe("isDeclared()", () => {
  it("compares the live template with the declared one", () => {
    assert.equal(isDeclared(deployment("b", "b"), "b"), true);
    assert.equal(isDeclared(deployment("b", "a"), "b"), false);
    assert.equal(isDeclared(deployment("b", undefined), "b"), false);
  });

  it("has nothing to compare in a Deployment that no component declared", () => {
    assert.equal(isDeclared(deployment(undefined, undefined), "b"), true);
  });
});

describe("formerTemplate()", () => {
  const failed = deployment("c", "c");
  const broken = replicaSet("c", 3, 1);
  const image = (replicaSets: readonly ReplicaSet[], verified?: string) =>
    formerTemplate(failed, replicaSets, verified)?.spec?.containers?.[0]?.image;

  it("is the verified one, even beside a newer one that was interrupted", () => {
    const others = [replicaSet("a", 1, 2), replicaSet("b", 2, 1), broken];
    assert.equal(image(others, "a"), "model:1");
  });

  it("is the newest that has ready replicas, when the verified one has none or isn't known", () => {
    const others = [replicaSet("a", 1, 0), replicaSet("b", 2, 1), broken];
    assert.equal(image(others, "a"), "model:2");
    assert.equal(image(others), "model:2");
  });

  it("is the verified one when nothing is ready", () => {
    assert.equal(image([replicaSet("a", 1, 0), replicaSet("b", 2, 0), broken], "a"), "model:1");
  });

  it("may come from before templates were annotated", () => {
    assert.equal(image([replicaSet(undefined, 1, 2), broken], "a"), "model:1");
  });

  it("isn't there for a first roll-out, nor for a Deployment that no component declared", () => {
    assert.equal(image([broken]), undefined);
    const foreign = deployment(undefined, undefined);
    assert.equal(formerTemplate(foreign, [replicaSet(undefined, 1, 2)], undefined), undefined);
  });

  it("has no label that Kubernetes adds to a ReplicaSet's template", () => {
    const template = formerTemplate(failed, [replicaSet("a", 1, 2), broken], "a");
    assert.deepEqual(template?.metadata?.labels, { "aml-inference.io/version": "blue" });
  });
});

describe("declaredTemplate()", () => {
  it("is the one with the declared digest, or none once Kubernetes has forgotten it", () => {
    const others = [replicaSet("a", 2, 1), replicaSet("b", 1, 0)];
    assert.equal(revisionOf(declaredTemplate(others, "b")), "b");
    assert.equal(declaredTemplate(others, "c"), undefined);
  });
});
