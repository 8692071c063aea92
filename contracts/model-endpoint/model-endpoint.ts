// The ModelEndpoint custom resource: what the components declare, the router serves and the autoscaler scales.

export const GROUP = "aml-inference.io";
export const VERSION = "v1";
export const API_VERSION = `${GROUP}/${VERSION}`;
export const KIND = "ModelEndpoint";
export const PLURAL = "modelendpoints";

/** Labels on every object that belongs to an endpoint or one of its versions (Services pass theirs to their EndpointSlices). */
export const ENDPOINT_LABEL = `${GROUP}/endpoint`;
export const VERSION_LABEL = `${GROUP}/version`;

/** Annotation on a version's Deployment: `auto` when the autoscaler owns `spec.replicas`, `fixed` when Pulumi does. */
export const SCALE_MODE_ANNOTATION = `${GROUP}/scale-mode`;

/** Versions of one endpoint at most (azureml-semantics, row 38). */
export const MAX_VERSIONS = 6;

export interface ModelEndpoint {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: typeof KIND;
  readonly metadata: ModelEndpointMetadata;
  readonly spec: ModelEndpointSpec;
  readonly status?: ModelEndpointStatus;
}

/** The part of ObjectMeta that we read. */
export interface ModelEndpointMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly uid?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly resourceVersion?: string;
}

export interface ModelEndpointSpec {
  /** Set before deletion: routers drop the endpoint and say so, then the object goes. Default false. */
  readonly suspended?: boolean;
  /** Namespace of the router, and its autoscaler, that look after the endpoint. Default: every router of the cluster. */
  readonly routerNamespace?: string;
  readonly authentication: Authentication;
  /** One to six, names unique, exactly one default, at most one Control, percentiles sum to 100 at most. */
  readonly versions: readonly EndpointVersion[];
}

export interface Authentication {
  /** `Key`: a bearer key whose digest is listed; `None`: open to whoever reaches the load balancer. */
  readonly mode: "Key" | "None";
  /** With `Key` one or two; never the keys themselves. */
  readonly keyDigests?: readonly KeyDigest[];
}

export interface KeyDigest {
  readonly name: "primary" | "secondary";
  /** Lower-case hex of SHA-256 over `<key>@<endpoint name>`: equal keys of two endpoints don't look equal. */
  readonly sha256: string;
}

/** One version, in Azure ML v1's words (azureml-semantics 2.1, 2.2). */
export interface EndpointVersion {
  readonly name: string;
  /** Service whose EndpointSlices list the version's replicas. */
  readonly serviceName: string;
  /** Deployment whose `scale` subresource the autoscaler patches. */
  readonly deploymentName: string;
  readonly isDefault: boolean;
  readonly type: "Control" | "Treatment";
  /** 0 to 100, in steps of 0.01; what the others leave goes to the default version. */
  readonly trafficPercentile: number;
  /** Requests that one replica computes at the same time; the rest waits in the version's queue. */
  readonly maxConcurrentRequestsPerContainer: number;
  /** Milliseconds in the queue before 503. */
  readonly maxQueueWaitMs: number;
  /** Milliseconds from the moment the model has the request before 504. */
  readonly scoringTimeoutMs: number;
  /** Exactly one of `autoscale` and `numReplicas`. */
  readonly autoscale?: Autoscale;
  readonly numReplicas?: number;
}

export interface Autoscale {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Percent of the slots that should be busy, 1 to 100. */
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
  /** `Accepted`: routers can serve the spec. `Ready`: applied everywhere, and the default version has a ready replica. */
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
  /** CamelCase word and sentence: why this many replicas. */
  readonly reason: string;
  readonly message: string;
}
