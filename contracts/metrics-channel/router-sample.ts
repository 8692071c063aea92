// The metrics channel: each router sends samples to every autoscaler ten times a second, as JSON lines in one long request.

/** Path of the autoscaler's metrics channel: a POST whose body never ends. */
export const SAMPLES_PATH = "/v1/samples";
export const SAMPLES_PORT = 9443;

/** Audience of the projected service-account token that a router presents (validated by TokenReview). */
export const SAMPLES_AUDIENCE = "aml-inference-autoscaler";

/** Milliseconds between two samples. */
export const SAMPLE_PERIOD_MS = 100;

/** Reason of a problem: the router may not see the namespace, and so not the replicas. */
export const NAMESPACE_UNREADABLE = "NamespaceUnreadable";

export interface RouterSample {
  /** Pod name of the router. */
  readonly router: string;
  /** Increases by one with each sample of the connection. */
  readonly sequence: number;
  /** True: `endpoints` has every endpoint that the router serves. False: only those that changed since the last sample. */
  readonly full: boolean;
  /** Keyed `<namespace>/<name>`. */
  readonly endpoints: Readonly<Record<string, EndpointSample>>;
}

export interface EndpointSample {
  /** metadata.generation that HAProxy serves now; 0 when it serves none. */
  readonly appliedGeneration: number;
  /** Why the newest generation can't be served. */
  readonly problem?: { readonly reason: string; readonly message: string };
  readonly versions: Readonly<Record<string, VersionSample>>;
}

export interface VersionSample {
  /** Requests that models are processing, including those whose client disconnected. */
  readonly inFlight: number;
  /** Requests that are waiting for a slot. */
  readonly queued: number;
  /** Slots of the replicas in use: replicas × maxConcurrentRequestsPerContainer. */
  readonly slots: number;
  /** Requests received since the router started. */
  readonly arrivals: number;
  /** Requests that draining replicas (terminating or unready) still process, by pod name. */
  readonly draining: Readonly<Record<string, number>>;
}
