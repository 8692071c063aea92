// Applies one object, replacing it where a field that can't change differs.
import { type KubeObject, objectKey, locatorOf } from "../core/kube-object";
import { type KubeClient } from "./kube-client";
import { KubeError } from "./kube-error";
import { type Clock, POLL_MS, systemClock } from "../../runtime/clock";

/** Live objects that somebody recreated under our name with other immutable fields go before ours can come. */
export async function applyObject(client: KubeClient, object: KubeObject): Promise<void> {
  try {
    await client.apply(object);
  } catch (error) {
    if (!isImmutable(error)) throw error;
    await removeObjects(client, [object], 120_000);
    await client.apply(object);
  }
}

/** Whether the API server refuses a change because the field can't change. */
export function isImmutable(error: unknown): boolean {
  return (
    error instanceof KubeError && error.reason === "Invalid" && /immutable/.test(error.message)
  );
}

/**
 * Deletes the objects and waits until they, and the pods they own, are gone.
 * @throws Error with one sentence when they are not gone in time
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
  let left = objects;
  for (;;) {
    left = await stillThere(client, left);
    if (left.length === 0) return;
    if (clock.now() >= deadline) {
      const names = left.map(objectKey).join(", ");
      throw new Error(`${names} can't be deleted: still terminating after ${timeoutMs / 1000} s`);
    }
    await clock.sleep(POLL_MS);
  }
}

async function stillThere(
  client: KubeClient,
  objects: readonly KubeObject[],
): Promise<readonly KubeObject[]> {
  const live = await Promise.all(
    objects.map((object) => client.read(locatorOf(object), object.metadata.name)),
  );
  return objects.filter((_object, index) => live[index] !== undefined);
}
