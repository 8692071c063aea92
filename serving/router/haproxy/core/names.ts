// The names on which haproxy.cfg, slots.lua and the runtime API's commands must agree.

/** Maps in memory, which the runtime API fills. */
export const MAPS = {
  /** Endpoint → `<mode>:<weights>`. */
  endpoints: "virt@endpoints",
  /** `<endpoint>:<digest>` of each key. */
  keys: "virt@keys",
  /** `<endpoint>:<version>` → `<version key>:<queue wait>:<scoring timeout>:<stream idle timeout>:<stream seconds>`. */
  versions: "virt@versions",
  /** READY_KEY while `/readyz` answers 200. */
  ready: "virt@ready",
  /** Version keys whose responses slots.lua must see. */
  watched: "virt@watched",
  /** Version key → requests that its replicas may have at the same time. */
  places: "virt@places",
  /** The same, of versions whose responses were all complete with their headers (streams-lua.ts). */
  plainPlaces: "virt@plain-places",
  /** Version key → `<backend's name>:<term>` of the router that owns it, when that is another one (peers.ts). */
  owners: "virt@owners",
} as const;

export const READY_KEY = "ready";

/** Stick tables. */
export const TABLES = {
  /** Version key → requests that clients wait for. */
  arrived: "arrived",
  /** Version key → requests that models compute. */
  computing: "computing",
  /** Request id → the layers that have the request; `gpt0` is 1 once it came to the inner one. */
  requests: "requests",
  /** Request id → 1 while a client gets the stream that this request has begun. */
  readers: "readers",
  /** Request id → 1 while a body beyond one buffer is in the outer layer. */
  bodies: "bodies",
  /** Version key → responses whose rest is waited for since their clients have left; ALL_RESTS: those of all versions. */
  rests: "rests",
  /** Address → its connections. */
  addresses: "addresses",
  /** Address → its requests on HTTP/2 connections; ALL_CLIENTS: those of all. */
  multiplexed: "multiplexed",
  /** Address → keys that opened nothing. */
  wrongKeys: "wrong-keys",
  /** Address → its connections to the port of the probes. */
  probes: "probes",
} as const;

/** `defaults` sections that the backends of a version are made from. */
export const DEFAULTS = { outer: "outer", inner: "inner", forward: "forward" } as const;

/** Common name in the certificate of each router. */
export const PEER_ROLE = "aml-inference-router";

/** DNS names in it: of a router that gets a request, and of one that must not get what another may have had already. */
export const PEER_NAMES = { peer: `peer.${PEER_ROLE}`, sent: `sent.${PEER_ROLE}` } as const;

/** Begins the names of the forward backends. */
export const FORWARD_PREFIX = "f.";

/** Backend of a peer, `address:port`: requests that go to it. */
export function forwardBackend(address: string): string {
  return `${FORWARD_PREFIX}${address.replace(":", "_")}`;
}

/** The peer's address by its backend's name. */
export function peerOf(backend: string): string {
  return backend.slice(FORWARD_PREFIX.length).replace("_", ":");
}

/** Servers of a forward backend: the peer's port, and where requests wait while it is down. */
export const FORWARD_SERVERS = { peer: "peer", again: "again" } as const;

/** Second server of the outer backend of a version that a peer owns: what waited for a slot here goes to the owner. */
export const MOVED_SERVER = "moved";

/** The outer backend's one server, which leads to the inner backend. */
export const OUTER_SERVER = "in";

/** Backend of a version in which its requests wait. */
export function outerBackend(versionKey: string): string {
  return `o.${versionKey}`;
}

/** Backend of a version whose servers are its replicas. */
export function innerBackend(versionKey: string): string {
  return `i.${versionKey}`;
}

/** Abstract socket of one of HAProxy's own frontends; `prefix` as in HaproxySettings. */
export function abstractSocket(
  prefix: string,
  frontend: "public" | "plug" | "hop" | "streams" | "again",
): string {
  return `abns@${prefix}-${frontend}`;
}

/** The certificate that the runtime API replaces: `alias` in a `crt-store`. */
export const CERTIFICATE_STORE = "tls";
export const CERTIFICATE_ALIAS = "public";
export const CERTIFICATE_NAME = `@${CERTIFICATE_STORE}/${CERTIFICATE_ALIAS}`;

/** Headers between the layers: removed from what clients and models send. */
export const HOP_HEADERS = {
  prefix: "x-aml-",
  /** `<request id>:<the version's value in MAPS.versions>`; with peers `:<deadline>:<term>` follow (peers.ts). */
  request: "x-aml-request",
  /** On a response that is not complete: a stream, as far as HAProxy knows. */
  stream: "x-aml-stream",
} as const;

/** Words of a version's value in MAPS.versions, which `word(n,:)` reads. */
export const TARGET_WORDS = {
  version: 1,
  queueWaitMs: 2,
  scoringTimeoutMs: 3,
  streamIdleTimeoutMs: 4,
  maxStreamSeconds: 5,
} as const;

/** Words of HOP_HEADERS.request after the version's value. */
export const REQUEST_WORDS = { deadline: 7, term: 8 } as const;

export const PEER_CERTIFICATE_STORE = "peers";
export const PEER_CERTIFICATE_NAME = `@${PEER_CERTIFICATE_STORE}/router`;

/** Whether the agent has filled HAProxy. */
export const IS_READY = `{ str(${READY_KEY}),map_str(${MAPS.ready}) -m found }`;

/** Set in a response that a model failed to give: its own status, before it became 502. */
export const MODEL_ERROR_HEADER = "ms-azureml-model-error-statuscode";
