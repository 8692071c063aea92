// Rolls out a release: apply, wait, record, prune. Rolls back to the former release when it can't become ready.
import { refusedItsCode } from "../core/other-code";
import {
  ownedObjects,
  podSelector,
  recordedDeployment,
  recordName,
  type Release,
  RELEASE_LABEL,
  type ReleaseRecord,
  releaseRecord,
  unusedBundles,
  withMarkOf,
} from "../core/release";
import { differingPaths } from "../../../kubernetes/core/compare-objects";
import { type KubeObject, locatorOf } from "../../../kubernetes/core/kube-object";
import { surplusPaths } from "../../../kubernetes/core/list-entries";
import { type Deployment, type Pod, type ReplicaSet } from "../../../kubernetes/core/workload";
import { applyObject, isImmutable, removeObjects } from "../../../kubernetes/io/apply-object";
import { isOurs, type KubeClient } from "../../../kubernetes/io/kube-client";
import { type Report } from "../../../runtime/progress";
import { waitForRollOut } from "../../../kubernetes/io/wait-for-roll-out";
import { messageOf } from "../../../values/message-of";

export interface Deploying {
  readonly client: KubeClient;
  /** Milliseconds without progress after which a roll-out fails. */
  readonly timeoutMs: number;
  readonly report: Report;
}

export type ReleaseOutcome =
  | { readonly ok: true }
  /** One sentence: why the release can't become ready, and which release serves now. */
  | { readonly ok: false; readonly message: string };

/**
 * One flow for create and update; existing objects are adopted.
 * @throws KubeError when a request to the API server fails, or it rejects an object
 */
export async function applyRelease(
  release: Release,
  deploying: Deploying,
): Promise<ReleaseOutcome> {
  const { client, report } = deploying;
  const former = await readFormer(client, release);
  await applyObject(client, release.bundle, { report });
  await removeStuck(release, deploying);
  await applyObject(client, release.deployment, { report });
  const outcome = await waitUntilReady(release.deployment, deploying);
  if (!outcome.ok) return rollBack(release, former, outcome.message, deploying);
  await applyObject(client, releaseRecord(release), { report });
  await prune(client, release);
  return { ok: true };
}

/**
 * A kubelet keeps an immutable ConfigMap for as long as a pod of its node has it: pods that were given other code get the
 * released one only when all of them are gone. None of the others is missed: where one is stuck, so is the next.
 */
async function removeStuck({ deployment }: Release, { client, timeoutMs }: Deploying) {
  const { namespace, name } = deployment.metadata;
  const selector = Object.entries(podSelector(name)).map((entry) => entry.join("="));
  const pods = await client.list<Pod>(
    { apiVersion: "v1", kind: "Pod", namespace },
    { labels: selector.join(",") },
  );
  if (pods.some(refusedItsCode)) await removeObjects(client, [deployment], timeoutMs);
}

/**
 * Dry-runs the apply of every object that differs, so that a rejection comes before any change.
 * @throws KubeError for the first rejected object, in the order of an apply
 */
export async function dryRunRelease(client: KubeClient, release: Release): Promise<void> {
  for (const object of ownedObjects(release)) {
    const live = await client.read<KubeObject>(locatorOf(object), object.metadata.name);
    if (live !== undefined && differingPaths(live, object).length === 0) continue;
    try {
      await client.apply(object, "dryRun");
    } catch (error) {
      // applyObject() recreates an object whose immutable fields differ, and removes list entries that nobody declared.
      if (!isImmutable(error) && (live === undefined || !hasSurplus(live, object))) throw error;
    }
  }
}

/** The Deployment of the last verified release; undefined when there is none. */
export async function readFormer(
  client: KubeClient,
  { name, namespace }: Release,
): Promise<Deployment | undefined> {
  const locator = { apiVersion: "v1", kind: "ConfigMap", namespace };
  return recordedDeployment(await client.read<ReleaseRecord>(locator, recordName(name)));
}

function waitUntilReady(deployment: Deployment, { client, timeoutMs, report }: Deploying) {
  return waitForRollOut({
    client,
    namespace: deployment.metadata.namespace,
    name: deployment.metadata.name,
    needed: ({ spec }) => spec.replicas ?? 1,
    timeoutMs,
    report,
  });
}

async function rollBack(
  { deployment }: Release,
  former: Deployment | undefined,
  reason: string,
  deploying: Deploying,
): Promise<ReleaseOutcome> {
  if (former === undefined || isSameWorkload(former, deployment)) {
    return { ok: false, message: reason };
  }
  try {
    await applyObject(deploying.client, withMarkOf(former, deployment));
  } catch (error) {
    const cause = messageOf(error);
    return { ok: false, message: `${reason}; the former release can't be restored: ${cause}` };
  }
  const restored = await waitUntilReady(former, deploying);
  if (restored.ok) return { ok: false, message: `${reason}; the former release serves again` };
  return {
    ok: false,
    message: `${reason}; the former release isn't ready either: ${restored.message}`,
  };
}

/** Another owner's mark makes no other release. */
function isSameWorkload(former: Deployment, deployment: Deployment): boolean {
  return JSON.stringify(withMarkOf(former, deployment)) === JSON.stringify(deployment);
}

function hasSurplus(live: KubeObject, object: KubeObject): boolean {
  return surplusPaths(live, object, isOurs).length > 0;
}

async function prune(client: KubeClient, { name, namespace }: Release): Promise<void> {
  const labels = `${RELEASE_LABEL}=${name}`;
  const [configMaps, replicaSets] = await Promise.all([
    client.list({ apiVersion: "v1", kind: "ConfigMap", namespace }, { labels }),
    client.list<ReplicaSet>({ apiVersion: "apps/v1", kind: "ReplicaSet", namespace }, { labels }),
  ]);
  const names = unusedBundles(configMaps, replicaSets);
  const unused = configMaps.filter(({ metadata }) => names.includes(metadata.name));
  await removeObjects(client, unused, 30_000);
}
