import assert from "node:assert/strict";
import { applySteps } from "../../../../../serving/router/haproxy/core/apply-steps";
import { emptyLive } from "../../../../../serving/router/haproxy/core/live-model";
import { planUpdate } from "../../../../../serving/router/haproxy/core/plan-update";
import { buildModel } from "../../../../../serving/router/model/core/build-model";
import { endpointOf, sliceOf, versionOf } from "../../../../support/model-endpoints";

describe("applySteps()", () => {
  const model = buildModel(
    [endpointOf({ versions: [versionOf("blue"), versionOf("green", { isDefault: false })] })],
    [...sliceOf("blue", { a: "10.0.0.1:5001" }), ...sliceOf("green", { b: "10.0.0.2:5001" })],
  );
  const empty = emptyLive("1");
  const plan = planUpdate(empty, model).flatMap(({ steps }) => steps);
  const live = applySteps(empty, plan);

  it("leaves the model that it is given as it was", () => {
    assert.deepEqual(empty, emptyLive("1"));
    const drained = applySteps(live, [
      { kind: "drainReplica", version: "ns.churn.blue", replica: "a" },
      { kind: "deleteRoute", endpoint: "churn" },
    ]);
    const limit = ({ versions }: typeof live) =>
      versions.get("ns.churn.blue")?.replicas.get("a")?.limit;
    assert.deepEqual([limit(live), limit(drained)], [1, undefined]);
    assert.deepEqual([live.routes.size, drained.routes.size], [1, 0]);
  });

  it("shares what no step changed", () => {
    const closed = applySteps(live, [{ kind: "unpublishVersion", version: "ns.churn.blue" }]);
    assert.equal(closed.versions.get("ns.churn.green"), live.versions.get("ns.churn.green"));
    assert.notEqual(closed.versions.get("ns.churn.blue"), live.versions.get("ns.churn.blue"));
    assert.equal(closed.routes, live.routes);
    assert.equal(applySteps(live, []).versions, live.versions);
  });

  it("gives the same for one step after the other as for all at once", () => {
    let stepwise = empty;
    for (const step of plan) stepwise = applySteps(stepwise, [step]);
    assert.deepEqual(stepwise, live);
  });
});
