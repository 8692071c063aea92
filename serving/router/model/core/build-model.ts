// Builds what HAProxy should serve from the ModelEndpoints and EndpointSlices of the cluster.
import {
  ADMIT_ALL,
  type Admission,
  refuseEndpoints,
} from "../../../../contracts/model-endpoint/admission";
import { NAMESPACE_UNREADABLE } from "../../../../contracts/metrics-channel/router-sample";
import { elderFirst, endpointId } from "../../../../contracts/model-endpoint/elder-first";
import { STREAM_DEFAULTS } from "../../../../contracts/model-endpoint/limits";
import type { ModelEndpoint } from "../../../../contracts/model-endpoint/model-endpoint";
import {
  readPods,
  SERVICE_NAME_LABEL,
  type EndpointSlice,
} from "../../../../kubernetes/core/endpoint-slice";
import { renderWeights } from "./effective-weights";
import { findProblem, type Problem } from "./endpoint-problem";
import { type KnownReplicas, verifiedSlices } from "./verified-slices";
import { versionKey } from "./version-key";

/** What else of the cluster decides. */
export interface Surroundings {
  /** Which endpoints may be served; default: all. */
  readonly admission?: Admission;
  /** The pods that slices are held against; default: slices are believed. */
  readonly replicas?: KnownReplicas;
  /** Which router owns which version; default: this one is the only router. */
  readonly owners?: Owners;
}

/** Who owns what among several routers. */
export interface Owners {
  /** `address:port` of the other routers' peer frontends. */
  readonly peers: ReadonlySet<string>;
  /** Of a version, by its key. */
  readonly of: (version: string) => Ownership & {
    /** Places of a replica, by pod name, that requests of a former owner still have; default none. */
    readonly held?: ReadonlyMap<string, number>;
  };
}

export interface Ownership {
  /** Greater for each later owner of the version; at least 0. */
  readonly term: number;
  /** One of the peers; undefined: this router. */
  readonly owner?: string;
}

export interface Model {
  /** Keyed `<namespace>/<name>`. */
  readonly endpoints: ReadonlyMap<string, WantedEndpoint>;
  /** Generation of the endpoints that are not to be served; keyed `<namespace>/<name>`. */
  readonly suspended: ReadonlyMap<string, number>;
  /** Why the newest generation of an endpoint can't be served; keyed `<namespace>/<name>`. */
  readonly problems: ReadonlyMap<string, Problem>;
  /** Other routers, by `address:port`; undefined: this is the only one. */
  readonly peers?: ReadonlySet<string>;
  /** The resources that `endpoints` were made from, for the next call. */
  readonly accepted: ReadonlyMap<string, ModelEndpoint>;
}

export interface WantedEndpoint {
  readonly name: string;
  readonly generation: number;
  /** `<mode>:<weights>`: the endpoint's value in HAProxy's map. */
  readonly route: string;
  /** Lower-case hex digests; empty with mode None. */
  readonly keyDigests: readonly string[];
  readonly versions: readonly WantedVersion[];
}

export interface WantedVersion {
  /** See versionKey. */
  readonly key: string;
  readonly name: string;
  readonly queueWaitMs: number;
  readonly scoringTimeoutMs: number;
  /** Milliseconds without a byte in either direction after which a stream is cut. */
  readonly streamIdleTimeoutMs: number;
  /** Seconds for which a stream continues while its replica or this router is being removed. */
  readonly maxStreamSeconds: number;
  /** Requests that one replica computes at the same time. */
  readonly replicaLimit: number;
  /** `address:port` of the replicas that take requests, by pod name. */
  readonly replicas: ReadonlyMap<string, string>;
  /** Pods that take none: starting, unready or terminating. */
  readonly notReady: ReadonlySet<string>;
  /** False: the namespace wasn't listed yet, or may not be for a moment. What HAProxy has stays: unknown isn't empty. */
  readonly isKnown: boolean;
  /** Undefined: this router is the only one. */
  readonly ownership?: Ownership;
  /** Places of a replica, by pod name, that requests of a former owner still have. */
  readonly held?: ReadonlyMap<string, number>;
}

/** A pod's name in HAProxy's commands: a DNS subdomain or an address. */
const REPLICA = /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/;
const ADDRESS = /^\d+\.\d+\.\d+\.\d+:\d+$/;

/**
 * A wrong resource becomes a problem and leaves the others alone; where an earlier generation of it was served
 * (`served`, keyed `<namespace>/<name>`), that one stays, with today's replicas. The name of an endpoint is unique in
 * the cluster: of several the one in the namespace that claims it serves, else the oldest (`suspended` ones don't count).
 */
export function buildModel(
  endpoints: readonly ModelEndpoint[],
  slices: readonly EndpointSlice[],
  served: ReadonlyMap<string, ModelEndpoint> = new Map(),
  { admission = ADMIT_ALL, replicas, owners }: Surroundings = {},
): Model {
  const refused = refuseEndpoints(endpoints, admission);
  const slicesOf = groupByService(slices);
  const wanted = new Map<string, WantedEndpoint>();
  const accepted = new Map<string, ModelEndpoint>();
  const suspended = new Map<string, number>();
  const problems = new Map<string, Problem>();
  const ownerOf = new Map<string, string>();
  for (const endpoint of [...endpoints].sort(elderFirst)) {
    const { name } = endpoint.metadata;
    const id = endpointId(endpoint);
    if (endpoint.spec.suspended) {
      suspended.set(id, endpoint.metadata.generation ?? 0);
      continue;
    }
    // Not reported, however many there are: the autoscaler finds the same.
    if (refused.has(id)) continue;
    const owner = ownerOf.get(name);
    if (owner !== undefined) {
      problems.set(id, {
        reason: "NameTaken",
        message: `metadata.name must be unique in the cluster: ${owner} is older and serves ${name}`,
      });
      continue;
    }
    const problem = findProblem(endpoint);
    if (problem !== undefined) problems.set(id, problem);
    const usable = problem === undefined ? endpoint : served.get(id);
    if (usable === undefined) continue;
    const { namespace } = endpoint.metadata;
    const trouble = replicas?.troubleIn(namespace);
    const isForbidden = replicas?.isForbidden(namespace) === true;
    if (trouble !== undefined && problem === undefined) {
      problems.set(id, unreadable(trouble, isForbidden));
    }
    ownerOf.set(name, id);
    accepted.set(id, usable);
    const slices = isForbidden ? new Map<string, EndpointSlice[]>() : slicesOf;
    wanted.set(id, wantEndpoint(usable, slices, { replicas, owners }));
  }
  const peers = owners === undefined ? {} : { peers: owners.peers };
  return { endpoints: wanted, suspended, problems, accepted, ...peers };
}

function unreadable(trouble: string, isForbidden: boolean): Problem {
  const served = isForbidden
    ? "sends no requests to replicas there, whose addresses it can't verify"
    : "serves the replicas that it knew before";
  const message = `the router can't read the namespace, and ${served} (${trouble}): the router's stack grants the rights for namespaces in allowedNamespaces of the AmlInferenceRouter, and \`pulumi up\` there heals them`;
  return { reason: NAMESPACE_UNREADABLE, message };
}

function groupByService(slices: readonly EndpointSlice[]): ReadonlyMap<string, EndpointSlice[]> {
  const groups = new Map<string, EndpointSlice[]>();
  for (const slice of slices) {
    const service = `${slice.metadata.namespace}/${slice.metadata.labels?.[SERVICE_NAME_LABEL] ?? ""}`;
    groups.set(service, [...(groups.get(service) ?? []), slice]);
  }
  return groups;
}

function wantEndpoint(
  { metadata, spec }: ModelEndpoint,
  slicesOf: ReadonlyMap<string, EndpointSlice[]>,
  { replicas, owners }: { replicas: KnownReplicas | undefined; owners: Owners | undefined },
): WantedEndpoint {
  const { name: endpoint, namespace } = metadata;
  const { mode, keyDigests = [] } = spec.authentication;
  return {
    name: endpoint,
    generation: metadata.generation ?? 0,
    route: `${mode}:${renderWeights(spec.versions)}`,
    keyDigests: mode === "None" ? [] : keyDigests.map(({ sha256 }) => sha256),
    versions: spec.versions.map((version) => {
      const slices = slicesOf.get(`${namespace}/${version.serviceName}`) ?? [];
      const { name, deploymentName } = version;
      const identity = { namespace, endpoint, version: name, deploymentName };
      const pods = readPods(
        replicas === undefined ? slices : verifiedSlices(slices, identity, replicas),
      );
      const key = versionKey(namespace, endpoint, name);
      return {
        key,
        name,
        queueWaitMs: version.maxQueueWaitMs,
        scoringTimeoutMs: version.scoringTimeoutMs,
        streamIdleTimeoutMs: version.streamIdleTimeoutMs ?? STREAM_DEFAULTS.streamIdleTimeoutMs,
        maxStreamSeconds: version.maxStreamSeconds ?? STREAM_DEFAULTS.maxStreamSeconds,
        replicaLimit: version.maxConcurrentRequestsPerContainer,
        replicas: new Map(
          [...pods.ready]
            .filter(([replica, address]) => REPLICA.test(replica) && ADDRESS.test(address))
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        ),
        notReady: pods.notReady,
        // Where it is forbidden, that nothing is verified is known.
        isKnown: replicas?.isForbidden(namespace) !== false || replicas.isKnown(namespace),
        ...(owners === undefined ? {} : ownershipOf(key, owners)),
      };
    }),
  };
}

function ownershipOf(key: string, owners: Owners): Pick<WantedVersion, "ownership" | "held"> {
  const { term, owner, held } = owners.of(key);
  return {
    ownership: { term, ...(owner === undefined ? {} : { owner }) },
    ...(held === undefined ? {} : { held }),
  };
}
