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
export const DEFAULTS = { outer: "outer", inner: "inner" } as const;

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
  frontend: "public" | "plug" | "hop" | "streams",
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
  /** `<request id>:<the version's value in MAPS.versions>`. */
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

/** Whether the agent has filled HAProxy. */
export const IS_READY = `{ str(${READY_KEY}),map_str(${MAPS.ready}) -m found }`;

/** Set in a response that a model failed to give: its own status, before it became 502. */
export const MODEL_ERROR_HEADER = "ms-azureml-model-error-statuscode";
