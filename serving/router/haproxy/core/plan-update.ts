// Plans the steps that change what HAProxy serves into what it should serve.
import type { Model, WantedEndpoint, WantedVersion } from "../../model/core/build-model";
import type { LiveModel, LiveReplica, LiveVersion } from "./live-model";
import type { Step } from "./step";
import type { Subject } from "./subject";

/** Steps in order: when one can't be done, the rest of its group waits for the next plan; other groups continue. */
export interface StepGroup {
  readonly subject: Subject;
  readonly steps: readonly Step[];
}

/**
 * In this order no step loses a request or lets one in without a key: an endpoint's keys and versions exist before its
 * route names them, its new replicas take requests before old ones stop, nothing that still computes is deleted. Empty
 * when `live` already is what is wanted. `ready`: whether `/readyz` answers 200.
 */
export function planUpdate(
  live: LiveModel,
  wanted: Pick<Model, "endpoints" | "peers">,
  ready = true,
): readonly StepGroup[] {
  const endpoints = [...wanted.endpoints.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const entries = entriesByEndpoint(live);
  const versions = new Map(
    endpoints.flatMap((endpoint) => endpoint.versions.map((each) => [each.key, each] as const)),
  );
  return [
    ...planPeers(live, wanted.peers),
    ...endpoints.map((endpoint) => planEndpoint(live, endpoint, entries)),
    ...planRemovedEndpoints(live, endpoints, entries),
    ...planIdleReplicas(live, versions),
    ...planRemovedVersions(live, versions),
    ...planRemovedPeers(live, wanted.peers),
    {
      subject: { kind: "readiness" } as const,
      steps: live.ready === ready ? [] : [{ kind: "setReady", ready } as const],
    },
  ].filter(({ steps }) => steps.length > 0);
}

function planEndpoint(live: LiveModel, endpoint: WantedEndpoint, entries: Entries): StepGroup {
  const { name, route, versions, keyDigests } = endpoint;
  const keys = keyDigests.map((digest) => `${name}:${digest}`);
  const known = live.routes.get(name);
  return {
    subject: { kind: "endpoint", name },
    steps: [
      ...keys.filter((key) => !live.keys.has(key)).map((key) => ({ kind: "addKey", key }) as const),
      ...versions.flatMap((version) => planVersion(live, name, version)),
      ...(known === route
        ? []
        : [{ kind: "setRoute", endpoint: name, route, known: known !== undefined } as const]),
      ...planStaleEntries(entries.get(name), {
        keys: new Set(keys),
        targets: new Set(versions.map((version) => `${name}:${version.name}`)),
      }),
    ],
  };
}

function planVersion(live: LiveModel, endpoint: string, wanted: WantedVersion): readonly Step[] {
  const { key: version, replicas, replicaLimit, isKnown } = wanted;
  const now = live.versions.get(version);
  const name = `${endpoint}:${wanted.name}`;
  const target = targetOf(wanted);
  const known = live.targets.get(name);
  const coming = [...replicas].filter(([replica, address]) => {
    const found = now?.replicas.get(replica);
    return (
      found === undefined ||
      (found.address === address && found.limit !== placesOf(wanted, replica))
    );
  });
  const leaving = [...(now?.replicas ?? [])].filter(
    ([replica, found]) =>
      isKnown &&
      found.limit !== undefined &&
      (replicas.get(replica) !== found.address || placesOf(wanted, replica) === undefined),
  );
  return [
    ...(now?.inner ? [] : [{ kind: "addInner", version } as const]),
    ...(now?.outer ? [] : [{ kind: "addOuter", version } as const]),
    ...(now?.outerServer ? [] : [{ kind: "addOuterServer", version } as const]),
    ...(now?.open ? [] : [{ kind: "openVersion", version } as const]),
    ...coming.flatMap(([replica, address]): Step[] => {
      const limit = placesOf(wanted, replica);
      return [
        ...(now?.replicas.has(replica)
          ? []
          : [{ kind: "addReplica", version, replica, address, limit: replicaLimit } as const]),
        ...(limit === undefined ? [] : [{ kind: "useReplica", version, replica, limit } as const]),
      ];
    }),
    ...leaving.map(([replica]) => ({ kind: "drainReplica", version, replica }) as const),
    ...(known === target
      ? []
      : [{ kind: "setTarget", name, target, known: known !== undefined } as const]),
    ...planOwner(now, wanted),
  ];
}

/** Requests that the replica may have at the same time; undefined: none, since others own the version or its places. */
function placesOf(
  { replicaLimit, ownership, held }: WantedVersion,
  replica: string,
): number | undefined {
  const places = replicaLimit - (held?.get(replica) ?? 0);
  return ownership?.owner === undefined && places > 0 ? places : undefined;
}

/**
 * A new owner uses its replicas before it says so, a former one has drained its own: what waited goes to a router that
 * has places, and no place is used twice.
 */
function planOwner(now: LiveVersion | undefined, { key, ownership }: WantedVersion): Step[] {
  if (ownership === undefined) return [];
  const { term, owner } = now?.ownership ?? {};
  return [
    ...(ownership.owner !== undefined && now?.movedServer !== true
      ? [{ kind: "addMovedServer", version: key } as const]
      : []),
    ...(now?.ownership !== undefined && term === ownership.term && owner === ownership.owner
      ? []
      : [{ kind: "setOwner", version: key, ...ownership } as const]),
  ];
}

const PEER_SERVERS = ["peer", "again"] as const;

function planPeers(live: LiveModel, wanted: Model["peers"]): readonly StepGroup[] {
  return [...(wanted ?? [])].sort().map((peer) => {
    const found = live.peers.get(peer);
    return {
      subject: { kind: "peer", address: peer },
      steps: [
        ...(found === undefined ? [{ kind: "addPeer", peer } as const] : []),
        ...PEER_SERVERS.filter((server) => found?.servers.has(server) !== true).map(
          (server) => ({ kind: "addPeerServer", peer, server }) as const,
        ),
        ...(found?.open === true ? [] : [{ kind: "openPeer", peer } as const]),
      ],
    };
  });
}

/** After the versions, which name another owner then. */
function planRemovedPeers(live: LiveModel, wanted: Model["peers"]): readonly StepGroup[] {
  return [...live.peers]
    .filter(([peer]) => wanted?.has(peer) !== true)
    .map(([peer, { servers }]) => ({
      subject: { kind: "removedPeer", address: peer },
      steps: [
        { kind: "closePeer", peer },
        ...PEER_SERVERS.filter((server) => servers.has(server)).map(
          (server) => ({ kind: "deletePeerServer", peer, server }) as const,
        ),
        { kind: "deletePeer", peer },
      ],
    }));
}

/** The version's value in MAPS.versions; TARGET_WORDS has the order. */
function targetOf(version: WantedVersion): string {
  const { key, queueWaitMs, scoringTimeoutMs, streamIdleTimeoutMs, maxStreamSeconds } = version;
  return [key, queueWaitMs, scoringTimeoutMs, streamIdleTimeoutMs, maxStreamSeconds].join(":");
}

/** The keys and targets that HAProxy has for one endpoint. */
interface EndpointEntries {
  readonly keys: ReadonlySet<string>;
  readonly targets: ReadonlySet<string>;
}

type Entries = ReadonlyMap<string, EndpointEntries>;

function entriesByEndpoint(live: LiveModel): Entries {
  const found = new Map<string, { keys: Set<string>; targets: Set<string> }>();
  const of = (entry: string) => {
    const endpoint = entry.slice(0, entry.indexOf(":"));
    const entries = found.get(endpoint) ?? { keys: new Set(), targets: new Set() };
    found.set(endpoint, entries);
    return entries;
  };
  for (const key of live.keys) of(key).keys.add(key);
  for (const name of live.targets.keys()) of(name).targets.add(name);
  return found;
}

function planStaleEntries(found: EndpointEntries | undefined, wanted: EndpointEntries): Step[] {
  return [
    ...[...(found?.targets ?? [])]
      .filter((name) => !wanted.targets.has(name))
      .map((name) => ({ kind: "deleteTarget", name }) as const),
    ...[...(found?.keys ?? [])]
      .filter((key) => !wanted.keys.has(key))
      .map((key) => ({ kind: "deleteKey", key }) as const),
  ];
}

function planRemovedEndpoints(
  live: LiveModel,
  endpoints: readonly WantedEndpoint[],
  entries: Entries,
): readonly StepGroup[] {
  const wanted = new Set(endpoints.map(({ name }) => name));
  return [...new Set([...live.routes.keys(), ...entries.keys()])]
    .filter((name) => !wanted.has(name))
    .map((name) => ({
      subject: { kind: "removedEndpoint", name },
      steps: [
        ...(live.routes.has(name) ? [{ kind: "deleteRoute", endpoint: name } as const] : []),
        ...planStaleEntries(entries.get(name), { keys: new Set(), targets: new Set() }),
      ],
    }));
}

/** Replicas that take no request (or will take none once the groups above are done). */
function planIdleReplicas(
  live: LiveModel,
  wanted: ReadonlyMap<string, WantedVersion>,
): readonly StepGroup[] {
  return [...live.versions].flatMap(([version, { replicas }]) =>
    wanted.get(version)?.isKnown === true
      ? [...replicas]
          .filter(
            ([replica, { address }]) => wanted.get(version)?.replicas.get(replica) !== address,
          )
          .map(([replica]) => ({
            subject: { kind: "removedReplica", versionKey: version, replica } as const,
            steps: [{ kind: "deleteReplica", version, replica } as const],
          }))
      : [],
  );
}

function planRemovedVersions(
  live: LiveModel,
  wanted: ReadonlyMap<string, WantedVersion>,
): readonly StepGroup[] {
  return [...live.versions]
    .filter(([version]) => !wanted.has(version))
    .map(([version, { outerServer, movedServer, published, replicas }]) => ({
      subject: { kind: "removedVersion", versionKey: version },
      steps: [
        ...(published ? ([{ kind: "unpublishVersion", version }] as const) : []),
        ...(outerServer ? ([{ kind: "closeVersion", version }] as const) : []),
        ...[...replicas].flatMap(([replica, found]) => deleteReplica(version, replica, found)),
        ...(movedServer === true ? ([{ kind: "deleteMovedServer", version }] as const) : []),
        ...(outerServer ? ([{ kind: "deleteOuterServer", version }] as const) : []),
        { kind: "deleteVersion", version } as const,
      ],
    }));
}

function deleteReplica(version: string, replica: string, { limit }: LiveReplica): readonly Step[] {
  return [
    ...(limit === undefined ? [] : [{ kind: "drainReplica", version, replica } as const]),
    { kind: "deleteReplica", version, replica },
  ];
}
