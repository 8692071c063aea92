/** A managed cluster and its node pools are two resources that write into each other's bodies. */
import {
  type JsonObject,
  isObject,
  objectAt,
  objectsAt,
  sameJson,
  textAt,
  without,
  withValueAt,
} from "./json";
import type { Store, StoredResource } from "./store";

export const CLUSTERS = "Microsoft.ContainerService/managedClusters";
export const POOLS = `${CLUSTERS}/agentPools`;

/** A pool as its cluster's body has it: the properties with the name among them. */
export interface InlinePool {
  readonly name: string;
  readonly properties: JsonObject;
}

/** The inline pools of a cluster's body. */
export function inlinePools(body: JsonObject): InlinePool[] {
  return objectsAt(body, "properties.agentPoolProfiles").map(({ name, ...properties }) => ({
    name: typeof name === "string" ? name : "",
    properties,
  }));
}

/** The body of a cluster without its pools, which are kept on their own. */
export function withoutPools(body: JsonObject): JsonObject {
  return { ...body, properties: without(objectAt(body, "properties"), ["agentPoolProfiles"]) };
}

/** The body of a cluster with every pool that it has, as AKS answers. */
export function withPools(cluster: StoredResource, store: Store): JsonObject {
  const pools = store
    .list(POOLS, cluster.id)
    .map((pool) => ({ name: pool.name, ...objectAt(pool.body, "properties"), eTag: pool.etag }));
  return withValueAt(
    { ...cluster.body, eTag: cluster.etag },
    "properties.agentPoolProfiles",
    pools,
  );
}

/**
 * A PUT's properties with what it leaves out taken from before: AKS clears a property by an empty value, not by its
 * absence. One level down for the `…Profile` objects, whose fields are properties of their own.
 */
export function withUnsetKept(properties: JsonObject, before: JsonObject): JsonObject {
  const kept: JsonObject = { ...before };
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    const old = before[key];
    kept[key] =
      /Profiles?$/.test(key) && isObject(value) && isObject(old) ? { ...old, ...value } : value;
  }
  return kept;
}

/** True when a pool in a PUT says something else than what exists. */
export function poolDiffers(pool: InlinePool, stored: StoredResource | undefined): boolean {
  const before = objectAt(stored?.body, "properties");
  return Object.entries(pool.properties).some(
    ([key, value]) => key !== "eTag" && value !== undefined && !sameJson(value, before[key]),
  );
}

/** The kubeconfig's server name that belongs to a cluster. */
export function clusterServer(body: JsonObject): string {
  return textAt(body, "properties.privateFQDN") ?? textAt(body, "properties.fqdn") ?? "";
}
