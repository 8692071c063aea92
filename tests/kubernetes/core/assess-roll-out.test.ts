// When a Deployment counts as rolled out, and what counts as progress.
import assert from "node:assert/strict";
import {
  assessRollOut,
  describeProgress,
  furthestProgress,
  isRollingOut,
  progressOf,
  type RollOutProgress,
} from "../../../kubernetes/core/assess-roll-out";
import { type Deployment, type ReplicaSet } from "../../../kubernetes/core/workload";

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
    assert.deepEqual(assessRollOut(deployment(status), 1), { done: false, observed: true });
  });
});

const progressing = (reason: string) => [{ type: "Progressing", status: "True", reason }];

describe("isRollingOut()", () => {
  const started = { replicas: 3, updatedReplicas: 3, availableReplicas: 1 };

  it("is true until what is needed is ready", () => {
    const status = { ...started, conditions: progressing("NewReplicaSetCreated") };
    assert.equal(isRollingOut(deployment(status), 3), true);
    assert.equal(isRollingOut(deployment(status), 1), false);
  });

  it("is false for replicas that are added, or fail, once the roll-out is complete", () => {
    const status = { ...started, conditions: progressing("NewReplicaSetAvailable") };
    assert.equal(isRollingOut(deployment(status), 3), false);
  });

  it("is true while replicas of a former template remain, whatever the condition still says", () => {
    const conditions = progressing("NewReplicaSetAvailable");
    const status = { replicas: 3, updatedReplicas: 1, availableReplicas: 3, conditions };
    assert.equal(isRollingOut(deployment(status), 1), true);
  });

  it("is unknown until Kubernetes has observed the change", () => {
    assert.equal(isRollingOut(deployment({ ...started, observedGeneration: 1 }), 1), undefined);
  });
});

describe("progressOf() and describeProgress()", () => {
  const newest = (availableReplicas: number): ReplicaSet => ({
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name: "r", namespace: "n" },
    spec: {},
    status: { availableReplicas },
  });

  it("counts ready replicas of the newest template only", () => {
    const live = deployment({ replicas: 4, updatedReplicas: 2, availableReplicas: 3 });
    const progress = progressOf(live, newest(1));
    assert.deepEqual(progress, { created: 2, ready: 1, former: 2 });
    assert.equal(
      describeProgress(live, 1, progress),
      "1 of 3 replicas are ready, 2 former replicas remain",
    );
  });

  it("speaks of the needed replicas once no former one remains", () => {
    const live = deployment({ replicas: 3, updatedReplicas: 3, availableReplicas: 1 });
    assert.equal(
      describeProgress(live, 2, progressOf(live, newest(1))),
      "1 of 2 replicas are ready",
    );
  });
});

describe("furthestProgress()", () => {
  /** Whether each step after the first is progress. */
  const advances = (steps: readonly RollOutProgress[]): boolean[] => {
    const [first, ...others] = steps;
    let furthest = first;
    return others.map((step) => {
      const reached = furthestProgress(furthest, step);
      furthest = reached.furthest;
      return reached.advanced;
    });
  };

  it("is progress when a replica is created, one is ready, or a former one goes", () => {
    const steps = [
      { created: 0, ready: 0, former: 2 },
      { created: 1, ready: 0, former: 2 },
      { created: 1, ready: 1, former: 2 },
      { created: 1, ready: 1, former: 1 },
      { created: 1, ready: 1, former: 1 },
    ];
    assert.deepEqual(advances(steps), [true, true, true, false]);
  });

  it("is none when a replica that died is ready again, however often", () => {
    const flapping = [1, 0, 1, 0, 1].map((ready) => ({ created: 2, ready, former: 0 }));
    assert.deepEqual(advances(flapping), [false, false, false, false]);
  });
});
