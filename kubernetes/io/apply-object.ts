// Applies an object, recreating it when an immutable field differs, and deletes objects.
import { type KubeObject, objectKey, locatorOf } from "../core/kube-object";
import { surplusPaths } from "../core/list-entries";
import { correctObject } from "./correct-object";
import { FIELD_MANAGER, isOurs, type KubeClient } from "./kube-client";
import { KubeError } from "./kube-error";
import { type Clock, POLL_MS, systemClock } from "../../runtime/clock";

const CORRECTION_MANAGER = `${FIELD_MANAGER}-correction`;

/**
 * Applies the object. List entries that nobody declared are removed first; a live object with other immutable fields,
 * recreated by someone else, is deleted first.
 */
export async function applyObject(client: KubeClient, object: KubeObject): Promise<void> {
  await removeSurplus(client, object);
  try {
    await client.apply(object);
  } catch (error) {
    if (!isImmutable(error)) throw error;
    await removeObjects(client, [object], 120_000);
    await client.apply(object);
  }
}

/** Removes what an apply would leave, or fail because of. */
export async function removeSurplus(client: KubeClient, object: KubeObject): Promise<void> {
  const [locator, { name }] = [locatorOf(object), object.metadata];
  const live = await client.read<KubeObject>(locator, name);
  if (live === undefined) return;
  const surplus = surplusPaths(live, object, isOurs);
  if (surplus.length === 0) return;
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
  let remaining = objects;
  for (;;) {
    remaining = await filterExisting(client, remaining);
    if (remaining.length === 0) return;
    if (clock.now() >= deadline) {
      const names = remaining.map(objectKey).join(", ");
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
  return objects.filter((_object, index) => live[index] !== undefined);
}
