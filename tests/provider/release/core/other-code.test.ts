// Pods that found other code than the released one: they stay as they are until the last of them is gone.
import assert from "node:assert/strict";
import { type ContainerStatus, type Pod } from "../../../../kubernetes/core/workload";
import { OTHER_CODE_EXIT } from "../../../../provider/release/core/bundle-config-map";
import { refusedItsCode } from "../../../../provider/release/core/other-code";

const ended = (exitCode: number) => ({ terminated: { exitCode } });

function pod(
  kind: "containerStatuses" | "initContainerStatuses",
  container: Partial<ContainerStatus>,
): Pod {
  const status = { name: "c", image: "node:24", ready: false, restartCount: 1, ...container };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "n" },
    status: { [kind]: [status] },
  };
}

describe("refusedItsCode()", () => {
  it("is said of a container, also a sidecar, whose last run ended so", () => {
    const waiting = { waiting: { reason: "CrashLoopBackOff" } };
    const lastState = ended(OTHER_CODE_EXIT);
    assert.ok(refusedItsCode(pod("containerStatuses", { state: lastState })));
    assert.ok(refusedItsCode(pod("initContainerStatuses", { state: waiting, lastState })));
  });

  it("is not said of one that runs since, or ended otherwise", () => {
    const lastState = ended(OTHER_CODE_EXIT);
    const state = { running: {} };
    assert.ok(!refusedItsCode(pod("containerStatuses", { ready: true, state, lastState })));
    assert.ok(!refusedItsCode(pod("containerStatuses", { state: ended(1), lastState })));
    assert.ok(!refusedItsCode(pod("containerStatuses", {})));
  });
});
