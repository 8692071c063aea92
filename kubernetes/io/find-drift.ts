// Finds drift: compares declared objects with live ones, and confirms a difference by a server-side dry run or, where
// that is forbidden, by field ownership.
import { differingPaths } from "../core/compare-objects";
import { DELETED, type Drift } from "../../values/drift";
import { isDeleted, type KubeObject, objectKey, locatorOf } from "../core/kube-object";
import { surplusPaths } from "../core/list-entries";
import { differingDeclaredPaths } from "../core/managed-fields";
import { FIELD_MANAGER, isOurs, type KubeClient } from "./kube-client";
import { isReason } from "./kube-error";

/**
 * The drift of each object; all objects are read concurrently.
 * @throws KubeError when a request to the API server fails
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

/** The objects that don't exist or are being deleted, as drift. */
export async function findMissing(
  client: KubeClient,
  objects: readonly KubeObject[],
): Promise<Drift> {
  const found = await Promise.all(
    objects.map(async (object) => {
      const live = await client.read(locatorOf(object), object.metadata.name);
      return isDeleted(live) ? [[objectKey(object), [DELETED]] as const] : [];
    }),
  );
  return Object.fromEntries(found.flat());
}

/**
 * The declared paths that differ in a live object, whoever applied them: what Kubernetes fills in or writes differently
 * doesn't count, nor do fields of others.
 * @throws KubeError when the dry run that confirms a difference fails
 */
export async function findDifferences(
  client: KubeClient,
  live: KubeObject,
  declared: KubeObject,
): Promise<readonly string[]> {
  const paths = differingDeclaredPaths(live, declared);
  if (paths.length === 0) return [];
  try {
    const applied = differingPaths(live, await client.apply(declared, "dryRun"));
    return paths.filter((path) => applied.includes(path));
  } catch (error) {
    // What a dry run refuses differs. Without the right to dry-run, the comparison alone decides.
    if (!isReason(error, "Forbidden", "Invalid", "NotFound")) throw error;
    return paths;
  }
}

async function driftOf(client: KubeClient, object: KubeObject): Promise<readonly string[]> {
  const live = await client.read(locatorOf(object), object.metadata.name);
  if (isDeleted(live)) return [DELETED];
  // An object that already matches needs no dry run, which costs the API server ten times as much.
  if (differingPaths(live, object).length === 0) return [];
  // An apply would leave these, or fail because of them.
  const surplus = surplusPaths(live, object, isOurs);
  if (surplus.length > 0) return surplus;
  try {
    return differingPaths(live, await client.apply(object, "dryRun"));
  } catch (error) {
    // Forbidden: read-only credentials can't dry-run. Invalid: an immutable field differs.
    if (!isReason(error, "Forbidden", "Invalid")) throw error;
    return differingDeclaredPaths(live, object, FIELD_MANAGER);
  }
}
