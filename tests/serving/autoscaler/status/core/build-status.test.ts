// The status of an endpoint from what routers report and what the cluster holds.

import assert from "node:assert/strict";
import {
  buildStatus,
  type EndpointObservation,
  saysRefused,
  type VersionObservation,
} from "../../../../../serving/autoscaler/status/core/build-status";
import type {
  ListedDeployment,
  Condition as KubeCondition,
  ListedPod,
} from "../../../../../kubernetes/core/workload";
import { explainReplicas } from "../../../../../serving/autoscaler/scale/core/explain-replicas";
import type { RouterView } from "../../../../../serving/autoscaler/load/core/router-view";
import { observeState } from "../../../../../serving/autoscaler/status/core/version-state";
import type { EndpointSample } from "../../../../../contracts/metrics-channel/router-sample";
import type {
  Condition,
  ModelEndpointStatus,
} from "../../../../../contracts/model-endpoint/model-endpoint";
import { endpointOf, versionOf } from "../../../../support/model-endpoints";

const NOW = "2026-11-21T12:00:00Z";
const SCALE = { reason: "LoadAboveTarget", message: "The load is above the target." };

function endpoint(changes: { suspended?: boolean; status?: ModelEndpointStatus } = {}) {
  const { suspended = false, status } = changes;
  const versions = [versionOf("blue", { numReplicas: 2 })];
  const metadata = { namespace: "models", generation: 3 };
  return { ...endpointOf({ suspended, versions }, metadata), ...(status && { status }) };
}

function deployment(ready: number, conditions: KubeCondition[] = []): ListedDeployment {
  return {
    metadata: { name: "blue", generation: 5 },
    spec: { replicas: 2 },
    status: {
      observedGeneration: 5,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: ready,
      conditions,
    },
  };
}

function pod(name: string, status: ListedPod["status"] = {}): ListedPod {
  return { metadata: { name }, status };
}

const READY_POD = pod("blue-1", { conditions: [{ type: "Ready", status: "True" }] });
const HEALTHY: VersionObservation = {
  deployment: deployment(2),
  pods: [READY_POD, READY_POD],
  scale: SCALE,
};

function observe(
  routers: Readonly<Record<string, Partial<EndpointSample> | undefined>>,
  version: VersionObservation = HEALTHY,
): EndpointObservation {
  const views = new Map<string, RouterView>();
  for (const [router, sample] of Object.entries(routers)) {
    if (sample === undefined) continue;
    const endpoints = new Map([
      ["models/churn", { appliedGeneration: 3, versions: {}, ...sample }],
    ]);
    views.set(router, { router, sequence: 1, receivedAtMs: 0, endpoints });
  }
  return {
    views,
    readyRouters: new Set(Object.keys(routers)),
    routerNamespaces: ["aml"],
    versions: new Map([["blue", version]]),
  };
}

function condition(status: ModelEndpointStatus, type: Condition["type"]): Condition {
  const found = status.conditions?.find((other) => other.type === type);
  assert.ok(found);
  return found;
}

const REFUSAL = { reason: "NamespaceNotAllowed", message: "not here" } as const;

describe("buildStatus()", () => {
  it("says why no router serves the endpoint, of it and of its versions, without asking routers", () => {
    const version = { ...HEALTHY, scale: REFUSAL };
    for (const routers of [{ a: undefined }, {}]) {
      const status = buildStatus(
        endpoint(),
        { ...observe(routers, version), refusal: REFUSAL },
        NOW,
      );
      const accepted = condition(status, "Accepted");
      assert.deepEqual([accepted.status, accepted.reason], ["False", REFUSAL.reason]);
      assert.equal(condition(status, "Ready").status, "False");
      assert.equal(status.versions?.[0]?.reason, REFUSAL.reason);
      assert.ok(saysRefused(endpoint({ status }), REFUSAL));
      assert.ok(!saysRefused(endpoint({ status }), { ...REFUSAL, message: "another" }));
      assert.ok(!saysRefused(endpoint(), REFUSAL));
    }
  });

  it("says that a version's Deployment is another's, not what is seen of that", () => {
    const scale = { reason: "DeploymentNotOwn", message: "labels" };
    const status = buildStatus(endpoint(), observe({ a: {} }, { pods: [], scale }), NOW);
    assert.deepEqual(status.versions?.[0]?.reason, scale.reason);
  });

  it("is accepted and ready when every ready router serves the generation and a replica is ready", () => {
    const status = buildStatus(endpoint(), observe({ a: {}, b: {} }), NOW);
    assert.equal(status.appliedGeneration, 3);
    assert.equal(status.readyReplicas, 2);
    assert.deepEqual(
      status.conditions?.map(({ type, status: value, reason }) => [type, value, reason]),
      [
        ["Accepted", "True", "Applied"],
        ["Ready", "True", "Ready"],
      ],
    );
    assert.deepEqual(status.versions, [
      { name: "blue", state: "Healthy", readyReplicas: 2, desiredReplicas: 2, ...SCALE },
    ]);
  });

  it("says the generation of the slowest ready router, and 0 for one that never spoke", () => {
    const slow = buildStatus(endpoint(), observe({ a: {}, b: { appliedGeneration: 2 } }), NOW);
    assert.equal(slow.appliedGeneration, 2);
    assert.equal(condition(slow, "Accepted").reason, "NotYetApplied");
    assert.equal(condition(slow, "Ready").status, "False");
    const silent = buildStatus(endpoint(), observe({ a: {}, b: undefined }), NOW);
    assert.equal(silent.appliedGeneration, 0);
  });

  it("says what to write when the endpoint names no router in a cluster with two", () => {
    const two = { ...observe({ a: {} }), routerNamespaces: ["models-b", "models-a"] };
    const accepted = condition(buildStatus(endpoint(), two, NOW), "Accepted");
    assert.equal(accepted.status, "True");
    assert.equal(accepted.reason, "RouterNamespaceMissing");
    assert.equal(
      accepted.message,
      "Every ready router serves generation 3. spec.routerNamespace is missing, and the cluster has routers in the namespaces models-a, models-b: write one of them. Until then each router serves the endpoint with limits of its own, and only the one in models-b scales it.",
    );
    const named = endpoint();
    const spec = { ...named.spec, routerNamespace: "models-a" };
    const status = buildStatus({ ...named, spec }, two, NOW);
    assert.equal(condition(status, "Accepted").reason, "Applied");
  });

  it("leaves routers that are not ready out of the generation", () => {
    const observation = { ...observe({ a: {}, b: { appliedGeneration: 1 } }) };
    const status = buildStatus(endpoint(), { ...observation, readyRouters: new Set(["a"]) }, NOW);
    assert.equal(status.appliedGeneration, 3);
  });

  it("says no generation when no router is ready", () => {
    const status = buildStatus(endpoint(), observe({}), NOW);
    assert.equal(status.appliedGeneration, undefined);
    assert.equal(condition(status, "Accepted").status, "Unknown");
    assert.deepEqual(
      [condition(status, "Ready").status, condition(status, "Ready").reason],
      ["False", "NoReadyRouter"],
    );
  });

  it("names the router that can't serve the spec, and why", () => {
    const problem = { reason: "CertificateInvalid", message: "The certificate has expired." };
    const status = buildStatus(
      endpoint(),
      observe({ a: {}, b: { appliedGeneration: 2, problem } }),
      NOW,
    );
    const accepted = condition(status, "Accepted");
    assert.deepEqual([accepted.status, accepted.reason], ["False", "CertificateInvalid"]);
    assert.equal(accepted.message, "b: The certificate has expired.");
  });

  it("is not ready while suspended, or without a ready replica of the default version", () => {
    const suspended = buildStatus(endpoint({ suspended: true }), observe({ a: {} }), NOW);
    assert.equal(condition(suspended, "Ready").reason, "Suspended");
    const empty = buildStatus(endpoint(), observe({ a: {} }, { ...HEALTHY, pods: [] }), NOW);
    assert.equal(condition(empty, "Ready").reason, "NoReadyReplica");
  });

  it("keeps the time of a condition whose status stays, so that equal facts give an equal status", () => {
    const first = buildStatus(endpoint(), observe({ a: {} }), NOW);
    const later = "2026-11-21T13:00:00Z";
    const second = buildStatus(endpoint({ status: first }), observe({ a: {} }), later);
    assert.deepEqual(second, first);
    const broken = buildStatus(endpoint({ status: first }), observe({}), later);
    assert.equal(condition(broken, "Ready").lastTransitionTime, later);
  });

  it("cuts messages that the schema would refuse", () => {
    const long = { ...HEALTHY, scale: { reason: "Long", message: "x".repeat(5_000) } };
    const status = buildStatus(endpoint(), observe({ a: {} }, long), NOW);
    assert.equal(status.versions?.[0]?.message.length, 1024);
  });
});

describe("observeState()", () => {
  const unschedulable = pod("blue-2", {
    conditions: [
      {
        type: "PodScheduled",
        status: "False",
        reason: "Unschedulable",
        message: "0/1 nodes are available: 1 Insufficient cpu.",
      },
    ],
  });
  const crashing = pod("blue-2", {
    containerStatuses: [
      {
        name: "model",
        state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } },
      },
    ],
  });
  const creating = pod("blue-2", {
    containerStatuses: [{ name: "model", state: { waiting: { reason: "ContainerCreating" } } }],
  });
  const deadline = {
    type: "Progressing",
    status: "False",
    reason: "ProgressDeadlineExceeded",
    message: "has timed out progressing",
  };
  const annotated = (live: string): ListedDeployment => {
    const annotations = (revision: string) => ({ "aml-inference.io/revision": revision });
    const ready = deployment(2);
    const template = { metadata: { annotations: annotations(live) } };
    return {
      ...ready,
      metadata: { ...ready.metadata, annotations: annotations("declared") },
      spec: { ...ready.spec, template },
    };
  };
  const unseen = { ...deployment(2), metadata: { name: "blue", generation: 6 } };

  const table: [string, Parameters<typeof observeState>, string, string | undefined][] = [
    ["no Deployment", [undefined, []], "Transitioning", "DeploymentMissing"],
    ["an unseen generation", [unseen, []], "Transitioning", undefined],
    ["all replicas ready", [deployment(2), [READY_POD]], "Healthy", undefined],
    ["a replica that starts", [deployment(1), [creating]], "Transitioning", undefined],
    ["a pod without a node", [deployment(1), [unschedulable]], "Unschedulable", "Unschedulable"],
    ["a container that crashes", [deployment(1), [crashing]], "Unhealthy", "CrashLoopBackOff"],
    [
      "a deadline that passed, a replica ready",
      [deployment(1, [deadline]), []],
      "Unhealthy",
      "ProgressDeadlineExceeded",
    ],
    [
      "a deadline that passed, none ready",
      [deployment(0, [deadline]), []],
      "Failed",
      "ProgressDeadlineExceeded",
    ],
    [
      "a deadline that passed over crashes",
      [deployment(0, [deadline]), [crashing]],
      "Failed",
      "CrashLoopBackOff",
    ],
    ["the declared template", [annotated("declared"), [READY_POD]], "Healthy", undefined],
    ["a former template", [annotated("former"), [READY_POD]], "Unhealthy", "RolledBack"],
    [
      "a crash of a pod that goes",
      [
        deployment(2),
        [{ ...crashing, metadata: { name: "old", deletionTimestamp: "2026-11-21T12:00:00Z" } }],
      ],
      "Healthy",
      undefined,
    ],
  ];
  for (const [what, args, state, reason] of table) {
    it(`is ${state} with ${what}`, () => {
      const observed = observeState(...args);
      assert.deepEqual([observed.state, observed.problem?.reason], [state, reason]);
    });
  }
});

describe("explainReplicas()", () => {
  const decision = (reason: string, replicas = 2, message = reason) => ({
    reason,
    replicas,
    message,
  });

  it("keeps the explanation of a change while nothing happens", () => {
    assert.deepEqual(explainReplicas(SCALE, decision("WithinTarget"), 2), SCALE);
    assert.deepEqual(explainReplicas(SCALE, decision("LargerLoadInWindow"), 2), SCALE);
  });

  it("tells a change, and what hinders, at once", () => {
    assert.equal(
      explainReplicas(SCALE, decision("LoadBelowTarget", 1), 2).reason,
      "LoadBelowTarget",
    );
    assert.equal(explainReplicas(SCALE, decision("RouterSilent"), 2).reason, "RouterSilent");
  });

  it("forgets a hindrance that is over", () => {
    const silent = { reason: "RouterSilent", message: "…" };
    assert.equal(explainReplicas(silent, decision("WithinTarget"), 2).reason, "WithinTarget");
  });

  it("keeps the figures of the moment when the reason came, so that the status does not churn", () => {
    const first = explainReplicas(undefined, decision("AtMaximum", 2, "12 requests"), 2);
    const second = explainReplicas(first, decision("AtMaximum", 2, "13 requests"), 2);
    assert.equal(second.message, "12 requests");
  });
});
