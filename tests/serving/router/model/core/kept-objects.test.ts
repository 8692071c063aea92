// What the agent's copies of objects have: what it reads, and nothing that others can make large.
import assert from "node:assert/strict";
import { keptEndpoint } from "../../../../../kubernetes/core/kept-endpoint";
import { readClaims } from "../../../../../contracts/model-endpoint/name-claims";
import {
  keptPod,
  keptSlice,
  keptStatus,
} from "../../../../../serving/router/model/core/kept-objects";
import { endpointOf, sliceOf } from "../../../../support/model-endpoints";

const LARGE = "x".repeat(250_000);
const SIZE = 3_000;
const large = {
  annotations: { large: LARGE },
  managedFields: [{ manager: LARGE }],
  // Nobody checks how long these are.
  ownerReferences: [{ apiVersion: LARGE, kind: LARGE, name: LARGE, uid: LARGE, controller: true }],
};

describe("What the agent keeps", () => {
  it("of an endpoint: its spec and whether it was served, and nothing of another router's", () => {
    const accepted = {
      ...({ type: "Accepted", status: "True", reason: "Applied", message: LARGE } as const),
      ...{ observedGeneration: 1, lastTransitionTime: "" },
    };
    const endpoint = {
      ...endpointOf({ routerNamespace: "aml" }, large as object),
      status: { conditions: [accepted] },
    };
    const kept = keptEndpoint(endpoint, "aml", keptStatus);
    assert.ok(kept);
    assert.deepEqual(kept.spec, endpoint.spec);
    assert.deepEqual([...readClaims(undefined, [kept]).declared], [["churn", "ns"]]);
    assert.ok(JSON.stringify(kept).length < SIZE);
    assert.equal(keptEndpoint(endpoint, "other", keptStatus), undefined);
  });

  it("of a slice: what leads to replicas", () => {
    const [slice] = sliceOf("blue", { a: "10.0.0.1:5001" });
    assert.ok(slice);
    const [leading] = slice.endpoints ?? [];
    assert.ok(leading);
    const targetRef = { ...leading.targetRef, fieldPath: LARGE, uid: LARGE };
    const kept = keptSlice({ ...slice, endpoints: [{ ...leading, targetRef }] });
    assert.deepEqual(kept, slice);
    const owned = keptSlice({ ...slice, metadata: { ...slice.metadata, ...large } });
    assert.ok(JSON.stringify(owned).length < SIZE);
  });

  it("of a pod: labels, controller, addresses and readiness", () => {
    const conditions = [
      { type: "Ready", status: "True" },
      { type: "Other", status: "True", message: LARGE },
    ];
    const kept = keptPod({
      metadata: { name: "a", namespace: "ns", ...large },
      status: { podIP: "10.0.0.1", conditions },
    });
    assert.deepEqual(kept.status, {
      podIPs: [{ ip: "10.0.0.1" }],
      conditions: [{ type: "Ready", status: "True" }],
    });
    assert.ok(JSON.stringify(kept).length < SIZE);
  });
});
