// Records the steps that HAProxy has done in the model of what it serves.
import {
  NO_VERSION,
  type LiveModel,
  type LivePeer,
  type LiveReplica,
  type LiveVersion,
} from "./live-model";
import type { PeerStep, Step, VersionStep } from "./step";

/** The model after HAProxy has done the steps, in order. What no step changes is shared with `live`, not copied. */
export function applySteps(live: LiveModel, steps: readonly Step[]): LiveModel {
  const readiness = steps.findLast((step) => step.kind === "setReady");
  return {
    instance: live.instance,
    ready: readiness?.ready ?? live.ready,
    routes: patched(live.routes, steps.flatMap(routeChange)),
    keys: patchedKeys(live.keys, steps),
    targets: patched(live.targets, steps.flatMap(targetChange)),
    versions: patched(live.versions, versionChanges(live, steps)),
    peers: patched(live.peers, peerChanges(live, steps)),
  };
}

/** A key with its new value; undefined deletes it. */
type Change<Value> = readonly [key: string, value: Value | undefined];

function patched<Value>(
  map: ReadonlyMap<string, Value>,
  changes: readonly Change<Value>[],
): ReadonlyMap<string, Value> {
  if (changes.length === 0) return map;
  const copy = new Map(map);
  for (const [key, value] of changes) {
    if (value === undefined) copy.delete(key);
    else copy.set(key, value);
  }
  return copy;
}

function patchedKeys(keys: ReadonlySet<string>, steps: readonly Step[]): ReadonlySet<string> {
  const changes = steps.filter((step) => "key" in step);
  if (changes.length === 0) return keys;
  const copy = new Set(keys);
  for (const { kind, key } of changes) {
    if (kind === "addKey") copy.add(key);
    else copy.delete(key);
  }
  return copy;
}

function routeChange(step: Step): Change<string>[] {
  if (step.kind === "setRoute") return [[step.endpoint, step.route]];
  return step.kind === "deleteRoute" ? [[step.endpoint, undefined]] : [];
}

function targetChange(step: Step): Change<string>[] {
  if (step.kind === "setTarget") return [[step.name, step.target]];
  return step.kind === "deleteTarget" ? [[step.name, undefined]] : [];
}

function versionChanges(live: LiveModel, steps: readonly Step[]): readonly Change<LiveVersion>[] {
  const changes = new Map<string, LiveVersion | undefined>();
  for (const step of steps) {
    if (!("version" in step)) continue;
    const key = step.version;
    const version = (changes.has(key) ? changes.get(key) : live.versions.get(key)) ?? NO_VERSION;
    const deleted = step.kind === "deleteVersion";
    changes.set(key, deleted ? undefined : { ...version, ...changedBy(step, version) });
  }
  return [...changes];
}

function peerChanges(live: LiveModel, steps: readonly Step[]): readonly Change<LivePeer>[] {
  const changes = new Map<string, LivePeer | undefined>();
  for (const step of steps) {
    if (!("peer" in step)) continue;
    const { peer } = step;
    const found = changes.has(peer) ? changes.get(peer) : live.peers.get(peer);
    changes.set(peer, changedPeer(step, found ?? { servers: new Set(), open: false }));
  }
  return [...changes];
}

function changedPeer(step: PeerStep, found: LivePeer): LivePeer | undefined {
  switch (step.kind) {
    case "addPeer":
      return found;
    case "addPeerServer":
      return { ...found, servers: new Set([...found.servers, step.server]) };
    case "deletePeerServer":
      return {
        ...found,
        servers: new Set([...found.servers].filter((name) => name !== step.server)),
      };
    case "openPeer":
    case "closePeer":
      return { ...found, open: step.kind === "openPeer" };
    case "deletePeer":
      return undefined;
  }
}

function changedBy(
  step: Exclude<VersionStep, { readonly kind: "deleteVersion" }>,
  { replicas }: LiveVersion,
): Partial<LiveVersion> {
  switch (step.kind) {
    case "addInner":
      return { inner: true };
    case "addOuter":
      return { outer: true };
    case "addOuterServer":
      return { outerServer: true };
    case "openVersion":
      return { published: true, open: true };
    case "unpublishVersion":
      return { published: false, open: false };
    case "closeVersion":
      // The plug is gone: it is made again by openVersion.
      return {};
    case "deleteOuterServer":
      return { outerServer: false };
    case "addMovedServer":
    case "deleteMovedServer":
      return { movedServer: step.kind === "addMovedServer" };
    case "setOwner": {
      const { term, owner } = step;
      return { ownership: { term, ...(owner === undefined ? {} : { owner }) } };
    }
    case "addReplica":
      return { replicas: withReplica(replicas, step.replica, { address: step.address }) };
    case "useReplica":
    case "drainReplica": {
      const found = replicas.get(step.replica);
      if (found === undefined) return {};
      const limit = step.kind === "useReplica" ? step.limit : undefined;
      return { replicas: withReplica(replicas, step.replica, { ...found, limit }) };
    }
    case "deleteReplica":
      return { replicas: new Map([...replicas].filter(([name]) => name !== step.replica)) };
  }
}

function withReplica(
  replicas: LiveVersion["replicas"],
  name: string,
  { address, limit }: { readonly address: string; readonly limit?: number | undefined },
): ReadonlyMap<string, LiveReplica> {
  return new Map(replicas).set(name, { address, limit });
}
