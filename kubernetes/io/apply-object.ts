// Applies an object, recreating it when an immutable field differs, and deletes objects.
import { describeObject, type KubeObject, objectKey, locatorOf } from "../core/kube-object";
import { surplusPaths } from "../core/list-entries";
import { awaitDeletion, DELETION_MS, heldBy, type Waiting } from "./await-deletion";
import { correctObject } from "./correct-object";
import { FIELD_MANAGER, isOurs, type KubeClient } from "./kube-client";
import { patiently } from "./patiently";
import { KubeError } from "./kube-error";
import { type Clock, POLL_MS, systemClock } from "../../runtime/clock";

const CORRECTION_MANAGER = `${FIELD_MANAGER}-correction`;
/** From the creation of a definition until the API server knows the kind. */
const DEFINITION_MS = 15_000;

/**
 * Applies the object, and returns it as it lives. The end of an object that is being deleted is awaited first. List
 * entries that nobody declared are removed first. A live object with other immutable fields, recreated by someone else,
 * is deleted first.
 * @throws KubeError, or Error with one sentence when an object remains in deletion
 */
export async function applyObject<T extends KubeObject>(
  client: KubeClient,
  object: T,
  waiting: Waiting = {},
): Promise<T> {
  const live = await awaitDeletion(client, object, waiting);
  if (live !== undefined) await removeSurplus(client, object, live);
  try {
    return await applyToKind(client, object, waiting);
  } catch (error) {
    if (!isImmutable(error)) throw error;
    await removeObjects(client, [object], DELETION_MS, waiting.clock);
    return client.apply(object);
  }
}

/** Applies; a kind that the API server doesn't know (yet) is waited for. */
async function applyToKind<T extends KubeObject>(
  client: KubeClient,
  object: T,
  { report, clock = systemClock }: Waiting,
): Promise<T> {
  const startedMs = clock.now();
  for (;;) {
    try {
      return await client.apply(object);
    } catch (error) {
      if (!isUnknownKind(error)) throw error;
      if (clock.now() - startedMs >= DEFINITION_MS) {
        throw new Error(
          `Can't apply ${describeObject(locatorOf(object), object.metadata.name)}: the cluster has no kind ${object.kind} of ${object.apiVersion}; \`pulumi up --refresh\` of the router's stack defines it again`,
          { cause: error },
        );
      }
      report?.(`waiting until the cluster knows the kind ${object.kind}`);
      await clock.sleep(POLL_MS);
    }
  }
}

/** The API server has this sentence for a path that it doesn't serve; a missing namespace has another. */
function isUnknownKind(error: unknown): boolean {
  return (
    error instanceof KubeError &&
    error.reason === "NotFound" &&
    error.detail.includes("could not find the requested resource")
  );
}

/** Removes what an apply would leave, or fail because of. */
async function removeSurplus(
  client: KubeClient,
  object: KubeObject,
  live: KubeObject,
): Promise<void> {
  if (surplusPaths(live, object, isOurs).length === 0) return;
  const [locator, { name }] = [locatorOf(object), object.metadata];
  await correctObject(object, { client, manager: CORRECTION_MANAGER, timeoutMs: 30_000 });
  // The apply that follows must own what was corrected alone: what it later leaves out must go.
  const corrected = await client.read<KubeObject>(locator, name);
  if (corrected === undefined) return;
  const { managedFields = [], resourceVersion } = corrected.metadata;
  const kept = managedFields.filter(({ manager }) => manager !== CORRECTION_MANAGER);
  await client.merge(locator, name, { metadata: { resourceVersion, managedFields: kept } });
}

/** Whether the API server rejected a change of an immutable field. */
export function isImmutable(error: unknown): boolean {
  return (
    error instanceof KubeError && error.reason === "Invalid" && /immutable/.test(error.message)
  );
}

/**
 * Deletes the objects and waits until they, and the pods they own, are deleted.
 * @throws Error with one sentence when objects remain after `timeoutMs`
 */
export async function removeObjects(
  client: KubeClient,
  objects: readonly KubeObject[],
  timeoutMs: number,
  clock: Clock = systemClock,
): Promise<void> {
  await Promise.all(
    objects.map((object) => client.remove(locatorOf(object), object.metadata.name)),
  );
  const deadline = clock.now() + timeoutMs;
  const look = patiently(client, clock);
  let remaining = objects;
  for (;;) {
    const former = remaining;
    remaining = await look(() => filterExisting(client, former));
    if (remaining.length === 0) return;
    if (clock.now() >= deadline) {
      const names = remaining.map((live) => `${objectKey(live)}${heldBy(live)}`).join("; ");
      throw new Error(`${names} can't be deleted: still terminating after ${timeoutMs / 1000} s`);
    }
    await clock.sleep(POLL_MS);
  }
}

async function filterExisting(
  client: KubeClient,
  objects: readonly KubeObject[],
): Promise<readonly KubeObject[]> {
  const live = await Promise.all(
    objects.map((object) => client.read(locatorOf(object), object.metadata.name)),
  );
  return live.filter((object) => object !== undefined);
}
