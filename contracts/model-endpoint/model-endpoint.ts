// The ModelEndpoint custom resource: components declare it, routers serve it, the autoscaler scales it.

export const GROUP = "aml-inference.io";
export const VERSION = "v1";
export const API_VERSION = `${GROUP}/${VERSION}`;
export const KIND = "ModelEndpoint";
export const PLURAL = "modelendpoints";

/** Labels of every object of an endpoint or version. Kubernetes copies a Service's labels to its EndpointSlices. */
export const ENDPOINT_LABEL = `${GROUP}/endpoint`;
export const VERSION_LABEL = `${GROUP}/version`;

/** Annotation on a version's Deployment: `auto` when the autoscaler owns `spec.replicas`, `fixed` when Pulumi does. */
export const SCALE_MODE_ANNOTATION = `${GROUP}/scale-mode`;

/**
 * Annotation with the digest of the declared pod template, on a version's Deployment and on its template. After a failed
 * roll-out the former template is restored: then the template's digest differs from the Deployment's.
 */
export const REVISION_ANNOTATION = `${GROUP}/revision`;

/** Maximum number of versions per endpoint (azureml-semantics, row 38). */
export const MAX_VERSIONS = 6;

export interface ModelEndpoint {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: typeof KIND;
  readonly metadata: ModelEndpointMetadata;
  readonly spec: ModelEndpointSpec;
  readonly status?: ModelEndpointStatus;
}

/** The part of ObjectMeta that routers and autoscaler read. */
export interface ModelEndpointMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly uid?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly resourceVersion?: string;
}

export interface ModelEndpointSpec {
  /** Set before deletion: the object is deleted once every router reports that it no longer serves it. Default false. */
  readonly suspended?: boolean;
  /**
   * Namespace of the router and autoscaler that serve and scale the endpoint. Default: all routers of the cluster serve
   * it, and the autoscaler with the oldest Lease scales it.
   */
  readonly routerNamespace?: string;
  readonly authentication: Authentication;
  /** One to six versions: unique names, exactly one default, at most one Control, percentiles sum to at most 100. */
  readonly versions: readonly EndpointVersion[];
}

export interface Authentication {
  /** `Key`: requests need a bearer key whose digest is listed. `None`: no authentication. */
  readonly mode: "Key" | "None";
  /** One or two digests with mode `Key`. The keys themselves are not stored. */
  readonly keyDigests?: readonly KeyDigest[];
}

export interface KeyDigest {
  readonly name: "primary" | "secondary";
  /** Lower-case hex SHA-256 of `<key>@<endpoint name>`, so that equal keys of two endpoints have different digests. */
  readonly sha256: string;
}

/** One version, in Azure ML v1's words (azureml-semantics 2.1, 2.2). */
export interface EndpointVersion {
  readonly name: string;
  /** Service whose EndpointSlices list the version's replicas. */
  readonly serviceName: string;
  /** Deployment whose `scale` subresource the autoscaler updates. */
  readonly deploymentName: string;
  readonly isDefault: boolean;
  readonly type: "Control" | "Treatment";
  /** Percent of the requests, 0 to 100 in steps of 0.01. The default version also gets the remainder. */
  readonly trafficPercentile: number;
  /** Requests that one replica processes concurrently; further ones wait in the version's queue. */
  readonly maxConcurrentRequestsPerContainer: number;
  /** Milliseconds in the queue before 503. */
  readonly maxQueueWaitMs: number;
  /** Milliseconds from the model's receipt of the request to the first byte of its response, before 504. */
  readonly scoringTimeoutMs: number;
  /**
   * Milliseconds without a byte in either direction after which a stream is cut. A stream is a response that has begun,
   * or a WebSocket. Default: STREAM_DEFAULTS.
   */
  readonly streamIdleTimeoutMs?: number;
  /**
   * Seconds for which a stream continues while its replica or its router is being removed, and once its client has left.
   * Default: STREAM_DEFAULTS.
   */
  readonly maxStreamSeconds?: number;
  /** Exactly one of `autoscale` and `numReplicas` is set. */
  readonly autoscale?: Autoscale;
  readonly numReplicas?: number;
}

export interface Autoscale {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Target percentage of busy slots, 1 to 100. */
  readonly targetUtilization: number;
  readonly refreshPeriodInSeconds: number;
}

export interface ModelEndpointStatus {
  /** The generation that every ready router serves. */
  readonly appliedGeneration?: number;
  /** Ready replicas of all versions. */
  readonly readyReplicas?: number;
  readonly conditions?: readonly Condition[];
  readonly versions?: readonly VersionStatus[];
}

export interface Condition {
  /** `Accepted`: routers can serve the spec. `Ready`: every router serves it, and the default version has a ready replica. */
  readonly type: "Accepted" | "Ready";
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration: number;
  readonly lastTransitionTime: string;
}

/** v1's states of a service (azureml-semantics 2.1, states). */
export type VersionState = "Transitioning" | "Healthy" | "Unhealthy" | "Unschedulable" | "Failed";

export interface VersionStatus {
  readonly name: string;
  readonly state: VersionState;
  readonly readyReplicas: number;
  readonly desiredReplicas: number;
  /** CamelCase reason for the state or the replica count. */
  readonly reason: string;
  /** The reason as a sentence. */
  readonly message: string;
}
