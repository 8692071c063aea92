// What is wrong with the arguments of one version of an endpoint.
import { type ArgumentProblem, shown } from "../../values/argument-problem";
import { AUTOSCALE_NUMBERS, LIVENESS_NUMBERS, VERSION_NUMBERS } from "./bounds";
import { validateServiceName } from "./names";
import { isRecord } from "../../values/is-record";
import {
  validateBoolean,
  validateNames,
  validateNumber,
  validateText,
  validateTexts,
  type NumberRule,
} from "../../values/plain-values";
import { UNKNOWN } from "../../values/unknown";

/** Arguments of a version. */
export const VERSION_ARGUMENTS = [
  "image",
  "isDefault",
  "isControl",
  "trafficPercentile",
  "autoscale",
  "numReplicas",
  "cpuCores",
  "cpuCoresLimit",
  "memoryGb",
  "memoryGbLimit",
  "gpuCores",
  "scoringTimeoutMs",
  "maxConcurrentRequestsPerContainer",
  "maxQueueWaitMs",
  "livenessProbe",
  "environmentVariables",
  "nodeSelector",
  "tolerations",
  "tags",
  "properties",
  "description",
] as const;

const TOLERATION_ARGUMENTS = ["key", "operator", "value", "effect", "tolerationSeconds"] as const;

/** What Kubernetes accepts as the name of an environment variable, short of the rarely used rest. */
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
/** What Kubernetes accepts as a label's key. */
const LABEL_KEY = /^([a-z0-9.-]+\/)?[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/;
/** Tags and properties are free: any name that is not empty. */
export const FREE_NAME = /./;

/** Problems of `versions.<name>`. */
export function validateVersion(name: string, version: unknown): ArgumentProblem[] {
  const path = `versions.${name}`;
  const named = validateServiceName(path, name);
  if (version === UNKNOWN) return named;
  if (!isRecord(version)) {
    return [...named, { path, reason: `must be an object: it is ${shown(version)}` }];
  }
  return [
    ...named,
    ...validateNames(path, version, VERSION_ARGUMENTS),
    ...validateText(`${path}.image`, version["image"]),
    ...validateBoolean(`${path}.isDefault`, version["isDefault"]),
    ...validateBoolean(`${path}.isControl`, version["isControl"]),
    ...validateNumbers(path, version, VERSION_NUMBERS),
    ...validateLimit(path, version, "cpuCores", "cpuCoresLimit"),
    ...validateLimit(path, version, "memoryGb", "memoryGbLimit"),
    ...validateScale(path, version),
    ...validateLiveness(`${path}.livenessProbe`, version["livenessProbe"]),
    ...validateTexts(
      `${path}.environmentVariables`,
      version["environmentVariables"],
      VARIABLE_NAME,
    ),
    ...validateTexts(`${path}.nodeSelector`, version["nodeSelector"], LABEL_KEY),
    ...validateTolerations(`${path}.tolerations`, version["tolerations"]),
    ...validateTexts(`${path}.tags`, version["tags"], FREE_NAME),
    ...validateTexts(`${path}.properties`, version["properties"], FREE_NAME),
    ...validateText(`${path}.description`, version["description"], { optional: true }),
  ];
}

/** The numbers of an object against their rules, whichever are given. */
export function validateNumbers(
  path: string,
  values: Readonly<Record<string, unknown>>,
  rules: Readonly<Record<string, NumberRule>>,
): ArgumentProblem[] {
  return Object.entries(rules).flatMap(([name, rule]) =>
    validateNumber(`${path}.${name}`, values[name], rule),
  );
}

/** A limit may not be below its request; an unset request counts with its default. */
function validateLimit(
  path: string,
  version: Readonly<Record<string, unknown>>,
  request: "cpuCores" | "memoryGb",
  limit: "cpuCoresLimit" | "memoryGbLimit",
): ArgumentProblem[] {
  const requested = version[request] ?? VERSION_NUMBERS[request].default;
  const limited = version[limit];
  if (typeof requested !== "number" || typeof limited !== "number" || limited >= requested) {
    return [];
  }
  const reason = `must be at least ${request}, which is ${requested}: it is ${limited}`;
  return [{ path: `${path}.${limit}`, reason }];
}

/** `autoscale` is the flag: it and `numReplicas` exclude each other (azureml-semantics, rows 23 to 27). */
function validateScale(
  path: string,
  version: Readonly<Record<string, unknown>>,
): ArgumentProblem[] {
  const autoscale = version["autoscale"];
  if (autoscale === undefined || autoscale === null || autoscale === UNKNOWN) return [];
  const at = `${path}.autoscale`;
  if (!isRecord(autoscale)) {
    return [{ path: at, reason: `must be an object: it is ${shown(autoscale)}` }];
  }
  const problems: ArgumentProblem[] = [
    ...validateNames(at, autoscale, Object.keys(AUTOSCALE_NUMBERS)),
    ...validateNumbers(at, autoscale, AUTOSCALE_NUMBERS),
  ];
  if (version["numReplicas"] !== undefined && version["numReplicas"] !== null) {
    const reason = "can't stand beside autoscale: a version has a fixed number or is autoscaled";
    problems.push({ path: `${path}.numReplicas`, reason });
  }
  const least = autoscale["minReplicas"] ?? AUTOSCALE_NUMBERS.minReplicas.default;
  const most = autoscale["maxReplicas"] ?? AUTOSCALE_NUMBERS.maxReplicas.default;
  if (typeof least === "number" && typeof most === "number" && least > most) {
    const reason = `must be at most maxReplicas, which is ${most}: it is ${least}`;
    problems.push({ path: `${at}.minReplicas`, reason });
  }
  return problems;
}

function validateLiveness(path: string, probe: unknown): ArgumentProblem[] {
  if (probe === undefined || probe === null || probe === UNKNOWN) return [];
  if (!isRecord(probe)) return [{ path, reason: `must be an object: it is ${shown(probe)}` }];
  const { successThreshold, ...rest } = LIVENESS_NUMBERS;
  const problems = [
    ...validateNames(path, probe, Object.keys(LIVENESS_NUMBERS)),
    ...validateNumbers(path, probe, rest),
  ];
  const given = probe["successThreshold"];
  if (given === undefined || given === null || given === UNKNOWN) return problems;
  if (given === successThreshold.default) return problems;
  const reason = `must be 1, the only value that Kubernetes accepts of a liveness probe: it is ${shown(given)}`;
  return [...problems, { path: `${path}.successThreshold`, reason }];
}

function validateTolerations(path: string, tolerations: unknown): ArgumentProblem[] {
  if (tolerations === undefined || tolerations === null || tolerations === UNKNOWN) return [];
  if (!Array.isArray(tolerations)) {
    return [{ path, reason: `must be a list: it is ${shown(tolerations)}` }];
  }
  return tolerations.flatMap((toleration: unknown, index) => {
    const at = `${path}[${index}]`;
    if (toleration === UNKNOWN) return [];
    if (!isRecord(toleration)) return [{ path: at, reason: "must be an object" }];
    return validateNames(at, toleration, TOLERATION_ARGUMENTS);
  });
}
