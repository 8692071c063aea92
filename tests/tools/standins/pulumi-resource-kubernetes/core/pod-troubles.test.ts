/** What is said about pods that are not ready. */
import assert from "node:assert/strict";
import { podTroubles } from "../../../../../tools/standins/pulumi-resource-kubernetes/core/pod-troubles";

const pod = (status: object) => ({ metadata: { name: "web-1" }, status });
const container = (state: object, more: object = {}) =>
  pod({ containerStatuses: [{ name: "web", ready: false, state, ...more }] });

describe("podTroubles()", () => {
  it("tells of a crash with its exit code and last message", () => {
    const lastState = { terminated: { exitCode: 3, message: "no model\n" } };
    const waiting = { reason: "CrashLoopBackOff", message: "back-off 10s" };
    assert.deepEqual(podTroubles([container({ waiting }, { lastState })]), [
      '[Pod web-1]: container "web" waits: CrashLoopBackOff (back-off 10s); it ended with exit code 3: no model',
    ]);
  });

  it("tells of an image that can't be pulled and of a probe that fails", () => {
    const waiting = { reason: "ImagePullBackOff", message: "not found" };
    assert.match(podTroubles([container({ waiting })])[0] ?? "", /ImagePullBackOff \(not found\)/);
    assert.match(podTroubles([container({ running: {} })])[0] ?? "", /runs but is not ready/);
  });

  it("tells why a pod is not scheduled", () => {
    const conditions = [{ type: "PodScheduled", status: "False", message: "Insufficient cpu" }];
    assert.deepEqual(podTroubles([pod({ conditions })]), [
      "[Pod web-1]: not scheduled: Insufficient cpu",
    ]);
  });

  it("says nothing of ready pods and of those on their way", () => {
    const ready = pod({
      containerStatuses: [{ name: "web", ready: true, state: { running: {} } }],
    });
    const starting = container({ waiting: { reason: "ContainerCreating" } });
    assert.deepEqual(podTroubles([ready, starting]), []);
  });
});
