// What a router reports to the autoscaler of each endpoint.
import assert from "node:assert/strict";
import { buildModel } from "../../../../../serving/router/model/core/build-model";
import { buildSamples, sampledIds } from "../../../../../serving/router/load/core/build-samples";
import { applySteps } from "../../../../../serving/router/haproxy/core/apply-steps";
import { emptyLive } from "../../../../../serving/router/haproxy/core/live-model";
import { planUpdate } from "../../../../../serving/router/haproxy/core/plan-update";
import { endpointOf, sliceOf, versionOf } from "../../../../support/model-endpoints";

describe("buildSamples()", () => {
  const pods = { a: "10.0.0.1:5001", b: "10.0.0.2:5001", c: undefined };
  const limit = { maxConcurrentRequestsPerContainer: 2 };
  const before = buildModel(
    [endpointOf({ versions: [versionOf("blue", limit)] })],
    sliceOf("blue", pods),
  );
  const empty = emptyLive("1");
  const live = applySteps(
    empty,
    planUpdate(empty, before).flatMap(({ steps }) => steps),
  );

  const facts = {
    ...{ model: before, live },
    applied: new Map([["ns/churn", 1]]),
    loads: new Map([["ns.churn.blue", { present: 5, arrivals: 9, computing: 4, orphans: 1 }]]),
    draining: new Map<string, Readonly<Record<string, number>>>(),
  };

  it("counts slots of the replicas in use, the queue without orphans, and lists who takes nothing", () => {
    assert.deepEqual(buildSamples(facts, ["ns/churn"])["ns/churn"], {
      appliedGeneration: 1,
      versions: { blue: { inFlight: 4, queued: 2, slots: 4, arrivals: 9, draining: { c: 0 } } },
    });
  });

  it("lists a leaving replica with what it still computes, and not before HAProxy stopped using it", () => {
    const after = buildModel(
      [endpointOf({ versions: [versionOf("blue", limit)] })],
      sliceOf("blue", { ...pods, b: undefined }),
    );
    const blue = (draining: Readonly<Record<string, number>>, now = live) =>
      buildSamples(
        { ...facts, live: now, model: after, draining: new Map([["ns.churn.blue", draining]]) },
        ["ns/churn"],
      )["ns/churn"]?.versions["blue"];
    assert.deepEqual(blue({})?.draining, { c: 0 });
    const left = applySteps(live, [
      { kind: "drainReplica", version: "ns.churn.blue", replica: "b" },
    ]);
    const busy = blue({ b: 2 }, left);
    assert.deepEqual([busy?.draining, busy?.slots], [{ b: 2, c: 0 }, 2]);
    assert.deepEqual(blue({}, left)?.draining, { b: 0, c: 0 });
  });

  it("tells of endpoints that are not served: suspended, or with a problem", () => {
    const model = buildModel(
      [
        endpointOf({ suspended: true }, { name: "asleep", generation: 4 }),
        endpointOf({ versions: [] }, { name: "wrong" }),
      ],
      [],
    );
    const samples = buildSamples(
      { ...facts, model, applied: new Map([["ns/asleep", 4]]) },
      sampledIds(model),
    );
    assert.deepEqual(samples["ns/asleep"], { appliedGeneration: 4, versions: {} });
    assert.equal(samples["ns/wrong"]?.appliedGeneration, 0);
    assert.equal(samples["ns/wrong"]?.problem?.reason, "InvalidSpec");
  });
});
