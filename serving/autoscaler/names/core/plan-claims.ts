// Decides which names to claim for the endpoints that are served, and which claims to let go.
import { ClaimRoom } from "../../../../contracts/model-endpoint/claim-room";
import { endpointId } from "../../../../contracts/model-endpoint/elder-first";
import type { ModelEndpoint } from "../../../../contracts/model-endpoint/model-endpoint";
import {
  claimantOf,
  COMPLETE_KEY,
  declaredKey,
  isComplete,
  type NameClaims,
  type NamesConfigMap,
  readClaims,
  seenKey,
} from "../../../../contracts/model-endpoint/name-claims";

export interface ClaimFacts {
  /** Undefined: the ConfigMap doesn't exist. */
  readonly names: NamesConfigMap | undefined;
  /** As readClaims() reads `names`. */
  readonly claims: NameClaims;
  readonly endpoints: readonly ModelEndpoint[];
  /** Ids of the endpoints that a router serves now. */
  readonly served: ReadonlySet<string>;
  /** Ids of endpoints that were suspended when they were deleted: their owner lets go of the name. */
  readonly released: ReadonlySet<string>;
  /** Most claims of one namespace that the autoscaler keeps: names of deleted endpoints are dropped beyond it. */
  readonly maxPerNamespace: number;
}

/** Keys of the ConfigMap with their new values, null to remove one; undefined when there is nothing to write. */
export function planClaims(facts: ClaimFacts): Readonly<Record<string, string | null>> | undefined {
  const { names, claims, endpoints, served, released } = facts;
  const present = new Set(endpoints.map(endpointId));
  const changes = new Map<string, string | null>();
  const data = names?.data ?? {};
  /** What is written already; a claim that has no place would keep all others from being written. */
  const written = readClaims(names, []);
  const { declared } = written;
  const room = new ClaimRoom(written, 1);
  if (!isComplete(names)) {
    changes.set(COMPLETE_KEY, "true");
    for (const [name, namespace] of claims.declared) {
      if (declared.has(name) || room.holds(name, namespace)) {
        changes.set(declaredKey(name), namespace);
      }
    }
  }
  for (const id of released) {
    const [namespace = "", name = ""] = id.split("/");
    if (present.has(id)) continue;
    for (const key of [declaredKey(name), seenKey(name)]) {
      if (data[key] === namespace) changes.set(key, null);
    }
  }
  for (const endpoint of endpoints) {
    const { name, namespace } = endpoint.metadata;
    if (!served.has(endpointId(endpoint)) || endpoint.spec.suspended) continue;
    if (claimantOf(claims, name) === undefined && room.holds(name, namespace)) {
      changes.set(seenKey(name), namespace);
    }
  }
  for (const [name] of surplus(claims, present, facts.maxPerNamespace)) {
    changes.set(seenKey(name), null);
  }
  const needed = [...changes].filter(([key, value]) => (data[key] ?? null) !== value);
  return needed.length === 0 ? undefined : Object.fromEntries(needed);
}

/** Claims of endpoints that are gone, where their namespace has too many: they would fill the ConfigMap. */
function surplus(
  { seen }: NameClaims,
  present: ReadonlySet<string>,
  maxPerNamespace: number,
): readonly (readonly [string, string])[] {
  const byNamespace = Map.groupBy(seen, ([, namespace]) => namespace);
  return [...byNamespace.values()].flatMap((claimed) => {
    const gone = claimed.filter(([name, namespace]) => !present.has(`${namespace}/${name}`));
    return gone.slice(0, Math.max(0, claimed.length - maxPerNamespace));
  });
}
