// Makes a live object what was declared, where no apply would: it is missing, edited, or has entries that nobody declared.
import { type KubeObject, locatorOf } from "../core/kube-object";
import { correctedObject } from "../core/list-entries";
import { type Condition } from "../core/workload";
import { type Clock, POLL_MS, systemClock } from "../../runtime/clock";
import { awaitDeletion } from "./await-deletion";
import { type KubeClient } from "./kube-client";
import { isReason } from "./kube-error";

export interface Correcting {
  readonly client: KubeClient;
  /** Field manager that owns what is corrected. */
  readonly manager: string;
  /** For an object that is still being deleted, and for a definition until it is served. */
  readonly timeoutMs: number;
  readonly clock?: Clock;
}

/** Writes of others between our read and our write. */
const ATTEMPTS = 5;

/**
 * Creates the object, or sets its declared fields and removes surplus entries.
 * @throws KubeError when a request to the API server fails; Error with one sentence when a deletion doesn't end
 */
export async function correctObject(declared: KubeObject, correcting: Correcting): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await correctOnce(declared, correcting);
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || !isReason(error, "Conflict", "AlreadyExists")) throw error;
    }
  }
}

async function correctOnce(declared: KubeObject, correcting: Correcting): Promise<void> {
  const { client, manager } = correcting;
  const live = await awaitDeletion(client, declared, correcting);
  if (live === undefined) {
    await client.create(declared, manager);
    await untilServed(declared, correcting);
    return;
  }
  const { metadata, ...fields } = correctedObject(live, declared);
  const { labels = {}, annotations = {} } = metadata;
  const { resourceVersion } = live.metadata;
  const changed = Object.entries(fields).filter(([field]) => field in declared);
  const patch = {
    metadata: { resourceVersion, labels, annotations },
    ...Object.fromEntries(changed),
  };
  await client.merge(locatorOf(declared), declared.metadata.name, patch, manager);
}

/** A kind can be used only some time after its definition was created. */
async function untilServed(
  { kind, apiVersion, metadata: { name } }: KubeObject,
  { client, timeoutMs, clock = systemClock }: Correcting,
): Promise<void> {
  if (kind !== "CustomResourceDefinition") return;
  const deadline = clock.now() + timeoutMs;
  while (clock.now() < deadline) {
    const live = await client.read<DefinitionObject>({ apiVersion, kind }, name);
    const conditions = live?.status?.conditions ?? [];
    if (conditions.some(({ type, status }) => type === "Established" && status === "True")) return;
    await clock.sleep(POLL_MS);
  }
  throw new Error(`${kind}/${name} is not served after ${timeoutMs / 1000} s`);
}

interface DefinitionObject extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}
