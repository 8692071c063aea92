// Every way in which pods fail to become ready, and the sentence for it.
import assert from "node:assert/strict";
import {
  exitedContainers,
  type Evidence,
  explainPods,
  type Trouble,
} from "../../../kubernetes/core/explain-pods";
import {
  type ContainerState,
  type ContainerStatus,
  type Event,
  type Pod,
  type ReplicaSet,
} from "../../../kubernetes/core/workload";

const container = (
  state: ContainerState,
  more: Partial<ContainerStatus> = {},
): ContainerStatus => ({
  name: "model",
  image: "contoso/model:2",
  ready: false,
  restartCount: 0,
  state,
  ...more,
});

const pod = (status: Pod["status"], name = "p"): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "n", uid: `uid-${name}` },
  ...(status === undefined ? {} : { status }),
});

const event = (reason: string, message: string, lastTimestamp = "2026-01-01T00:00:00Z"): Event => ({
  apiVersion: "v1",
  kind: "Event",
  metadata: { name: "e", namespace: "n" },
  reason,
  message,
  lastTimestamp,
  involvedObject: { uid: "uid-p" },
});

const explain = (evidence: Partial<Evidence>): Trouble | undefined =>
  explainPods({ replicaSet: undefined, pods: [], events: [], logs: {}, ...evidence });

const withContainer = (status: ContainerStatus) => pod({ containerStatuses: [status] });

const refusedFor = (message: string) =>
  withContainer(container({ waiting: { reason: "CreateContainerConfigError", message } }));

describe("explainPods()", () => {
  const refused: ReplicaSet = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name: "r", namespace: "n" },
    spec: {},
    status: {
      conditions: [{ type: "ReplicaFailure", status: "True", message: "exceeded quota: cpu" }],
    },
  };
  const cases: readonly (readonly [string, Partial<Evidence>, Trouble | undefined])[] = [
    [
      "names the image and the registry's message, which only the event still has while the kubelet backs off",
      {
        pods: [
          withContainer(
            container({
              waiting: { reason: "ImagePullBackOff", message: "Back-off pulling image" },
            }),
          ),
        ],
        events: [event("Failed", 'Failed to pull image "contoso/model:2": not found')],
      },
      {
        kind: "ImagePull",
        sentence:
          'image contoso/model:2 of container model can\'t be pulled: Failed to pull image "contoso/model:2": not found',
      },
    ],
    [
      "names exit code and last log lines of a crash",
      {
        pods: [
          withContainer(
            container(
              { waiting: { reason: "CrashLoopBackOff" } },
              { restartCount: 3, lastState: { terminated: { exitCode: 1 } } },
            ),
          ),
        ],
        logs: { "p/model": "Traceback\nValueError: no model\n" },
      },
      {
        kind: "Crash",
        sentence:
          "container model exited with code 1 (restarted 3 times); its log ends with: Traceback | ValueError: no model",
      },
    ],
    [
      "says when a container used too much memory",
      {
        pods: [
          withContainer(
            container(
              { waiting: { reason: "CrashLoopBackOff" } },
              {
                restartCount: 2,
                lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
              },
            ),
          ),
        ],
      },
      {
        kind: "Crash",
        sentence:
          "container model was killed because it used more memory than its limit (restarted 2 times); its log is empty",
      },
    ],
    [
      "says which probe had a container killed",
      {
        pods: [
          withContainer(
            container(
              { waiting: { reason: "CrashLoopBackOff" } },
              { restartCount: 2, lastState: { terminated: { exitCode: 143 } } },
            ),
          ),
        ],
        events: [
          event("Unhealthy", "Liveness probe failed: connection refused"),
          event("Killing", "Container model failed liveness probe, will be restarted"),
        ],
      },
      {
        kind: "Crash",
        sentence:
          "container model exited with code 143 after Liveness probe failed: connection refused (restarted 2 times); its log is empty",
      },
    ],
    [
      "blames no probe that failed because the container had ended",
      {
        pods: [
          withContainer(
            container(
              { waiting: { reason: "CrashLoopBackOff" } },
              { restartCount: 2, lastState: { terminated: { exitCode: 0 } } },
            ),
          ),
        ],
        events: [event("Unhealthy", "Startup probe failed: connection refused")],
      },
      {
        kind: "Crash",
        sentence: "container model exited with code 0 (restarted 2 times); its log is empty",
      },
    ],
    [
      "says so when a container ended once, which may be an accident",
      {
        pods: [
          withContainer(
            container(
              { waiting: { reason: "CrashLoopBackOff" } },
              { restartCount: 1, lastState: { terminated: { exitCode: 1 } } },
            ),
          ),
        ],
      },
      {
        kind: "Restart",
        sentence: "container model exited with code 1 (restarted once); its log is empty",
      },
    ],
    [
      "finds no fault with an init container that ended well",
      {
        pods: [
          pod({
            initContainerStatuses: [container({ terminated: { exitCode: 0 } }, { name: "init" })],
          }),
        ],
      },
      { kind: "Starting", sentence: "its pod is being started" },
    ],
    [
      "takes one restart for an accident",
      { pods: [withContainer(container({ running: {} }, { restartCount: 1 }))] },
      { kind: "Starting", sentence: "container model runs and isn't ready yet" },
    ],
    [
      "says what is short when no node has room",
      {
        pods: [
          pod({
            conditions: [
              { type: "PodScheduled", status: "False", message: "0/3 nodes: 3 Insufficient cpu." },
            ],
          }),
        ],
      },
      {
        kind: "Unschedulable",
        sentence: "no node has room for its pod: 0/3 nodes: 3 Insufficient cpu.",
      },
    ],
    [
      "names the probe that fails, by its newest event",
      {
        pods: [withContainer(container({ running: {} }))],
        events: [
          event("Unhealthy", "Readiness probe failed: statuscode: 500", "2026-01-01T00:00:09Z"),
          event("Unhealthy", "Readiness probe failed: connection refused"),
        ],
      },
      {
        kind: "Probe",
        sentence: "container model runs but isn't ready: Readiness probe failed: statuscode: 500",
      },
    ],
    [
      "names the quota that refuses pods",
      { replicaSet: refused },
      { kind: "Refused", sentence: "Kubernetes refuses to create its pods: exceeded quota: cpu" },
    ],
    [
      "names what a container lacks to be started",
      {
        pods: [
          withContainer(
            container({
              waiting: { reason: "CreateContainerConfigError", message: 'secret "x" not found' },
            }),
          ),
        ],
      },
      {
        kind: "Config",
        sentence: 'container model can\'t be started: secret "x" not found',
      },
    ],
    [
      "names the argument for an image that runs as root",
      { pods: [refusedFor("container has runAsNonRoot and image will run as root (pod: x)")] },
      {
        kind: "Config",
        sentence:
          'container model can\'t be started: image contoso/model:2 runs as root, which podSecurity "Restricted" refuses: give the version another user\'s number as runAsUser, or podSecurity "Baseline"',
      },
    ],
    [
      "names the argument for an image whose user is a name",
      {
        pods: [
          refusedFor(
            "container has runAsNonRoot and image has non-numeric user (dockeruser), cannot verify user is non-root (pod: x)",
          ),
        ],
      },
      {
        kind: "Config",
        sentence:
          'container model can\'t be started: image contoso/model:2 runs as user "dockeruser", which podSecurity "Restricted" takes for root without a number: give the version that user\'s number as runAsUser (docker run --rm --entrypoint id contoso/model:2 -u), or podSecurity "Baseline"',
      },
    ],
    ["has nothing to say without pods", {}, undefined],
  ];
  for (const [name, evidence, expected] of cases) {
    it(name, () => assert.deepEqual(explain(evidence), expected));
  }

  it("passes over pods that are being deleted", () => {
    const leaving = withContainer(container({ waiting: { reason: "ErrImagePull" } }));
    const metadata = { ...leaving.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" };
    assert.equal(explain({ pods: [{ ...leaving, metadata }] }), undefined);
  });

  it("names the gravest trouble of several pods", () => {
    const crashed = container({ terminated: { exitCode: 2 } }, { restartCount: 2 });
    const pods = [
      withContainer(container({ running: {} })),
      pod({ containerStatuses: [crashed] }, "q"),
    ];
    assert.equal(explain({ pods })?.kind, "Crash");
  });
});

describe("exitedContainers()", () => {
  it("asks for the former run's log while the container waits for its next", () => {
    const waiting = container({ waiting: { reason: "CrashLoopBackOff" } }, { restartCount: 2 });
    assert.deepEqual(exitedContainers([withContainer(waiting)]), [
      { pod: "p", container: "model", previous: true },
    ]);
  });
});
