// The wait for a roll-out lasts while it progresses, however long, and ends when it only goes up and down.
import assert from "node:assert/strict";
import { KubeClient } from "../../../kubernetes/io/kube-client";
import { type RollOutOutcome, waitForRollOut } from "../../../kubernetes/io/wait-for-roll-out";
import { openApiServer } from "../../support/api-server";

const REPLICAS = 6;
const TIMEOUT_MS = 45_000;

/** Waits for a new Deployment of which so many replicas are ready at each time, by a clock that costs no time. */
async function waitFor(
  readyAt: (nowMs: number) => number,
  failsAt: (nowMs: number) => boolean = () => false,
  /** When the kubelet had last failed to mount a volume, as its event says. */
  mountFailedAt: (nowMs: number) => string | undefined = () => undefined,
): Promise<{ outcome: RollOutOutcome; said: readonly string[]; elapsedMs: number }> {
  let nowMs = 0;
  const said = new Set<string>();
  const metadata = {
    name: "d",
    namespace: "n",
    uid: "d",
    generation: 1,
    annotations: { "deployment.kubernetes.io/revision": "1" },
  };
  const server = await openApiServer((request, response) => {
    if (failsAt(nowMs)) return void response.writeHead(401).end('{"message":"Unauthorized"}');
    const ready = readyAt(nowMs);
    const path = request.url ?? "";
    const items = path.includes("/replicasets")
      ? [
          {
            metadata: { ...metadata, name: "r", uid: "r", ownerReferences: [{ uid: "d" }] },
            spec: {},
            status: { availableReplicas: ready },
          },
        ]
      : podItems(path, mountFailedAt(nowMs));
    const deployment = {
      metadata,
      spec: { replicas: REPLICAS, selector: { matchLabels: { app: "d" } }, template: {} },
      status: {
        observedGeneration: 1,
        replicas: REPLICAS,
        updatedReplicas: REPLICAS,
        availableReplicas: ready,
      },
    };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(path.includes("/deployments/") ? deployment : { items }));
  });
  try {
    const outcome = await waitForRollOut({
      client: KubeClient.fromKubeConfig(server.kubeconfig),
      namespace: "n",
      name: "d",
      needed: () => REPLICAS,
      timeoutMs: TIMEOUT_MS,
      report: (message) => said.add(message),
      clock: {
        now: () => nowMs,
        sleep: () => {
          nowMs += 5_000;
          return Promise.resolve();
        },
      },
    });
    return { outcome, said: [...said], elapsedMs: nowMs };
  } finally {
    await server.close();
  }
}

/** A pod that waits for a volume, and its event. */
function podItems(path: string, failedAt: string | undefined): readonly object[] {
  if (failedAt === undefined) return [];
  const metadata = { name: "p", uid: "p", ownerReferences: [{ uid: "r" }] };
  if (path.includes("/pods")) return [{ metadata, status: { phase: "Pending", conditions: [] } }];
  const involvedObject = { uid: "p", name: "p" };
  const event = { reason: "FailedMount", message: "no Secret", lastTimestamp: failedAt };
  return path.includes("/events") ? [{ metadata: {}, involvedObject, ...event }] : [];
}

describe("waitForRollOut()", () => {
  it("lasts longer than its timeout while one replica after the other becomes ready, and says how far it is", async () => {
    const { outcome, said, elapsedMs } = await waitFor((nowMs) => Math.floor(nowMs / 20_000));
    assert.deepEqual(outcome, { ok: true });
    assert.equal(elapsedMs, REPLICAS * 20_000);
    assert.deepEqual(
      said,
      [0, 1, 2, 3, 4, 5].map((ready) => `Deployment/d: ${ready} of 6 replicas are ready`),
    );
  });

  it("ends when replicas become ready and fail in turns", async () => {
    const { outcome, elapsedMs } = await waitFor((nowMs) => (nowMs / 5_000) % 2);
    assert.deepEqual(outcome, {
      ok: false,
      missing: false,
      message: "Deployment/d can't be rolled out: no progress for 45 s: 0 of 6 replicas are ready",
    });
    assert.equal(elapsedMs, 5_000 + TIMEOUT_MS);
  });

  it("waits for the kubelet to try again what failed before, and fails when that fails, too", async () => {
    const ready = (nowMs: number) => (nowMs >= 40_000 ? REPLICAS : 0);
    const old = await waitFor(ready, undefined, () => "2026-01-01T00:00:00Z");
    assert.deepEqual(old.outcome, { ok: true });
    const again = await waitFor(ready, undefined, (nowMs) =>
      nowMs < 10_000 ? "2026-01-01T00:00:00Z" : "2026-01-01T00:00:32Z",
    );
    assert.deepEqual(again.outcome, {
      ...{ ok: false, missing: false },
      message: "Deployment/d can't be rolled out: a volume can't be mounted: no Secret",
    });
    assert.equal(again.elapsedMs, 25_000);
  });

  it("outlasts errors that the client doesn't repeat, for a minute at most", async () => {
    const steadily = (nowMs: number) => Math.floor(nowMs / 40_000);
    const { outcome } = await waitFor(steadily, (nowMs) => nowMs === 60_000 || nowMs === 130_000);
    assert.deepEqual(outcome, { ok: true });
    const down = (nowMs: number) => nowMs >= 60_000;
    await assert.rejects(waitFor(steadily, down), {
      message: /^Can't read Deployment\/d in namespace n: Unauthorized/,
    });
    await assert.rejects(
      waitFor(steadily, () => true),
      /^KubeError: Can't read Deployment\/d/,
    );
  });
});
