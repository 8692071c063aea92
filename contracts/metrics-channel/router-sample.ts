// What a router reports to every autoscaler ten times a second: a JSON object per line of one long HTTP request.

/** Path of the autoscaler's metrics channel: a POST whose body never ends. */
export const SAMPLES_PATH = "/v1/samples";
export const SAMPLES_PORT = 9443;

/** Audience of the projected service-account token that a router shows (checked by TokenReview). */
export const SAMPLES_AUDIENCE = "aml-inference-autoscaler";

/** Milliseconds between two samples. */
export const SAMPLE_PERIOD_MS = 100;

export interface RouterSample {
  /** Pod name of the router. */
  readonly router: string;
  /** Counts up by one per sample of this connection. */
  readonly sequence: number;
  /** True: `endpoints` lists all that the router serves; false: only those that changed since the last sample. */
  readonly full: boolean;
  /** Keyed `<namespace>/<name>`. */
  readonly endpoints: Readonly<Record<string, EndpointSample>>;
}

export interface EndpointSample {
  /** metadata.generation that HAProxy serves now; 0 when none. */
  readonly appliedGeneration: number;
  /** Why the newest generation can't be served. */
  readonly problem?: { readonly reason: string; readonly message: string };
  readonly versions: Readonly<Record<string, VersionSample>>;
}

export interface VersionSample {
  /** Requests that models compute now, those of clients who left included. */
  readonly inFlight: number;
  /** Requests that wait for a slot. */
  readonly queued: number;
  /** Slots of the replicas in use: replicas × maxConcurrentRequestsPerContainer. */
  readonly slots: number;
  /** Requests that arrived since the router started. */
  readonly arrivals: number;
  /** Replicas that are leaving (terminating, or unready), by pod name, with the requests that they still compute. */
  readonly draining: Readonly<Record<string, number>>;
}
