// Compares what we declare with what is live: as it stands, by a server-side dry run where it differs, or by the fields'
// owners where that is forbidden.
import { differingPaths } from "../core/compare-objects";
import { DELETED, type Drift } from "../../values/drift";
import { type KubeObject, objectKey, locatorOf } from "../core/kube-object";
import { differingDeclaredPaths } from "../core/managed-fields";
import { FIELD_MANAGER, type KubeClient } from "./kube-client";
import { isReason } from "./kube-error";

/**
 * The drift of each object, asked for at the same time.
 * @throws KubeError when the cluster can't be asked
 */
export async function findDrift(
  client: KubeClient,
  objects: readonly KubeObject[],
): Promise<Drift> {
  const found = await Promise.all(
    objects.map(async (object) => [objectKey(object), await driftOf(client, object)] as const),
  );
  return Object.fromEntries(found.filter(([, paths]) => paths.length > 0));
}

/** Those of the objects that are gone, as drift. */
export async function findMissing(
  client: KubeClient,
  objects: readonly KubeObject[],
): Promise<Drift> {
  const found = await Promise.all(
    objects.map(async (object) => {
      const live = await client.read(locatorOf(object), object.metadata.name);
      return isGone(live) ? [[objectKey(object), [DELETED]] as const] : [];
    }),
  );
  return Object.fromEntries(found.flat());
}

function isGone(live: KubeObject | undefined): live is undefined {
  return live === undefined || live.metadata.deletionTimestamp !== undefined;
}

async function driftOf(client: KubeClient, object: KubeObject): Promise<readonly string[]> {
  const live = await client.read(locatorOf(object), object.metadata.name);
  if (isGone(live)) return [DELETED];
  // An apply of what is there changes nothing: it needs no dry run, which costs the API server ten times as much.
  if (differingPaths(live, object).length === 0) return [];
  try {
    return differingPaths(live, await client.apply(object, "dryRun"));
  } catch (error) {
    // Who may only look can't dry-run; and what can't be applied in place (immutable fields) differs for sure.
    if (!isReason(error, "Forbidden", "Invalid")) throw error;
    return differingDeclaredPaths(live, object, FIELD_MANAGER);
  }
}
