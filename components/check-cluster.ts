// What is wrong with the arguments of an AmlAksCluster: every problem at once.
import { type ArgumentProblem, shown } from "./argument-problem";
import { OutboundType, UpgradeChannel } from "./aml-aks-cluster-args";
import { ClusterPurpose } from "./aml-inference-router-args";
import { checkClusterNetwork } from "./check-cluster-network";
import { judgeFloor } from "./cluster-floor";
import { parseIpRange } from "./ip-range";
import {
  checkBoolean,
  checkChoice,
  checkNames,
  checkNumber,
  checkText,
  checkTexts,
  isRecord,
} from "./plain-values";
import { readVmSize } from "./vm-size";
import { UNKNOWN } from "../provider/core/unknown";

type Arguments = Readonly<Record<string, unknown>>;

/** Legal for an attached cluster, too. */
const ATTACH_ARGUMENTS = ["existingClusterId", "clusterPurpose", "agentVCpus"];
const CREATE_ARGUMENTS = [
  ...["resourceGroupName", "location", "clusterName", "agentCount", "agentVmSize"],
  ...["nodeAutoscaling", "zones", "kubernetesVersion", "upgradeChannel", "maintenanceWindow"],
  ...["network", "outboundType", "authorizedIpRanges", "privateCluster", "entra"],
  ...["containerRegistryIds", "gpuPool", "spotPool", "logAnalyticsWorkspaceId", "azurePolicy"],
  ...["defender", "protectCluster", "tags"],
];

export const DEFAULT_AGENT_COUNT = 3;
export const DEFAULT_AGENT_VM_SIZE = "Standard_D4s_v5";

const CLUSTER_ID =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ContainerService\/managedClusters\/[^/]+$/i;
const CLUSTER_NAME = /^[a-zA-Z0-9]([-_a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;
const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const COUNT = { minimum: 1, maximum: 1000, decimals: 0 } as const;

/** Every problem of a cluster's arguments; empty when they are legal. Rules: azureml-semantics 1.1 to 1.4 and AKS's own. */
export function checkCluster(name: string, args: Arguments): ArgumentProblem[] {
  const common = [
    ...checkNames("", args, [...ATTACH_ARGUMENTS, ...CREATE_ARGUMENTS]),
    ...checkChoice("clusterPurpose", args["clusterPurpose"], Object.values(ClusterPurpose)),
    ...checkNumber("agentVCpus", args["agentVCpus"], { minimum: 1, decimals: 0 }),
  ];
  const rest = "existingClusterId" in args ? checkAttach(args) : checkCreate(name, args);
  return [...common, ...rest];
}

function checkAttach(args: Arguments): ArgumentProblem[] {
  const id = args["existingClusterId"];
  const problems: ArgumentProblem[] = Object.keys(args)
    .filter((name) => CREATE_ARGUMENTS.includes(name) && args[name] !== undefined)
    .map((path) => ({
      path,
      reason: "can't be given with existingClusterId: nothing about an attached cluster is changed",
    }));
  if (id !== UNKNOWN && (typeof id !== "string" || !CLUSTER_ID.test(id))) {
    const form =
      "/subscriptions/…/resourceGroups/…/providers/Microsoft.ContainerService/managedClusters/…";
    problems.push({ path: "existingClusterId", reason: `must be ${form}: it is ${shown(id)}` });
  }
  return problems;
}

function checkCreate(name: string, args: Arguments): ArgumentProblem[] {
  return [
    ...checkText("resourceGroupName", args["resourceGroupName"]),
    ...checkText("location", args["location"]),
    ...checkClusterName(args["clusterName"] ?? name),
    ...checkNumber("agentCount", args["agentCount"], COUNT),
    ...checkAgents(args),
    ...checkAutoscaling(args["nodeAutoscaling"]),
    ...checkZones(args["zones"]),
    ...checkVersion(args["kubernetesVersion"]),
    ...checkChoice("upgradeChannel", args["upgradeChannel"], Object.values(UpgradeChannel)),
    ...checkWindow(args["maintenanceWindow"]),
    ...checkClusterNetwork(args["network"]),
    ...checkOutbound(args),
    ...checkApiServer(args),
    ...checkEntra(args["entra"]),
    ...checkPool("gpuPool", args["gpuPool"], ["vmSize", "count"]),
    ...checkPool("spotPool", args["spotPool"], ["vmSize", "minCount", "maxCount"]),
    ...checkText("logAnalyticsWorkspaceId", args["logAnalyticsWorkspaceId"], { optional: true }),
    ...checkBoolean("azurePolicy", args["azurePolicy"]),
    ...checkDefender(args),
    ...checkBoolean("protectCluster", args["protectCluster"]),
    ...checkTexts("tags", args["tags"], /^[^<>%&\\?/]{1,512}$/),
  ];
}

function checkClusterName(value: unknown): ArgumentProblem[] {
  if (value === UNKNOWN || (typeof value === "string" && CLUSTER_NAME.test(value))) return [];
  const form =
    "must be 1 to 63 letters, digits, dashes and underscores, with a letter or digit at both ends";
  return [{ path: "clusterName", reason: `${form}: it is ${shown(value)}` }];
}

/** Size and number of the agents against the floor of the purpose. */
function checkAgents(args: Arguments): ArgumentProblem[] {
  const purpose = args["clusterPurpose"] ?? ClusterPurpose.FastProd;
  const vmSize = args["agentVmSize"] ?? DEFAULT_AGENT_VM_SIZE;
  const autoscaling = args["nodeAutoscaling"];
  const nodes = isRecord(autoscaling)
    ? autoscaling["minCount"]
    : (args["agentCount"] ?? DEFAULT_AGENT_COUNT);
  if (vmSize === UNKNOWN || typeof vmSize !== "string") return [];
  const read = readVmSize(vmSize);
  const given = args["agentVCpus"];
  if (!read.ok && (given === undefined || read.reason.startsWith("is an FPGA"))) {
    return [{ path: "agentVmSize", reason: read.reason }];
  }
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
    ...required(`${path}.minCount`, minCount),
    ...required(`${path}.maxCount`, maxCount),
    ...checkNumber(`${path}.minCount`, minCount, COUNT),
    ...checkNumber(`${path}.maxCount`, maxCount, COUNT),
  ];
  if (typeof minCount === "number" && typeof maxCount === "number" && minCount > maxCount) {
    const reason = `must be at least minCount ${minCount}: it is ${maxCount}`;
    problems.push({ path: `${path}.maxCount`, reason });
  }
  return problems;
}

function required(path: string, value: unknown): ArgumentProblem[] {
  return value === undefined ? [{ path, reason: "is required: it is missing" }] : [];
}

function checkZones(value: unknown): ArgumentProblem[] {
  if (value === undefined || value === UNKNOWN || !Array.isArray(value)) return [];
  return value.flatMap((zone: unknown, index) =>
    checkChoice(`zones.${index}`, zone, ["1", "2", "3"]),
  );
}

function checkVersion(value: unknown): ArgumentProblem[] {
  if (value === undefined || value === UNKNOWN) return [];
  if (typeof value === "string" && /^1\.\d+(\.\d+)?$/.test(value)) return [];
  const reason = `must be a minor or a patch version like 1.34 or 1.34.2: it is ${shown(value)}`;
  return [{ path: "kubernetesVersion", reason }];
}

function checkWindow(value: unknown): ArgumentProblem[] {
  if (!isRecord(value)) return [];
  const path = "maintenanceWindow";
  const texts = [
    ["startTime", /^([01]\d|2[0-3]):[0-5]\d$/, "must be a time like 01:30", value["startTime"]],
    [
      "utcOffset",
      /^[+-]\d{2}:\d{2}$/,
      "must be an offset like +09:00",
      value["utcOffset"] ?? "+00:00",
    ],
  ] as const;
  return [
    ...checkNames(path, value, ["dayOfWeek", "startTime", "durationHours", "utcOffset"]),
    ...required(`${path}.dayOfWeek`, value["dayOfWeek"]),
    ...checkChoice(`${path}.dayOfWeek`, value["dayOfWeek"], DAYS),
    ...checkNumber(`${path}.durationHours`, value["durationHours"], {
      minimum: 4,
      maximum: 24,
      decimals: 0,
    }),
    ...texts.flatMap(([name, form, legal, given]) =>
      given === UNKNOWN || (typeof given === "string" && form.test(given))
        ? []
        : [{ path: `${path}.${name}`, reason: `${legal}: it is ${shown(given)}` }],
    ),
  ];
}

function checkOutbound(args: Arguments): ArgumentProblem[] {
  const path = "outboundType";
  const problems = checkChoice(path, args[path], Object.values(OutboundType));
  if (args[path] !== OutboundType.UserDefinedRouting || args["network"] !== undefined)
    return problems;
  const reason = "userDefinedRouting needs network: the routes are those of your own subnet";
  return [...problems, { path, reason }];
}

function checkApiServer(args: Arguments): ArgumentProblem[] {
  const path = "authorizedIpRanges";
  const ranges = args[path];
  const problems = checkBoolean("privateCluster", args["privateCluster"]);
  if (!Array.isArray(ranges)) return problems;
  for (const [index, range] of ranges.entries()) {
    if (range === UNKNOWN || (typeof range === "string" && parseIpRange(range) !== undefined))
      continue;
    problems.push({
      path: `${path}.${index}`,
      reason: `must be a range like 203.0.113.0/24: it is ${shown(range)}`,
    });
  }
  if (args["privateCluster"] === true && ranges.length > 0) {
    const reason =
      "can't be given with privateCluster: a private API server has no public address to guard";
    problems.push({ path, reason });
  }
  return problems;
}

function checkEntra(value: unknown): ArgumentProblem[] {
  if (!isRecord(value)) return [];
  const groups = value["adminGroupObjectIds"];
  const isEmpty = groups === undefined || (Array.isArray(groups) && groups.length === 0);
  const problems = [
    ...checkNames("entra", value, ["adminGroupObjectIds", "azureRbac"]),
    ...checkBoolean("entra.azureRbac", value["azureRbac"]),
  ];
  if (isEmpty && value["azureRbac"] !== true && value["azureRbac"] !== UNKNOWN) {
    const reason = "needs adminGroupObjectIds or azureRbac: else nobody could use the cluster";
    problems.push({ path: "entra", reason });
  }
  return problems;
}

function checkPool(path: string, value: unknown, names: readonly string[]): ArgumentProblem[] {
  if (!isRecord(value)) return [];
  const { vmSize, count, minCount, maxCount } = value;
  const read = typeof vmSize === "string" && vmSize !== UNKNOWN ? readVmSize(vmSize) : undefined;
  const pool = { minimum: 0, maximum: 1000, decimals: 0 } as const;
  return [
    ...checkNames(path, value, names),
    ...checkText(`${path}.vmSize`, vmSize),
    ...(read?.ok === false && read.reason.startsWith("is an FPGA")
      ? [{ path: `${path}.vmSize`, reason: read.reason }]
      : []),
    ...(path === "gpuPool" && read?.ok === true && !read.gpu
      ? [
          {
            path: `${path}.vmSize`,
            reason: `must be a size with GPUs, like Standard_NC4as_T4_v3: it is ${shown(vmSize)}`,
          },
        ]
      : []),
    ...checkNumber(`${path}.count`, count, pool),
    ...checkNumber(`${path}.minCount`, minCount, pool),
    ...(path === "spotPool" ? required(`${path}.maxCount`, maxCount) : []),
    ...checkNumber(`${path}.maxCount`, maxCount, pool),
  ];
}

function checkDefender(args: Arguments): ArgumentProblem[] {
  const problems = checkBoolean("defender", args["defender"]);
  if (args["defender"] !== true || args["logAnalyticsWorkspaceId"] !== undefined) return problems;
  return [
    ...problems,
    { path: "defender", reason: "needs logAnalyticsWorkspaceId, which it reports to" },
  ];
}

/** What can't change once the cluster exists, and that Azure would refuse only halfway. */
export function checkClusterChange(before: Arguments, after: Arguments): ArgumentProblem[] {
  const [was, is] = [before, after].map((args) =>
    "existingClusterId" in args ? "attached" : "created",
  );
  if (was !== is) {
    const reason = `can't turn a cluster that was ${was ?? ""} into one that is ${is ?? ""}; declare a second component`;
    return [{ path: "existingClusterId", reason }];
  }
  const problems: ArgumentProblem[] = [];
  if (before["entra"] !== undefined && after["entra"] === undefined && is === "created") {
    problems.push({
      path: "entra",
      reason: "can't be taken away again: AKS has no way back to local accounts only",
    });
  }
  const [old, now] = [before, after].map((args) => minorOf(args["kubernetesVersion"]));
  if (old !== undefined && now !== undefined && (now < old || now > old + 1)) {
    const reason = `can go up by one minor at a time and never down: it was 1.${old} and is 1.${now}`;
    problems.push({ path: "kubernetesVersion", reason });
  }
  return problems;
}

function minorOf(version: unknown): number | undefined {
  const minor = typeof version === "string" ? /^1\.(\d+)/.exec(version)?.[1] : undefined;
  return minor === undefined ? undefined : Number(minor);
}
