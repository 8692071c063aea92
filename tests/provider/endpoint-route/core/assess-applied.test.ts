// When every router serves an endpoint as declared, and what to say while not.
import assert from "node:assert/strict";
import {
  endpointObject,
  neededReplicas,
} from "../../../../provider/endpoint-route/core/endpoint-object";
import { assessApplied } from "../../../../provider/endpoint-route/core/assess-applied";
import {
  type Condition,
  type EndpointVersion,
} from "../../../../contracts/model-endpoint/model-endpoint";
import { autoscaleOf, versionOf } from "../../../support/model-endpoints";

const endpoint = endpointObject("churn", "n", { authentication: { mode: "None" }, versions: [] });
const accepted = (status: Condition["status"], message: string, observedGeneration: number) => ({
  type: "Accepted" as const,
  status,
  reason: "Reason",
  message,
  observedGeneration,
  lastTransitionTime: "2026-01-01T00:00:00Z",
});

describe("assessApplied()", () => {
  it("is through once the generation, or a later one, is applied", () => {
    const status = { appliedGeneration: 3 };
    assert.deepEqual(assessApplied({ ...endpoint, status }, 2), { kind: "applied" });
  });

  it("gives up at once when the routers refuse this generation", () => {
    const status = { appliedGeneration: 1, conditions: [accepted("False", "no such Service", 2)] };
    const verdict = assessApplied({ ...endpoint, status }, 2);
    assert.deepEqual(verdict, { kind: "refused", message: "no such Service" });
  });

  it("doesn't take an older generation's refusal for this one's", () => {
    const status = { appliedGeneration: 1, conditions: [accepted("False", "no such Service", 1)] };
    assert.equal(assessApplied({ ...endpoint, status }, 2).kind, "waiting");
  });

  it("passes on who has not followed yet", () => {
    const status = { conditions: [accepted("Unknown", "No router is ready.", 2)] };
    const verdict = assessApplied({ ...endpoint, status }, 2);
    assert.deepEqual(verdict, { kind: "waiting", message: "No router is ready." });
  });
});

describe("endpointObject()", () => {
  it("always says that the endpoint isn't suspended: an interrupted deletion may have left it so", () => {
    assert.equal(endpoint.spec.suspended, false);
  });
});

describe("neededReplicas()", () => {
  const version = (scale: Pick<EndpointVersion, "autoscale" | "numReplicas">) =>
    versionOf("blue", { serviceName: "s", deploymentName: "d", ...scale });
  const deployment = (replicas: number) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d", namespace: "n" },
    spec: { replicas, selector: { matchLabels: {} }, template: {} },
  });
  const autoscale = autoscaleOf({ minReplicas: 2, maxReplicas: 9 });

  it("is the fixed count", () => {
    assert.equal(neededReplicas(version({ numReplicas: 3 }), deployment(3)), 3);
  });

  it("is the autoscaler's minimum, however many it asks for now", () => {
    assert.equal(neededReplicas(version({ autoscale }), deployment(9)), 2);
  });

  it("is never more than there will be, and at least one", () => {
    assert.equal(neededReplicas(version({ autoscale }), deployment(1)), 1);
    assert.equal(neededReplicas(version({ autoscale }), deployment(0)), 1);
  });
});
