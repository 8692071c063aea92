/** When an object counts as ready. */
import assert from "node:assert/strict";
import type { KubeObject } from "../../../../../tools/standins/pulumi-resource-kubernetes/core/kube-object";
import { checkReadiness } from "../../../../../tools/standins/pulumi-resource-kubernetes/core/readiness";

function reasonsOf(object: KubeObject, endpoints?: KubeObject): readonly string[] {
  const readiness = checkReadiness(object, { endpoints });
  return readiness.ready ? [] : readiness.reasons;
}

describe("checkReadiness()", () => {
  const condition = (type: string, status: string, reason: string, message: string) => ({
    ...{ type, status, reason, message },
  });
  const deployment = (available: string, progressReason: string, counts: object = {}) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { generation: 2 },
    spec: { replicas: 2 },
    status: {
      ...{ observedGeneration: 2, updatedReplicas: 2, readyReplicas: 2 },
      conditions: [
        condition("Available", available, "MinimumReplicas", "two are there"),
        condition("Progressing", "True", progressReason, "rolling out"),
      ],
      ...counts,
    },
  });

  it("has a Deployment ready once its new replicas are all available", () => {
    assert.deepEqual(reasonsOf(deployment("True", "NewReplicaSetAvailable")), []);
  });

  it("waits while a Deployment rolls out, and says what Kubernetes says", () => {
    assert.deepEqual(reasonsOf(deployment("True", "ReplicaSetUpdated", { updatedReplicas: 1 })), [
      "[ReplicaSetUpdated] rolling out",
      "1 of 2 replicas are up to date and ready",
    ]);
  });

  it("waits until the controller has seen the newest version", () => {
    const stale = deployment("True", "NewReplicaSetAvailable", { observedGeneration: 1 });
    assert.equal(reasonsOf(stale).length, 1);
  });

  it("waits for a load balancer's address and for the pods behind a Service", () => {
    const service = (spec: object, status: object = {}) => ({
      ...{ apiVersion: "v1", kind: "Service", spec, status },
    });
    const endpoints = { subsets: [{ addresses: [{ ip: "198.18.0.2" }] }] };
    const unready = { subsets: [{ notReadyAddresses: [{ ip: "198.18.0.2" }] }] };
    const balanced = { type: "LoadBalancer", selector: { app: "a" } };
    const assigned = { loadBalancer: { ingress: [{ ip: "127.0.10.1" }] } };
    assert.equal(reasonsOf(service(balanced), endpoints).length, 1);
    assert.deepEqual(reasonsOf(service(balanced, assigned), endpoints), []);
    assert.equal(reasonsOf(service(balanced, assigned), unready).length, 1);
    assert.equal(reasonsOf(service({ selector: { app: "a" } })).length, 1);
    assert.deepEqual(reasonsOf(service({ clusterIP: "None", selector: { app: "a" } })), []);
    assert.deepEqual(reasonsOf(service({})), []);
  });

  it("waits for a definition to be established, a Job to complete and a Pod to be ready", () => {
    const conditions = (type: string) => ({ conditions: [{ type, status: "True" }] });
    const kinds: [string, string, string][] = [
      ["apiextensions.k8s.io/v1", "CustomResourceDefinition", "Established"],
      ["batch/v1", "Job", "Complete"],
      ["v1", "Pod", "Ready"],
    ];
    for (const [apiVersion, kind, type] of kinds) {
      assert.equal(reasonsOf({ apiVersion, kind, status: {} }).length, 1, kind);
      assert.deepEqual(reasonsOf({ apiVersion, kind, status: conditions(type) }), [], kind);
    }
  });

  it("has every other kind ready at once", () => {
    assert.deepEqual(reasonsOf({ apiVersion: "example.com/v1", kind: "Widget" }), []);
  });
});
