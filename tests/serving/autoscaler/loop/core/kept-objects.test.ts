// What the autoscaler's copies of objects have: what it reads, and nothing that others can make large.
import assert from "node:assert/strict";
import { keptEndpoint } from "../../../../../kubernetes/core/kept-endpoint";
import {
  ENDPOINT_LABEL,
  SCALE_MODE_ANNOTATION,
  VERSION_LABEL,
} from "../../../../../contracts/model-endpoint/model-endpoint";
import { keptDeployment, keptPod } from "../../../../../serving/autoscaler/loop/core/kept-objects";
import { endpointOf } from "../../../../support/model-endpoints";

const LARGE = "x".repeat(250_000);
const SIZE = 4_000;
const LABELS = { [ENDPOINT_LABEL]: "churn", [VERSION_LABEL]: "blue" };
const metadata = {
  name: "a",
  namespace: "ns",
  resourceVersion: "1",
  annotations: { [SCALE_MODE_ANNOTATION]: "auto", large: LARGE },
  labels: { ...LABELS, other: LARGE },
  managedFields: [{ manager: LARGE }],
  // Nobody checks how long these are.
  ownerReferences: [{ apiVersion: LARGE, kind: LARGE, name: LARGE, uid: LARGE, controller: true }],
};

describe("What the autoscaler keeps", () => {
  it("of an endpoint: its spec and status, and nothing of another router's", () => {
    const endpoint = {
      ...endpointOf({ routerNamespace: "aml" }, metadata),
      status: { readyReplicas: 1 },
    };
    const kept = keptEndpoint(endpoint, "aml");
    assert.deepEqual(kept?.spec, endpoint.spec);
    assert.deepEqual(kept.status, endpoint.status);
    assert.ok(JSON.stringify(kept).length < SIZE);
    assert.equal(keptEndpoint(endpoint, "other"), undefined);
  });

  it("of a Deployment: labels, scale mode, replicas and status", () => {
    const status = {
      readyReplicas: 1,
      conditions: [{ type: "Progressing", status: "True", message: LARGE }],
    };
    const template = { spec: { containers: [{ image: LARGE }] } };
    const kept = keptDeployment({ metadata, spec: { replicas: 3, template }, status });
    assert.deepEqual(kept.metadata.labels, LABELS);
    assert.deepEqual(kept.metadata.annotations, { [SCALE_MODE_ANNOTATION]: "auto" });
    assert.deepEqual([kept.spec?.replicas, kept.status?.readyReplicas], [3, 1]);
    assert.ok(JSON.stringify(kept).length < SIZE);
  });

  it("of a pod: labels, conditions and why containers wait", () => {
    const waiting = { reason: "ImagePullBackOff", message: LARGE };
    const containerStatuses = [{ name: "model", state: { waiting } }];
    const kept = keptPod({ metadata, status: { phase: "Pending", containerStatuses } });
    assert.deepEqual(kept.metadata.labels, LABELS);
    assert.equal(kept.status?.containerStatuses?.[0]?.state?.waiting?.reason, waiting.reason);
    assert.ok(JSON.stringify(kept).length < SIZE);
  });
});
