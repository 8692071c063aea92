// Bounds of a ModelEndpoint's values, shared by the CRD's schema, the components and their documentation.

/** Names of endpoints and versions (azureml-semantics, row 21). */
export const NAME_PATTERN = "^[a-z]([-a-z0-9]*[a-z0-9])?$";
export const NAME_MIN_LENGTH = 3;
export const NAME_MAX_LENGTH = 32;
const NAME = new RegExp(NAME_PATTERN);

/** Whether the name is legal for an endpoint or a version. */
export function isServiceName(name: string): boolean {
  return name.length >= NAME_MIN_LENGTH && name.length <= NAME_MAX_LENGTH && NAME.test(name);
}

/** A SHA-256 digest in lower-case hex. */
export const DIGEST_PATTERN = "^[0-9a-f]{64}$";

/** Primary and secondary key (azureml-semantics, row 67). */
export const MAX_KEY_DIGESTS = 2;

/** Inclusive bounds of a number. Without `maximum` there is no upper bound. */
export interface Bound {
  readonly minimum: number;
  readonly maximum?: number;
}

/** Replicas of one version: more than v1 ever needed (its sizing rule ends at a few hundred), and no cluster's end. */
const MAX_REPLICAS = 1_000;

/**
 * Bounds of a version's numbers (azureml-semantics, rows 24 to 26, 30 to 32 and 39). v1 has no maximum for most: ours keep
 * one resource from taking the router, the autoscaler or the cluster from all others.
 */
export const VERSION_BOUNDS = {
  trafficPercentile: { minimum: 0, maximum: 100 },
  maxConcurrentRequestsPerContainer: { minimum: 1, maximum: 10_000 },
  maxQueueWaitMs: { minimum: 1, maximum: 3_600_000 },
  scoringTimeoutMs: { minimum: 1, maximum: 300_000 },
  streamIdleTimeoutMs: { minimum: 1_000, maximum: 3_600_000 },
  maxStreamSeconds: { minimum: 1, maximum: 3_600 },
  numReplicas: { minimum: 1, maximum: MAX_REPLICAS },
} as const satisfies Record<string, Bound>;

/** Bounds on streams of a version that declares none. Resources written before these fields existed have none either. */
export const STREAM_DEFAULTS = { streamIdleTimeoutMs: 300_000, maxStreamSeconds: 120 } as const;

/** Seconds that one request may keep a replica busy: until its first byte, or as a stream that is being removed. */
export function longestRequestSeconds(bounds: {
  readonly scoringTimeoutMs: number;
  readonly maxStreamSeconds: number;
}): number {
  return Math.max(bounds.scoringTimeoutMs / 1_000, bounds.maxStreamSeconds);
}

/** 100 percent of an endpoint's requests, in the unit of 0.01 percent to which `trafficPercentile` is rounded. */
export const ALL_REQUESTS = 10_000;

/** Bounds of the autoscale object; `minReplicas` may not exceed `maxReplicas`. */
export const AUTOSCALE_BOUNDS = {
  minReplicas: { minimum: 1, maximum: MAX_REPLICAS },
  maxReplicas: { minimum: 1, maximum: MAX_REPLICAS },
  targetUtilization: { minimum: 1, maximum: 100 },
  refreshPeriodInSeconds: { minimum: 1, maximum: 600 },
} as const satisfies Record<string, Bound>;

/** Sum of percentiles in percent. Adds whole hundredths: in binary, 0.1 + 0.2 is not 0.3. */
export function sumPercentiles(percentiles: readonly number[]): number {
  return percentiles.reduce((sum, each) => sum + Math.round(each * 100), 0) / 100;
}
