// The arguments of a cluster's node pools: agents, GPU pool and spot pool.
import { ClusterPurpose } from "../../contracts/choices";
import { type ArgumentError, shown } from "../../values/argument-error";
import { boolean, choice, integer, text } from "../../values/argument-rules";
import { list, object } from "../../values/object-rules";
import { type Arguments, type ArgumentTable } from "../../values/argument-table";
import { isRecord } from "../../values/is-record";
import { assessFloor } from "./cluster-floor";
import { atLeastMinCount, NODE_ARGUMENTS, noFpga, parseVmSize } from "./node-arguments";

const COUNT = { minimum: 1, maximum: 1000 } as const;
const POOL_COUNT = { minimum: 0, maximum: 1000 } as const;

const AUTOSCALING_ARGUMENTS = {
  minCount: integer({ required: true, ...COUNT }),
  maxCount: integer({ required: true, ...COUNT, beside: atLeastMinCount }),
} as const satisfies ArgumentTable;

/** Number, size and zones of the agents. */
export const AGENT_ARGUMENTS = {
  agentCount: integer({ default: 3, ...COUNT, beside: meetsFloor }),
  agentVmSize: text({ default: "Standard_D4s_v5", beside: noFpga }),
  nodeAutoscaling: object(AUTOSCALING_ARGUMENTS),
  agents: object(NODE_ARGUMENTS),
  zones: list(choice(["1", "2", "3"], {})),
} as const satisfies ArgumentTable;

export const GPU_POOL_ARGUMENTS = {
  vmSize: text({ required: true, beside: withGpu }),
  count: integer({ default: 1, ...POOL_COUNT }),
  devicePlugin: boolean({ default: false }),
} as const satisfies ArgumentTable;

export const SPOT_POOL_ARGUMENTS = {
  vmSize: text({ required: true, beside: noFpga }),
  minCount: integer({ default: 0, ...POOL_COUNT }),
  maxCount: integer({ required: true, ...POOL_COUNT, beside: atLeastMinCount }),
} as const satisfies ArgumentTable;

/** Errors when the agents are below the minimum of the purpose. */
function meetsFloor(_path: string, agentCount: unknown, args: Arguments): ArgumentError[] {
  const purpose = args["clusterPurpose"] ?? ClusterPurpose.FastProd;
  const autoscaling = args["nodeAutoscaling"];
  const nodes = isRecord(autoscaling)
    ? autoscaling["minCount"]
    : (agentCount ?? AGENT_ARGUMENTS.agentCount.default);
  const vmSize = args["agentVmSize"] ?? AGENT_ARGUMENTS.agentVmSize.default;
  const size = parseVmSize(vmSize);
  if (size === undefined || typeof vmSize !== "string" || (!size.ok && size.isFpga)) return [];
  const given = args["agentVCpus"];
  // components/cluster/validate-region.ts takes other sizes' vCPUs from Azure's list.
  const vCpus = typeof given === "number" ? given : size.ok ? size.vCpus : undefined;
  if (typeof nodes !== "number" || vCpus === undefined || !isPurpose(purpose)) return [];
  const path = isRecord(autoscaling) ? "nodeAutoscaling.minCount" : "agentCount";
  const verdict = assessFloor(purpose, [{ nodes, vmSize, vCpus }], path);
  return verdict.kind === "refused" ? [{ path, reason: `is too small: ${verdict.message}` }] : [];
}

function isPurpose(value: unknown): value is ClusterPurpose {
  return Object.values<unknown>(ClusterPurpose).includes(value);
}

function withGpu(path: string, vmSize: unknown): ArgumentError[] {
  const size = parseVmSize(vmSize);
  if (size?.ok !== true || size.gpu) return noFpga(path, vmSize);
  const reason = `must be a size with GPUs, like Standard_NC4as_T4_v3: it is ${shown(vmSize)}`;
  return [{ path, reason }];
}
