// Waits for the end of an object that is being deleted: it would take what is applied to it, and vanish.
import { describeObject, type KubeObject, locatorOf, objectKey } from "../core/kube-object";
import { type KubeClient } from "./kube-client";
import { patiently } from "./patiently";
import { type Report } from "../../runtime/progress";
import { type Clock, POLL_MS, systemClock } from "../../runtime/clock";

export interface Waiting {
  /** Milliseconds that the deletion may take. Default 240,000: a namespace's pods may drain for two minutes by default. */
  readonly timeoutMs?: number;
  readonly report?: Report;
  readonly clock?: Clock;
}

/** Default of `timeoutMs`. */
export const DELETION_MS = 240_000;

/**
 * The live object, once it isn't being deleted; undefined when there is none.
 * @throws KubeError, or Error with one sentence when an object remains in deletion
 */
export async function awaitDeletion(
  client: KubeClient,
  object: KubeObject,
  { timeoutMs = DELETION_MS, report, clock = systemClock }: Waiting,
): Promise<KubeObject | undefined> {
  const [locator, { name }] = [locatorOf(object), object.metadata];
  const startedMs = clock.now();
  const look = patiently(client, clock);
  for (;;) {
    const live = await look(() => client.read<KubeObject>(locator, name));
    if (live?.metadata.deletionTimestamp === undefined) return live;
    const sentence = `${objectKey(object)} is being deleted${heldBy(live)}`;
    if (clock.now() - startedMs >= timeoutMs) {
      throw new Error(
        `Can't apply ${describeObject(locator, name)}: ${sentence}, and is still there after ${timeoutMs / 1000} s; once it is gone, run the command again`,
      );
    }
    report?.(`waiting to create ${objectKey(object)} again: ${sentence}`);
    await clock.sleep(POLL_MS);
  }
}

/** What keeps an object from ending: the finalizers that somebody must remove. */
export function heldBy({ metadata: { finalizers = [] } }: KubeObject): string {
  return finalizers.length === 0 ? "" : `, held by its finalizers ${finalizers.join(", ")}`;
}
