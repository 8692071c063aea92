// One tick over all versions: who is scaled, who is left alone, and why.

import assert from "node:assert/strict";
import { NAMESPACE_UNREADABLE } from "../../../../../contracts/metrics-channel/router-sample";
import { AUTOSCALE_BOUNDS } from "../../../../../contracts/model-endpoint/limits";
import type { CountedRouters } from "../../../../../serving/autoscaler/load/core/aggregate-samples";
import type { ListedDeployment } from "../../../../../kubernetes/core/workload";
import {
  planScaling,
  type VersionRecord,
} from "../../../../../serving/autoscaler/scale/core/plan-scaling";
import {
  ENDPOINT_LABEL,
  type EndpointVersion,
  type ModelEndpoint,
  SCALE_MODE_ANNOTATION,
  VERSION_LABEL,
} from "../../../../../contracts/model-endpoint/model-endpoint";
import { autoscaleOf, endpointOf, versionOf } from "../../../../support/model-endpoints";

const AUTOSCALE = autoscaleOf();

function endpoint(version: Partial<EndpointVersion>): ModelEndpoint {
  const blue = { serviceName: "churn-blue", deploymentName: "churn-blue", ...version };
  return endpointOf({ versions: [versionOf("blue", blue)] }, { namespace: "models" });
}

function deployment(mode: string | undefined): ListedDeployment {
  const annotations = mode === undefined ? {} : { [SCALE_MODE_ANNOTATION]: mode };
  const labels = { [ENDPOINT_LABEL]: "churn", [VERSION_LABEL]: "blue" };
  return { metadata: { name: "churn-blue", labels, annotations }, spec: { replicas: 1 } };
}

function routersWith(inFlight: number, receivedAtMs: number): CountedRouters {
  const blue = { inFlight, queued: 0, slots: 1, arrivals: 0, draining: {} };
  const sample = { appliedGeneration: 1, versions: { blue } };
  const endpoints = new Map([["models/churn", sample]]);
  return { ok: true, views: [{ router: "r", sequence: 1, receivedAtMs, endpoints }] };
}

/** Two seconds under five requests. */
function planUnderLoad(
  resource: ModelEndpoint,
  deployments: readonly ListedDeployment[],
): VersionRecord | undefined {
  let records: ReadonlyMap<string, VersionRecord> = new Map();
  for (let nowMs = 0; nowMs <= 2_000; nowMs += 100) {
    const input = {
      endpoints: new Map([["models/churn", resource]]),
      deployments: new Map(deployments.map((each) => [`models/${each.metadata.name}`, each])),
      routers: routersWith(5, nowMs),
      holdMs: 60_000,
    };
    records = planScaling(input, records, nowMs);
  }
  return records.get("models/churn/blue");
}

describe("planScaling()", () => {
  it("plans for a Deployment whose scale mode is auto", () => {
    const record = planUnderLoad(endpoint({ autoscale: AUTOSCALE }), [deployment("auto")]);
    assert.equal(record?.plan?.decision.replicas, 8);
    assert.equal(record?.explanation.reason, "LoadAboveTarget");
  });

  it("never plans for one whose mode is fixed, or that has none, and says so", () => {
    for (const mode of ["fixed", undefined]) {
      const record = planUnderLoad(endpoint({ autoscale: AUTOSCALE }), [deployment(mode)]);
      assert.equal(record?.plan, undefined);
      assert.equal(record?.explanation.reason, "ScaleModeNotAuto");
    }
  });

  it("never plans for a Deployment without the labels of this endpoint and version", () => {
    const own = deployment("auto");
    const labels = [
      {},
      { [ENDPOINT_LABEL]: "fraud", [VERSION_LABEL]: "blue" },
      { [ENDPOINT_LABEL]: "churn", [VERSION_LABEL]: "green" },
    ];
    for (const each of labels) {
      const foreign = { ...own, metadata: { ...own.metadata, labels: each } };
      const record = planUnderLoad(endpoint({ autoscale: AUTOSCALE }), [foreign]);
      assert.equal(record?.plan, undefined);
      assert.equal(record?.explanation.reason, "DeploymentNotOwn");
    }
  });

  it("lets one of two versions that name a Deployment scale it, the one whose labels it has", () => {
    const named = { deploymentName: "churn-blue", autoscale: AUTOSCALE };
    const versions = [versionOf("blue", named), versionOf("green", { ...named, isDefault: false })];
    const resource = endpointOf({ versions }, { namespace: "models" });
    const records = planScaling(
      {
        endpoints: new Map([["models/churn", resource]]),
        deployments: new Map([["models/churn-blue", deployment("auto")]]),
        routers: routersWith(5, 0),
        holdMs: 60_000,
      },
      new Map(),
      0,
    );
    assert.deepEqual(
      [...records].map(([key, { plan }]) => [key, plan !== undefined]),
      [
        ["models/churn/blue", true],
        ["models/churn/green", false],
      ],
    );
  });

  it("stays within the maxima, whatever an older schema let through", () => {
    const huge = autoscaleOf({ minReplicas: 2 ** 31 - 1, maxReplicas: 2 ** 31 - 1 });
    const record = planUnderLoad(endpoint({ autoscale: huge }), [deployment("auto")]);
    assert.equal(record?.plan?.decision.replicas, AUTOSCALE_BOUNDS.maxReplicas.maximum);
  });

  it("leaves a fixed number of replicas to Pulumi, whatever the annotation says", () => {
    const record = planUnderLoad(endpoint({ numReplicas: 3 }), [deployment("auto")]);
    assert.equal(record?.plan, undefined);
    assert.deepEqual(record?.explanation, {
      reason: "FixedReplicas",
      message: "numReplicas is 3.",
    });
  });

  it("waits for a Deployment that does not exist, with the load already known", () => {
    const record = planUnderLoad(endpoint({ autoscale: AUTOSCALE }), []);
    assert.equal(record?.explanation.reason, "DeploymentMissing");
    assert.ok(record?.history);
  });

  it("holds, with the reason, while the routers' numbers are not the load", () => {
    const resource = endpoint({ autoscale: AUTOSCALE });
    const before = new Map([
      ["models/churn/blue", planUnderLoad(resource, [deployment("auto")]) as VersionRecord],
    ]);
    const silent = { ok: false, reason: "RouterSilent", message: "r is silent." } as const;
    const input = {
      endpoints: new Map([["models/churn", resource]]),
      deployments: new Map([["models/churn-blue", deployment("auto")]]),
      routers: silent,
      holdMs: 60_000,
    };
    const record = planScaling(input, before, 2_100).get("models/churn/blue");
    assert.equal(record?.plan?.decision.replicas, 1);
    assert.deepEqual(record?.explanation, { reason: "RouterSilent", message: "r is silent." });
  });

  it("holds while a router can't see the replicas: it would send nothing to a new one", () => {
    const message = "the router can't read the namespace";
    const problem = { reason: NAMESPACE_UNREADABLE, message };
    const seen = routersWith(5, 0);
    assert.ok(seen.ok);
    const views = seen.views.map((view) => ({
      ...view,
      endpoints: new Map([["models/churn", { appliedGeneration: 1, problem, versions: {} }]]),
    }));
    const input = {
      endpoints: new Map([["models/churn", endpoint({ autoscale: AUTOSCALE })]]),
      deployments: new Map([["models/churn-blue", deployment("auto")]]),
      routers: { ok: true, views } as const,
      holdMs: 60_000,
    };
    const record = planScaling(input, new Map(), 0).get("models/churn/blue");
    assert.equal(record?.plan, undefined);
    assert.deepEqual(record?.explanation, {
      reason: NAMESPACE_UNREADABLE,
      message: `The number of replicas is held: r: ${message}.`,
    });
  });

  it("forgets versions that are gone", () => {
    const record = planUnderLoad(endpoint({ autoscale: AUTOSCALE }), []) as VersionRecord;
    const input = {
      endpoints: new Map<string, ModelEndpoint>(),
      deployments: new Map<string, ListedDeployment>(),
      routers: routersWith(0, 0),
      holdMs: 1,
    };
    assert.equal(planScaling(input, new Map([["models/churn/blue", record]]), 0).size, 0);
  });
});
