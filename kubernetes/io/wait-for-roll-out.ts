// Waits until a Deployment is rolled out, or returns one sentence that says why it can't be.
import { exitedContainers, explainPods, PATIENCE_MS, type Trouble } from "../core/explain-pods";
import {
  assessRollOut,
  describeProgress,
  furthestProgress,
  newestReplicaSet,
  ownedBy,
  progressOf,
  type RollOutProgress,
} from "../core/assess-roll-out";
import { type Deployment, type Event, type Pod, type ReplicaSet } from "../core/workload";
import { type KubeClient } from "./kube-client";
import { patiently } from "./patiently";
import { type Report } from "../../runtime/progress";
import { type Clock, POLL_MS, systemClock } from "../../runtime/clock";

export interface RollOut {
  readonly client: KubeClient;
  readonly namespace: string;
  /** Name of the Deployment. */
  readonly name: string;
  /** Number of replicas that must be available, given the live Deployment. */
  readonly needed: (deployment: Deployment) => number;
  /**
   * Milliseconds without progress after which the wait ends. Progress is one more replica of the newest template, one
   * more that is ready, or one fewer of a former template than ever before, so the wait ends.
   */
  readonly timeoutMs: number;
  readonly report: Report;
  readonly clock?: Clock;
}

export type RollOutOutcome =
  | { readonly ok: true }
  /** `message` starts with `Deployment/<name>`, and has no full stop; `missing`: there is no Deployment. */
  | { readonly ok: false; readonly missing: boolean; readonly message: string };

/** Milliseconds for the Deployment to appear: it may be created shortly after the wait starts. */
const APPEARANCE_MS = 10_000;

/** @throws KubeError when requests to the API server keep failing (patiently.ts) */
export async function waitForRollOut(rollOut: RollOut): Promise<RollOutOutcome> {
  const { client, namespace, name, needed, report, timeoutMs, clock = systemClock } = rollOut;
  let progressMs = clock.now();
  let furthest: RollOutProgress | undefined;
  let current: { readonly trouble: Trouble; readonly sinceMs: number } | undefined;
  /** When the kubelet had tried last before this wait: what failed then may be there by now. */
  let triedBefore: string | undefined;
  let isFirst = true;
  const look = patiently(client, clock);
  for (;;) {
    const deployment = await look(() => readDeployment(rollOut));
    const verdict = deployment && assessRollOut(deployment, needed(deployment));
    if (verdict?.done) return { ok: true };
    if (
      deployment === undefined &&
      clock.now() - progressMs >= Math.min(APPEARANCE_MS, timeoutMs)
    ) {
      return { ok: false, missing: true, message: `Deployment/${name} doesn't exist` };
    }
    const found =
      deployment && verdict?.observed
        ? await look(() => inspect(client, namespace, deployment))
        : undefined;
    if (found !== undefined) {
      const reached = furthestProgress(furthest, found.progress);
      if (reached.advanced) progressMs = clock.now();
      furthest = reached.furthest;
    }
    if (found !== undefined && isFirst) {
      triedBefore = found.trouble?.triedAt;
      isFirst = false;
    }
    const trouble = found?.trouble && sinceThen(found.trouble, triedBefore);
    if (trouble === undefined) current = undefined;
    else if (current?.trouble.kind !== trouble.kind) current = { trouble, sinceMs: clock.now() };
    else current = { trouble, sinceMs: current.sinceMs };

    if (current !== undefined) {
      const patienceMs = PATIENCE_MS[current.trouble.kind];
      if (patienceMs !== undefined && clock.now() - current.sinceMs >= patienceMs) {
        return failed(name, current.trouble.sentence);
      }
    }
    const state = describe(deployment, needed, found);
    if (clock.now() - progressMs >= timeoutMs) {
      return failed(name, `no progress for ${Math.round(timeoutMs / 1000)} s: ${state}`);
    }
    report(`Deployment/${name}: ${state}`);
    await clock.sleep(POLL_MS);
  }
}

/** The kubelet tries again to mount a volume after up to two minutes (exponential_backoff.go): until then, nothing is known. */
function sinceThen(trouble: Trouble, triedBefore: string | undefined): Trouble {
  const isOld = trouble.triedAt !== undefined && trouble.triedAt === triedBefore;
  return isOld ? { ...trouble, kind: "Starting" } : trouble;
}

function failed(name: string, reason: string) {
  const message = `Deployment/${name} can't be rolled out: ${reason}`;
  return { ok: false as const, missing: false, message };
}

interface Found {
  readonly progress: RollOutProgress;
  readonly trouble: Trouble | undefined;
}

/** How far the roll-out is, and what holds it up. */
function describe(
  deployment: Deployment | undefined,
  needed: RollOut["needed"],
  found: Found | undefined,
): string {
  if (deployment === undefined) return "it doesn't exist yet";
  if (found === undefined) return "Kubernetes hasn't observed the change yet";
  const progress = describeProgress(deployment, needed(deployment), found.progress);
  return found.trouble === undefined ? progress : `${progress}; ${found.trouble.sentence}`;
}

async function readDeployment({
  client,
  namespace,
  name,
}: RollOut): Promise<Deployment | undefined> {
  return client.read<Deployment>({ apiVersion: "apps/v1", kind: "Deployment", namespace }, name);
}

/** The ReplicaSets of a Deployment, of all its templates that Kubernetes still knows. */
export async function readReplicaSets(
  client: KubeClient,
  deployment: Deployment,
): Promise<readonly ReplicaSet[]> {
  const { namespace } = deployment.metadata;
  const locator = { apiVersion: "apps/v1", kind: "ReplicaSet", namespace };
  const labels = selectorOf(deployment);
  return ownedBy(deployment, await client.list<ReplicaSet>(locator, { labels }));
}

function selectorOf({ spec }: Deployment): string {
  return Object.entries(spec.selector.matchLabels)
    .map(([label, value]) => `${label}=${value}`)
    .join(",");
}

async function inspect(
  client: KubeClient,
  namespace: string,
  deployment: Deployment,
): Promise<Found> {
  const [replicaSets, pods] = await Promise.all([
    readReplicaSets(client, deployment),
    client.list<Pod>(
      { apiVersion: "v1", kind: "Pod", namespace },
      { labels: selectorOf(deployment) },
    ),
  ]);
  const replicaSet = newestReplicaSet(deployment, replicaSets);
  const progress = progressOf(deployment, replicaSet);
  if (replicaSet === undefined) return { progress, trouble: undefined };
  const newest = ownedBy(replicaSet, pods);
  const [events, logs] = await Promise.all([
    readEvents(client, namespace, newest),
    readLogs(client, namespace, newest),
  ]);
  return { progress, trouble: explainPods({ replicaSet, pods: newest, events, logs }) };
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
    exitedContainers(pods).map(async ({ pod, container, previous }) => {
      const text = await client.logTail(namespace, pod, container, { lines: 5, previous });
      return [`${pod}/${container}`, text] as const;
    }),
  );
  return Object.fromEntries(logs);
}
