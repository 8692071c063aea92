// When a Deployment counts as rolled out.
import assert from "node:assert/strict";
import { assessRollOut } from "../../../kubernetes/core/assess-roll-out";
import { type Deployment } from "../../../kubernetes/core/workload";

const deployment = (status: NonNullable<Deployment["status"]>): Deployment => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "d", namespace: "n", generation: 2 },
  spec: { replicas: 3, selector: { matchLabels: {} }, template: {} },
  status: { observedGeneration: 2, ...status },
});

describe("assessRollOut()", () => {
  it("is done when what is needed is ready and nothing of the former release remains", () => {
    const status = { replicas: 3, updatedReplicas: 3, availableReplicas: 3 };
    assert.deepEqual(assessRollOut(deployment(status), 3), { done: true });
  });

  it("doesn't wait for replicas that a scaler asks for beyond what is needed", () => {
    const status = { replicas: 3, updatedReplicas: 3, availableReplicas: 1 };
    assert.deepEqual(assessRollOut(deployment(status), 1), { done: true });
  });

  it("waits for the controller to see the change", () => {
    const status = { observedGeneration: 1, replicas: 3, updatedReplicas: 3, availableReplicas: 3 };
    const verdict = assessRollOut(deployment(status), 1);
    assert.deepEqual(verdict.done || verdict.observed, false);
  });

  it("waits for replicas of the former release, which count as available", () => {
    const status = { replicas: 3, updatedReplicas: 1, availableReplicas: 3 };
    const verdict = assessRollOut(deployment(status), 1);
    assert.ok(!verdict.done);
    assert.equal(verdict.message, "2 replicas of the former release remain");
  });
});
