// The bounds of a ModelEndpoint's values: one list for the schema, the components and their documentation.

/** Names of endpoints and versions (azureml-semantics, row 21). */
export const NAME_PATTERN = "^[a-z]([-a-z0-9]*[a-z0-9])?$";
export const NAME_MIN_LENGTH = 3;
export const NAME_MAX_LENGTH = 32;
const NAME = new RegExp(NAME_PATTERN);

/** Whether an endpoint or a version may be called so. */
export function isServiceName(name: string): boolean {
  return name.length >= NAME_MIN_LENGTH && name.length <= NAME_MAX_LENGTH && NAME.test(name);
}

/** Lower-case hex of a SHA-256. */
export const DIGEST_PATTERN = "^[0-9a-f]{64}$";

/** A primary and a secondary key (azureml-semantics, row 67). */
export const MAX_KEY_DIGESTS = 2;

/** A bound of a whole or decimal number, both ends legal; no `maximum`: none of ours. */
export interface Bound {
  readonly minimum: number;
  readonly maximum?: number;
}

/** Bounds of a version's numbers (azureml-semantics, rows 24 to 26, 30 to 32 and 39). */
export const VERSION_BOUNDS = {
  trafficPercentile: { minimum: 0, maximum: 100 },
  maxConcurrentRequestsPerContainer: { minimum: 1 },
  maxQueueWaitMs: { minimum: 1 },
  scoringTimeoutMs: { minimum: 1, maximum: 300_000 },
  numReplicas: { minimum: 1 },
} as const satisfies Record<string, Bound>;

/** All of an endpoint's requests in 1/100 percent, the unit to which `trafficPercentile` is rounded. */
export const ALL_REQUESTS = 10_000;

/** Bounds of the autoscale object; `minReplicas` may not exceed `maxReplicas`. */
export const AUTOSCALE_BOUNDS = {
  minReplicas: { minimum: 1 },
  maxReplicas: { minimum: 1 },
  targetUtilization: { minimum: 1, maximum: 100 },
  refreshPeriodInSeconds: { minimum: 1 },
} as const satisfies Record<string, Bound>;

/** Percentiles together, in whole hundredths: 0.1 and 0.2 don't sum to 0.3. */
export function sumPercentiles(percentiles: readonly number[]): number {
  return percentiles.reduce((sum, each) => sum + Math.round(each * 100), 0) / 100;
}
