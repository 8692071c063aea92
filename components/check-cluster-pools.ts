// What is wrong with the pools of a cluster: the agents against their floor, and those for GPUs and spot machines.
import { ClusterPurpose } from "./aml-inference-router-args";
import { type ArgumentProblem, shown } from "../provider/core/argument-problem";
import { judgeFloor } from "./cluster-floor";
import { isRecord } from "../provider/core/is-record";
import { checkChoice, checkNames, checkNumber, checkPresent, checkText } from "./plain-values";
import { readVmSize } from "./vm-size";
import { UNKNOWN } from "../provider/core/unknown";

type Arguments = Readonly<Record<string, unknown>>;

export const DEFAULT_AGENT_COUNT = 3;
export const DEFAULT_AGENT_VM_SIZE = "Standard_D4s_v5";

const COUNT = { minimum: 1, maximum: 1000, decimals: 0 } as const;
const POOL_COUNT = { minimum: 0, maximum: 1000, decimals: 0 } as const;

/** Number, size and zones of the agents. */
export function checkAgents(args: Arguments): ArgumentProblem[] {
  return [
    ...checkNumber("agentCount", args["agentCount"], COUNT),
    ...checkFloor(args),
    ...checkAutoscaling(args["nodeAutoscaling"]),
    ...checkZones(args["zones"]),
  ];
}

/** What the agents have against the floor of the purpose. */
function checkFloor(args: Arguments): ArgumentProblem[] {
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
  const verdict = judgeFloor(purpose, [{ nodes, vmSize, vCpus }], path);
  return verdict.kind === "refused" ? [{ path, reason: `is too small: ${verdict.message}` }] : [];
}

function isPurpose(value: unknown): value is ClusterPurpose {
  return Object.values<unknown>(ClusterPurpose).includes(value);
}

function checkAutoscaling(value: unknown): ArgumentProblem[] {
  if (value === undefined || value === UNKNOWN) return [];
  const path = "nodeAutoscaling";
  if (!isRecord(value)) return [{ path, reason: `must be an object: it is ${shown(value)}` }];
  const { minCount, maxCount } = value;
  const problems = [
    ...checkNames(path, value, ["minCount", "maxCount"]),
    ...checkPresent(`${path}.minCount`, minCount),
    ...checkPresent(`${path}.maxCount`, maxCount),
    ...checkNumber(`${path}.minCount`, minCount, COUNT),
    ...checkNumber(`${path}.maxCount`, maxCount, COUNT),
  ];
  if (typeof minCount === "number" && typeof maxCount === "number" && minCount > maxCount) {
    const reason = `must be at least minCount ${minCount}: it is ${maxCount}`;
    problems.push({ path: `${path}.maxCount`, reason });
  }
  return problems;
}

function checkZones(value: unknown): ArgumentProblem[] {
  if (value === undefined || value === UNKNOWN || !Array.isArray(value)) return [];
  return value.flatMap((zone: unknown, index) =>
    checkChoice(`zones.${index}`, zone, ["1", "2", "3"]),
  );
}

export function checkGpuPool(value: unknown): ArgumentProblem[] {
  if (!isRecord(value)) return [];
  const { vmSize } = value;
  const read = typeof vmSize === "string" && vmSize !== UNKNOWN ? readVmSize(vmSize) : undefined;
  const reason = `must be a size with GPUs, like Standard_NC4as_T4_v3: it is ${shown(vmSize)}`;
  return [
    ...checkPool("gpuPool", value, ["vmSize", "count"]),
    ...(read?.ok === true && !read.gpu ? [{ path: "gpuPool.vmSize", reason }] : []),
    ...checkNumber("gpuPool.count", value["count"], POOL_COUNT),
  ];
}

export function checkSpotPool(value: unknown): ArgumentProblem[] {
  if (!isRecord(value)) return [];
  return [
    ...checkPool("spotPool", value, ["vmSize", "minCount", "maxCount"]),
    ...checkNumber("spotPool.minCount", value["minCount"], POOL_COUNT),
    ...checkPresent("spotPool.maxCount", value["maxCount"]),
    ...checkNumber("spotPool.maxCount", value["maxCount"], POOL_COUNT),
  ];
}

function checkPool(path: string, value: Arguments, names: readonly string[]): ArgumentProblem[] {
  const { vmSize } = value;
  const read = typeof vmSize === "string" && vmSize !== UNKNOWN ? readVmSize(vmSize) : undefined;
  const isFpga = read?.ok === false && read.isFpga;
  return [
    ...checkNames(path, value, names),
    ...checkText(`${path}.vmSize`, vmSize),
    ...(isFpga ? [{ path: `${path}.vmSize`, reason: read.reason }] : []),
  ];
}
