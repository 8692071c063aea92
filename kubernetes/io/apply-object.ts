// Applies an object, recreating it when an immutable field differs, and deletes objects.
import { describeObject, type KubeObject, objectKey, locatorOf } from "../core/kube-object";
import { type KubeClient } from "./kube-client";
import { KubeError } from "./kube-error";
import { type Clock, POLL_MS, systemClock } from "../../runtime/clock";
import { type Report } from "../../runtime/progress";

/** For an object that is being deleted: its pods may drain for a scoring timeout and a minute. */
const DELETION_MS = 120_000;
/** From the creation of a definition until the API server knows the kind. */
const DEFINITION_MS = 15_000;

export interface Waiting {
  readonly report?: Report;
  readonly clock?: Clock;
}

/**
 * Applies the object, and returns it as it lives. An object that is being deleted would take the fields and vanish: its
 * end is awaited first. A live object with other immutable fields, recreated by someone else, is deleted first.
 * @throws KubeError, or Error with one sentence when an object remains in deletion
 */
export async function applyObject<T extends KubeObject>(
  client: KubeClient,
  object: T,
  waiting: Waiting = {},
): Promise<T> {
  await awaitDeletion(client, object, waiting);
  try {
    return await applyToKind(client, object, waiting);
  } catch (error) {
    if (!isImmutable(error)) throw error;
    await removeObjects(client, [object], DELETION_MS, waiting.clock);
    return client.apply(object);
  }
}

async function awaitDeletion(
  client: KubeClient,
  object: KubeObject,
  { report, clock = systemClock }: Waiting,
): Promise<void> {
  const startedMs = clock.now();
  for (;;) {
    const live = await client.read(locatorOf(object), object.metadata.name);
    if (live?.metadata.deletionTimestamp === undefined) return;
    const sentence = `${objectKey(object)} is being deleted${heldBy(live)}`;
    if (clock.now() - startedMs >= DELETION_MS) {
      throw new Error(
        `Can't apply ${describeObject(locatorOf(object), object.metadata.name)}: ${sentence}, and is still there after ${DELETION_MS / 1000} s; once it is gone, run the command again`,
      );
    }
    report?.(`waiting to create ${objectKey(object)} again: ${sentence}`);
    await clock.sleep(POLL_MS);
  }
}

/** What keeps an object from ending: the finalizers that somebody must remove. */
function heldBy({ metadata: { finalizers = [] } }: KubeObject): string {
  return finalizers.length === 0 ? "" : `, held by its finalizers ${finalizers.join(", ")}`;
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
