// Waits until a Deployment is rolled out, or says in one sentence why it can't be.
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
  /** Replicas that must be available, out of what the Deployment asks for. */
  readonly needed: (deployment: Deployment) => number;
  readonly timeoutMs: number;
  readonly report: Report;
  /** Ends the wait early. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

export type RollOutOutcome =
  | { readonly ok: true }
  /** `message` begins with `Deployment/<name>`; `aborted` when the signal ended the wait. */
  | { readonly ok: false; readonly aborted?: boolean; readonly message: string };

/** A Deployment may be created a moment after whoever waits for it looks for the first time. */
const APPEARANCE_MS = 30_000;

/** @throws KubeError when the cluster can't be asked */
export async function waitForRollOut(rollOut: RollOut): Promise<RollOutOutcome> {
  const { name, report, timeoutMs, clock = systemClock } = rollOut;
  const began = clock.now();
  let trouble: { readonly seen: Trouble; readonly since: number } | undefined;
  for (;;) {
    const deployment = await readDeployment(rollOut);
    const verdict = deployment && assessRollOut(deployment, rollOut.needed(deployment));
    if (verdict?.done) return { ok: true };
    const elapsed = clock.now() - began;
    if (deployment === undefined && elapsed > Math.min(APPEARANCE_MS, timeoutMs)) {
      return failed(name, "it doesn't exist");
    }
    const seen =
      deployment && verdict?.observed ? await findTrouble(rollOut, deployment) : undefined;
    if (seen === undefined) trouble = undefined;
    else if (trouble?.seen.kind !== seen.kind) trouble = { seen, since: clock.now() };
    else trouble = { seen, since: trouble.since };

    if (trouble !== undefined) {
      const patience = PATIENCE_MS[trouble.seen.kind];
      if (patience !== undefined && clock.now() - trouble.since >= patience) {
        return failed(name, trouble.seen.sentence);
      }
    }
    const waitsFor = trouble?.seen.sentence ?? verdict?.message ?? "it doesn't exist yet";
    if (elapsed >= timeoutMs) {
      return failed(name, `not ready after ${Math.round(timeoutMs / 1000)} s: ${waitsFor}`);
    }
    if (rollOut.signal?.aborted) return { ...failed(name, waitsFor), aborted: true };
    report(`Deployment/${name}: ${waitsFor}`);
    await clock.sleep(POLL_MS);
  }
}

function failed(name: string, why: string) {
  return { ok: false as const, message: `Deployment/${name} can't be rolled out: ${why}` };
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
