// Defaults and bounds of every number that an endpoint takes (azureml-semantics 2.1 and 2.2; docs/arguments.md).
import { AUTOSCALE_BOUNDS, VERSION_BOUNDS } from "../../contracts/model-endpoint/limits";
import { type NumberRule } from "../../values/plain-values";

type Rules = Readonly<Record<string, NumberRule>>;

const WHOLE = { decimals: 0 } as const;
const COUNT = { minimum: 1, ...WHOLE } as const;

/** Numbers of one version. */
export const VERSION_NUMBERS = {
  trafficPercentile: { default: 0, ...VERSION_BOUNDS.trafficPercentile, decimals: 2 },
  numReplicas: { ...VERSION_BOUNDS.numReplicas, ...WHOLE },
  cpuCores: { default: 0.1, above: 0, decimals: 3 },
  cpuCoresLimit: { above: 0, decimals: 3 },
  memoryGb: { default: 0.5, above: 0 },
  memoryGbLimit: { above: 0 },
  gpuCores: { default: 0, minimum: 0, ...WHOLE },
  scoringTimeoutMs: { default: 60_000, ...VERSION_BOUNDS.scoringTimeoutMs, ...WHOLE },
  maxConcurrentRequestsPerContainer: {
    default: 1,
    ...VERSION_BOUNDS.maxConcurrentRequestsPerContainer,
    ...WHOLE,
  },
  maxQueueWaitMs: { default: 500, ...VERSION_BOUNDS.maxQueueWaitMs, ...WHOLE },
} as const satisfies Rules;

/** Numbers of a version's `autoscale`. */
export const AUTOSCALE_NUMBERS = {
  minReplicas: { default: 1, ...AUTOSCALE_BOUNDS.minReplicas, ...WHOLE },
  maxReplicas: { default: 10, ...AUTOSCALE_BOUNDS.maxReplicas, ...WHOLE },
  targetUtilization: { default: 70, ...AUTOSCALE_BOUNDS.targetUtilization, ...WHOLE },
  refreshPeriodInSeconds: { default: 1, ...AUTOSCALE_BOUNDS.refreshPeriodInSeconds, ...WHOLE },
} as const satisfies Rules;

/** Numbers of a version's `livenessProbe`. */
export const LIVENESS_NUMBERS = {
  periodSeconds: { default: 10, ...COUNT },
  initialDelaySeconds: { default: 310, ...COUNT },
  timeoutSeconds: { default: 2, ...COUNT },
  successThreshold: { default: 1, ...COUNT },
  failureThreshold: { default: 3, ...COUNT },
} as const satisfies Rules;

/** Numbers of `keyVersions`: raising one replaces that key. */
export const KEY_NUMBERS = {
  primaryKey: { default: 1, ...COUNT },
  secondaryKey: { default: 1, ...COUNT },
} as const satisfies Rules;

/** Seconds that an update waits for the new replicas and for the routers. */
export const ROLLOUT_TIMEOUT = {
  default: 600,
  minimum: 1,
  maximum: 3600,
  ...WHOLE,
} as const satisfies NumberRule;
