// Waits until a Deployment is rolled out, or returns one sentence that says why it can't be.
import { crashedContainers, explainPods, PATIENCE_MS, type Trouble } from "../core/explain-pods";
import { assessRollOut, newestReplicaSet, ownedBy } from "../core/assess-roll-out";
import { type Deployment, type Event, type Pod, type ReplicaSet } from "../core/workload";
import { type KubeClient } from "./kube-client";
import { type Report } from "../../runtime/progress";
import { type Clock, POLL_MS, systemClock } from "../../runtime/clock";

export interface RollOut {
  readonly client: KubeClient;
  readonly namespace: string;
  /** Name of the Deployment. */
  readonly name: string;
  /** Number of replicas that must be available, given the live Deployment. */
  readonly needed: (deployment: Deployment) => number;
  readonly timeoutMs: number;
  readonly report: Report;
  /** Ends the wait early. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

export type RollOutOutcome =
  | { readonly ok: true }
  /** `message` starts with `Deployment/<name>`; `aborted` is true when the signal ended the wait. */
  | { readonly ok: false; readonly aborted?: boolean; readonly message: string };

/** Milliseconds for the Deployment to appear: it may be created shortly after the wait starts. */
const APPEARANCE_MS = 30_000;

/** @throws KubeError when a request to the API server fails */
export async function waitForRollOut(rollOut: RollOut): Promise<RollOutOutcome> {
  const { name, report, timeoutMs, clock = systemClock } = rollOut;
  const startedMs = clock.now();
  let current: { readonly trouble: Trouble; readonly sinceMs: number } | undefined;
  for (;;) {
    const deployment = await readDeployment(rollOut);
    const verdict = deployment && assessRollOut(deployment, rollOut.needed(deployment));
    if (verdict?.done) return { ok: true };
    const elapsedMs = clock.now() - startedMs;
    if (deployment === undefined && elapsedMs > Math.min(APPEARANCE_MS, timeoutMs)) {
      return failed(name, "it doesn't exist");
    }
    const trouble =
      deployment && verdict?.observed ? await findTrouble(rollOut, deployment) : undefined;
    if (trouble === undefined) current = undefined;
    else if (current?.trouble.kind !== trouble.kind) current = { trouble, sinceMs: clock.now() };
    else current = { trouble, sinceMs: current.sinceMs };

    if (current !== undefined) {
      const patienceMs = PATIENCE_MS[current.trouble.kind];
      if (patienceMs !== undefined && clock.now() - current.sinceMs >= patienceMs) {
        return failed(name, current.trouble.sentence);
      }
    }
    const reason = trouble?.sentence ?? verdict?.message ?? "it doesn't exist yet";
    if (elapsedMs >= timeoutMs) {
      return failed(name, `not ready after ${Math.round(timeoutMs / 1000)} s: ${reason}`);
    }
    if (rollOut.signal?.aborted) return { ...failed(name, reason), aborted: true };
    report(`Deployment/${name}: ${reason}`);
    await clock.sleep(POLL_MS);
  }
}

function failed(name: string, reason: string) {
  return { ok: false as const, message: `Deployment/${name} can't be rolled out: ${reason}` };
}

async function readDeployment({
  client,
  namespace,
  name,
}: RollOut): Promise<Deployment | undefined> {
  return client.read<Deployment>({ apiVersion: "apps/v1", kind: "Deployment", namespace }, name);
}

async function findTrouble(
  { client, namespace }: RollOut,
  deployment: Deployment,
): Promise<Trouble | undefined> {
  const labels = Object.entries(deployment.spec.selector.matchLabels)
    .map(([label, value]) => `${label}=${value}`)
    .join(",");
  const [replicaSets, pods] = await Promise.all([
    client.list<ReplicaSet>({ apiVersion: "apps/v1", kind: "ReplicaSet", namespace }, { labels }),
    client.list<Pod>({ apiVersion: "v1", kind: "Pod", namespace }, { labels }),
  ]);
  const replicaSet = newestReplicaSet(deployment, replicaSets);
  if (replicaSet === undefined) return undefined;
  const newest = ownedBy(replicaSet, pods);
  const [events, logs] = await Promise.all([
    readEvents(client, namespace, newest),
    readLogs(client, namespace, newest),
  ]);
  return explainPods({ replicaSet, pods: newest, events, logs });
}

async function readEvents(
  client: KubeClient,
  namespace: string,
  pods: readonly Pod[],
): Promise<readonly Event[]> {
  const unready = pods.filter((pod) =>
    pod.status?.conditions?.every(({ type, status }) => type !== "Ready" || status !== "True"),
  );
  const locator = { apiVersion: "v1", kind: "Event", namespace };
  const lists = await Promise.all(
    unready.map((pod) =>
      client.list<Event>(locator, { fields: `involvedObject.uid=${pod.metadata.uid ?? ""}` }),
    ),
  );
  return lists.flat();
}

async function readLogs(
  client: KubeClient,
  namespace: string,
  pods: readonly Pod[],
): Promise<Readonly<Record<string, string>>> {
  const logs = await Promise.all(
    crashedContainers(pods).map(async ({ pod, container, previous }) => {
      const text = await client.logTail(namespace, pod, container, { lines: 5, previous });
      return [`${pod}/${container}`, text] as const;
    }),
  );
  return Object.fromEntries(logs);
}
