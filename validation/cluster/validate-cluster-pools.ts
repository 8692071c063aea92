// What is wrong with the pools of a cluster: the agents against their floor, and those for GPUs and spot machines.
import { ClusterPurpose } from "../../contracts/choices";
import { type ArgumentProblem, shown } from "../../values/argument-problem";
import { assessFloor } from "./cluster-floor";
import { isRecord } from "../../values/is-record";
import {
  validateChoice,
  validateNames,
  validateNumber,
  validatePresent,
  validateText,
} from "../../values/plain-values";
import { readVmSize } from "../../azure/core/vm-size";
import { UNKNOWN } from "../../values/unknown";

type Arguments = Readonly<Record<string, unknown>>;

export const DEFAULT_AGENT_COUNT = 3;
export const DEFAULT_AGENT_VM_SIZE = "Standard_D4s_v5";

const COUNT = { minimum: 1, maximum: 1000, decimals: 0 } as const;
const POOL_COUNT = { minimum: 0, maximum: 1000, decimals: 0 } as const;

/** Number, size and zones of the agents. */
export function validateAgents(args: Arguments): ArgumentProblem[] {
  return [
    ...validateNumber("agentCount", args["agentCount"], COUNT),
    ...validateFloor(args),
    ...validateAutoscaling(args["nodeAutoscaling"]),
    ...validateZones(args["zones"]),
  ];
}

/** What the agents have against the floor of the purpose. */
function validateFloor(args: Arguments): ArgumentProblem[] {
  const purpose = args["clusterPurpose"] ?? ClusterPurpose.FastProd;
  const vmSize = args["agentVmSize"] ?? DEFAULT_AGENT_VM_SIZE;
  const autoscaling = args["nodeAutoscaling"];
  const nodes = isRecord(autoscaling)
    ? autoscaling["minCount"]
    : (args["agentCount"] ?? DEFAULT_AGENT_COUNT);
  if (vmSize === UNKNOWN || typeof vmSize !== "string") return [];
  const read = readVmSize(vmSize);
  const given = args["agentVCpus"];
  if (!read.ok && read.isFpga) return [{ path: "agentVmSize", reason: read.reason }];
  // A size whose name does not tell is judged by Azure's list (check-region).
  const vCpus = typeof given === "number" ? given : read.ok ? read.vCpus : undefined;
  if (typeof nodes !== "number" || vCpus === undefined || !isPurpose(purpose)) return [];
  const path = isRecord(autoscaling) ? "nodeAutoscaling.minCount" : "agentCount";
  const verdict = assessFloor(purpose, [{ nodes, vmSize, vCpus }], path);
  return verdict.kind === "refused" ? [{ path, reason: `is too small: ${verdict.message}` }] : [];
}

function isPurpose(value: unknown): value is ClusterPurpose {
  return Object.values<unknown>(ClusterPurpose).includes(value);
}

function validateAutoscaling(value: unknown): ArgumentProblem[] {
  if (value === undefined || value === UNKNOWN) return [];
  const path = "nodeAutoscaling";
  if (!isRecord(value)) return [{ path, reason: `must be an object: it is ${shown(value)}` }];
  const { minCount, maxCount } = value;
  const problems = [
    ...validateNames(path, value, ["minCount", "maxCount"]),
    ...validatePresent(`${path}.minCount`, minCount),
    ...validatePresent(`${path}.maxCount`, maxCount),
    ...validateNumber(`${path}.minCount`, minCount, COUNT),
    ...validateNumber(`${path}.maxCount`, maxCount, COUNT),
  ];
  if (typeof minCount === "number" && typeof maxCount === "number" && minCount > maxCount) {
    const reason = `must be at least minCount ${minCount}: it is ${maxCount}`;
    problems.push({ path: `${path}.maxCount`, reason });
  }
  return problems;
}

function validateZones(value: unknown): ArgumentProblem[] {
  if (value === undefined || value === UNKNOWN || !Array.isArray(value)) return [];
  return value.flatMap((zone: unknown, index) =>
    validateChoice(`zones.${index}`, zone, ["1", "2", "3"]),
  );
}

export function validateGpuPool(value: unknown): ArgumentProblem[] {
  if (!isRecord(value)) return [];
  const { vmSize } = value;
  const read = typeof vmSize === "string" && vmSize !== UNKNOWN ? readVmSize(vmSize) : undefined;
  const reason = `must be a size with GPUs, like Standard_NC4as_T4_v3: it is ${shown(vmSize)}`;
  return [
    ...validatePool("gpuPool", value, ["vmSize", "count"]),
    ...(read?.ok === true && !read.gpu ? [{ path: "gpuPool.vmSize", reason }] : []),
    ...validateNumber("gpuPool.count", value["count"], POOL_COUNT),
  ];
}

export function validateSpotPool(value: unknown): ArgumentProblem[] {
  if (!isRecord(value)) return [];
  return [
    ...validatePool("spotPool", value, ["vmSize", "minCount", "maxCount"]),
    ...validateNumber("spotPool.minCount", value["minCount"], POOL_COUNT),
    ...validatePresent("spotPool.maxCount", value["maxCount"]),
    ...validateNumber("spotPool.maxCount", value["maxCount"], POOL_COUNT),
  ];
}

function validatePool(path: string, value: Arguments, names: readonly string[]): ArgumentProblem[] {
  const { vmSize } = value;
  const read = typeof vmSize === "string" && vmSize !== UNKNOWN ? readVmSize(vmSize) : undefined;
  const isFpga = read?.ok === false && read.isFpga;
  return [
    ...validateNames(path, value, names),
    ...validateText(`${path}.vmSize`, vmSize),
    ...(isFpga ? [{ path: `${path}.vmSize`, reason: read.reason }] : []),
  ];
}
