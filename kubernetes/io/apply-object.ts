// Applies an object, recreating it when an immutable field differs, and deletes objects.
import { type KubeObject, objectKey, locatorOf } from "../core/kube-object";
import { type KubeClient } from "./kube-client";
import { KubeError } from "./kube-error";
import { type Clock, POLL_MS, systemClock } from "../../runtime/clock";

/** Applies the object. A live object with other immutable fields, recreated by someone else, is deleted first. */
export async function applyObject(client: KubeClient, object: KubeObject): Promise<void> {
  try {
    await client.apply(object);
  } catch (error) {
    if (!isImmutable(error)) throw error;
    await removeObjects(client, [object], 120_000);
    await client.apply(object);
  }
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
