// The arguments of one version of an endpoint (azureml-semantics 2.1 and 2.2; docs/arguments.md).
import {
  AUTOSCALE_BOUNDS,
  STREAM_DEFAULTS,
  VERSION_BOUNDS,
} from "../../contracts/model-endpoint/limits";
import { PodSecurity } from "../../contracts/choices";
import { drainTimes } from "../../contracts/pods/drain-times";
import { MODEL_PORT } from "../../contracts/scoring-api";
import { labels } from "../../kubernetes/core/argument-rules";
import { GPU_RESOURCE } from "../../kubernetes/core/gpus";
import { type ArgumentError, illegal } from "../../values/argument-error";
import {
  anyText,
  boolean,
  choice,
  integer,
  number,
  text,
  textLike,
} from "../../values/argument-rules";
import { list, object, texts } from "../../values/object-rules";
import {
  type ArgumentRule,
  type Arguments,
  type ArgumentTable,
  type BesideRule,
  isUnset,
} from "../../values/argument-table";
import { isRecord } from "../../values/is-record";
import { UNKNOWN } from "../../values/unknown";
import { POD_ARGUMENTS, VARIABLE_NAME } from "./pod-arguments";
import { podTemplate } from "./pod-template";

/** Tags and properties: strings under any non-empty name. */
export const notes = texts({ pattern: /./ });

/** Kubernetes' largest number of a user. */
const LARGEST_USER = 2_147_483_647;

/** Four hours: a model of hundreds of gigabytes that comes over the network. */
export const MAX_STARTUP_SECONDS = 14_400;

export const AUTOSCALE_ARGUMENTS = {
  minReplicas: integer({ default: 1, ...AUTOSCALE_BOUNDS.minReplicas, beside: atMostMaxReplicas }),
  maxReplicas: integer({ default: 10, ...AUTOSCALE_BOUNDS.maxReplicas }),
  targetUtilization: integer({ default: 70, ...AUTOSCALE_BOUNDS.targetUtilization }),
  refreshPeriodInSeconds: integer({ default: 1, ...AUTOSCALE_BOUNDS.refreshPeriodInSeconds }),
} as const satisfies ArgumentTable;

const ONLY_ONE = "be 1, the only value that Kubernetes accepts of a liveness probe";

export const LIVENESS_ARGUMENTS = {
  periodSeconds: integer({ default: 10, minimum: 1 }),
  initialDelaySeconds: integer({ default: 310, minimum: 1 }),
  timeoutSeconds: integer({ default: 2, minimum: 1 }),
  successThreshold: { default: 1, bound: "1", legal: ONLY_ONE, find: mustBeOne },
  failureThreshold: integer({ default: 3, minimum: 1 }),
} as const satisfies ArgumentTable;

/** A path that the kubelet asks: 2xx and 3xx are well. */
export const ROUTE_ARGUMENTS = {
  path: textLike("a path that begins with /", /^\/\S*$/, { default: "/" }),
  port: integer({ default: MODEL_PORT, minimum: 1, maximum: 65_535 }),
} as const satisfies ArgumentTable;

export const INFERENCE_ARGUMENTS = {
  livenessRoute: object(ROUTE_ARGUMENTS),
  readinessRoute: object(ROUTE_ARGUMENTS),
  startupTimeoutSeconds: integer({ minimum: 1, maximum: MAX_STARTUP_SECONDS }),
} as const satisfies ArgumentTable;

/** `<domain>/<name>`, as device plugins name what they offer. */
const gpuResource = textLike(
  "the name of a device plugin's resource, such as nvidia.com/mig-1g.5gb or amd.com/gpu",
  /^(?!([a-z0-9.-]+\.)?kubernetes\.io\/)[a-z0-9]([a-z0-9.-]*[a-z0-9])?\/[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/,
  { default: GPU_RESOURCE, beside: onlyWithGpus },
);

const TOLERATION_ARGUMENTS = {
  key: anyText,
  operator: anyText,
  value: anyText,
  effect: anyText,
  tolerationSeconds: integer({}),
} as const satisfies ArgumentTable;

export const VERSION_ARGUMENTS = {
  image: text({ required: true }),
  isDefault: boolean({}),
  isControl: boolean({ default: false }),
  trafficPercentile: number({ default: 0, ...VERSION_BOUNDS.trafficPercentile, decimals: 2 }),
  autoscale: object(AUTOSCALE_ARGUMENTS),
  numReplicas: integer({ ...VERSION_BOUNDS.numReplicas, beside: notBesideAutoscale }),
  cpuCores: number({ default: 0.1, above: 0, decimals: 3 }),
  cpuCoresLimit: number({ above: 0, decimals: 3, beside: atLeast("cpuCores") }),
  memoryGb: number({ default: 0.5, above: 0 }),
  memoryGbLimit: number({ above: 0, beside: atLeast("memoryGb") }),
  gpuCores: integer({ default: 0, minimum: 0 }),
  gpuResource,
  ephemeralStorageGb: number({ above: 0 }),
  ephemeralStorageGbLimit: number({ above: 0, beside: atLeast("ephemeralStorageGb") }),
  scoringTimeoutMs: integer({ default: 60_000, ...VERSION_BOUNDS.scoringTimeoutMs }),
  streamIdleTimeoutMs: integer({
    default: STREAM_DEFAULTS.streamIdleTimeoutMs,
    ...VERSION_BOUNDS.streamIdleTimeoutMs,
  }),
  maxStreamSeconds: integer({
    default: STREAM_DEFAULTS.maxStreamSeconds,
    ...VERSION_BOUNDS.maxStreamSeconds,
  }),
  maxConcurrentRequestsPerContainer: integer({
    default: 1,
    ...VERSION_BOUNDS.maxConcurrentRequestsPerContainer,
  }),
  maxQueueWaitMs: integer({ default: 500, ...VERSION_BOUNDS.maxQueueWaitMs }),
  livenessProbe: object(LIVENESS_ARGUMENTS),
  inferenceConfig: object(INFERENCE_ARGUMENTS),
  environmentVariables: texts(VARIABLE_NAME),
  podSecurity: choice(Object.values(PodSecurity), { default: PodSecurity.Restricted }),
  runAsUser: integer({ minimum: 1, maximum: LARGEST_USER }),
  nodeSelector: labels,
  tolerations: list(object(TOLERATION_ARGUMENTS)),
  ...POD_ARGUMENTS,
  terminationGracePeriodSeconds: integer({ minimum: 1, beside: coversDrain }),
  podTemplate,
  tags: notes,
  properties: notes,
  description: text({}),
} as const satisfies ArgumentTable;

function mustBeOne(path: string, value: unknown): ArgumentError[] {
  return value === 1 ? [] : illegal(path, { legal: ONLY_ONE }, value);
}

function onlyWithGpus(path: string, resource: unknown, { gpuCores }: Arguments): ArgumentError[] {
  // An Output may turn out to be undefined.
  if (isUnset(resource) || resource === UNKNOWN || !isUnset(gpuCores)) return [];
  return [{ path, reason: "can't be given without gpuCores, the number of them" }];
}

/** A removed replica's last requests end before it is killed. */
function coversDrain(path: string, given: unknown, version: Arguments): ArgumentError[] {
  const scoringTimeoutMs =
    version["scoringTimeoutMs"] ?? VERSION_ARGUMENTS.scoringTimeoutMs.default;
  const maxStreamSeconds =
    version["maxStreamSeconds"] ?? VERSION_ARGUMENTS.maxStreamSeconds.default;
  if (typeof scoringTimeoutMs !== "number" || typeof maxStreamSeconds !== "number") return [];
  const { graceSeconds } = drainTimes({ scoringTimeoutMs, maxStreamSeconds });
  if (typeof given !== "number" || given >= graceSeconds) return [];
  const reason = `must be at least ${graceSeconds}, so that the last requests of a removed replica end (the longer of scoringTimeoutMs and maxStreamSeconds, and 32 s): it is ${given}`;
  return [{ path, reason }];
}

type Requested = "cpuCores" | "memoryGb" | "ephemeralStorageGb";

/** A limit may not be below its request; an unset request counts with its default. */
function atLeast(request: Requested): BesideRule {
  return (path, limit, version) => {
    const rule: ArgumentRule = VERSION_ARGUMENTS[request];
    const requested = version[request] ?? rule.default;
    if (typeof requested !== "number" || typeof limit !== "number" || limit >= requested) return [];
    return [{ path, reason: `must be at least ${request}, which is ${requested}: it is ${limit}` }];
  };
}

/** `autoscale` and `numReplicas` exclude each other (azureml-semantics, rows 23 to 27). */
function notBesideAutoscale(
  path: string,
  numReplicas: unknown,
  { autoscale }: Arguments,
): ArgumentError[] {
  // An Output may turn out to be undefined.
  if (isUnset(numReplicas) || numReplicas === UNKNOWN || !isRecord(autoscale)) return [];
  const reason =
    "can't be given with autoscale: a version has a fixed number of replicas or is autoscaled";
  return [{ path, reason }];
}

function atMostMaxReplicas(path: string, given: unknown, autoscale: Arguments): ArgumentError[] {
  const least = given ?? AUTOSCALE_ARGUMENTS.minReplicas.default;
  const most = autoscale["maxReplicas"] ?? AUTOSCALE_ARGUMENTS.maxReplicas.default;
  if (typeof least !== "number" || typeof most !== "number" || least <= most) return [];
  return [{ path, reason: `must be at most maxReplicas, which is ${most}: it is ${least}` }];
}
