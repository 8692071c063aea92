// What is wrong with the arguments of an AmlAksCluster: every problem at once.
import { type ArgumentProblem, shown } from "../../values/argument-problem";
import { OutboundType, UpgradeChannel } from "../../contracts/choices";
import { ClusterPurpose } from "../../contracts/choices";
import { validateClusterNetwork } from "./validate-cluster-network";
import { validateAgents, validateGpuPool, validateSpotPool } from "./validate-cluster-pools";
import { parseIpRange } from "../../azure/core/ip-range";
import { isRecord } from "../../values/is-record";
import {
  validateBoolean,
  validateChoice,
  validateNames,
  validateNumber,
  validatePresent,
  validateText,
  validateTexts,
} from "../../values/plain-values";
import { UNKNOWN } from "../../values/unknown";

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

const CLUSTER_ID =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ContainerService\/managedClusters\/[^/]+$/i;
const CLUSTER_NAME = /^[a-zA-Z0-9]([-_a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;
const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** Every problem of a cluster's arguments; empty when they are legal. Rules: azureml-semantics 1.1 to 1.4 and AKS's own. */
export function validateCluster(name: string, args: Arguments): ArgumentProblem[] {
  const common = [
    ...validateNames("", args, [...ATTACH_ARGUMENTS, ...CREATE_ARGUMENTS]),
    ...validateChoice("clusterPurpose", args["clusterPurpose"], Object.values(ClusterPurpose)),
    ...validateNumber("agentVCpus", args["agentVCpus"], { minimum: 1, decimals: 0 }),
  ];
  const rest = "existingClusterId" in args ? validateAttach(args) : validateCreate(name, args);
  return [...common, ...rest];
}

function validateAttach(args: Arguments): ArgumentProblem[] {
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

function validateCreate(name: string, args: Arguments): ArgumentProblem[] {
  return [
    ...validateText("resourceGroupName", args["resourceGroupName"]),
    ...validateText("location", args["location"]),
    ...validateClusterName(args["clusterName"] ?? name),
    ...validateAgents(args),
    ...validateVersion(args["kubernetesVersion"]),
    ...validateChoice("upgradeChannel", args["upgradeChannel"], Object.values(UpgradeChannel)),
    ...validateWindow(args["maintenanceWindow"]),
    ...validateClusterNetwork(args["network"]),
    ...validateOutbound(args),
    ...validateApiServer(args),
    ...validateEntra(args["entra"]),
    ...validateGpuPool(args["gpuPool"]),
    ...validateSpotPool(args["spotPool"]),
    ...validateText("logAnalyticsWorkspaceId", args["logAnalyticsWorkspaceId"], { optional: true }),
    ...validateBoolean("azurePolicy", args["azurePolicy"]),
    ...validateDefender(args),
    ...validateBoolean("protectCluster", args["protectCluster"]),
    ...validateTexts("tags", args["tags"], /^[^<>%&\\?/]{1,512}$/),
  ];
}

function validateClusterName(value: unknown): ArgumentProblem[] {
  if (value === UNKNOWN || (typeof value === "string" && CLUSTER_NAME.test(value))) return [];
  const form =
    "must be 1 to 63 letters, digits, dashes and underscores, with a letter or digit at both ends";
  return [{ path: "clusterName", reason: `${form}: it is ${shown(value)}` }];
}

function validateVersion(value: unknown): ArgumentProblem[] {
  if (value === undefined || value === UNKNOWN) return [];
  if (typeof value === "string" && /^1\.\d+(\.\d+)?$/.test(value)) return [];
  const reason = `must be a minor or a patch version like 1.34 or 1.34.2: it is ${shown(value)}`;
  return [{ path: "kubernetesVersion", reason }];
}

function validateWindow(value: unknown): ArgumentProblem[] {
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
    ...validateNames(path, value, ["dayOfWeek", "startTime", "durationHours", "utcOffset"]),
    ...validatePresent(`${path}.dayOfWeek`, value["dayOfWeek"]),
    ...validateChoice(`${path}.dayOfWeek`, value["dayOfWeek"], DAYS),
    ...validateNumber(`${path}.durationHours`, value["durationHours"], {
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

function validateOutbound(args: Arguments): ArgumentProblem[] {
  const path = "outboundType";
  const problems = validateChoice(path, args[path], Object.values(OutboundType));
  if (args[path] !== OutboundType.UserDefinedRouting || args["network"] !== undefined)
    return problems;
  const reason = "userDefinedRouting needs network: the routes are those of your own subnet";
  return [...problems, { path, reason }];
}

function validateApiServer(args: Arguments): ArgumentProblem[] {
  const path = "authorizedIpRanges";
  const ranges = args[path];
  const problems = validateBoolean("privateCluster", args["privateCluster"]);
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

function validateEntra(value: unknown): ArgumentProblem[] {
  if (!isRecord(value)) return [];
  const groups = value["adminGroupObjectIds"];
  const isEmpty = groups === undefined || (Array.isArray(groups) && groups.length === 0);
  const problems = [
    ...validateNames("entra", value, ["adminGroupObjectIds", "azureRbac"]),
    ...validateBoolean("entra.azureRbac", value["azureRbac"]),
  ];
  if (isEmpty && value["azureRbac"] !== true && value["azureRbac"] !== UNKNOWN) {
    const reason = "needs adminGroupObjectIds or azureRbac: else nobody could use the cluster";
    problems.push({ path: "entra", reason });
  }
  return problems;
}

function validateDefender(args: Arguments): ArgumentProblem[] {
  const problems = validateBoolean("defender", args["defender"]);
  if (args["defender"] !== true || args["logAnalyticsWorkspaceId"] !== undefined) return problems;
  return [
    ...problems,
    { path: "defender", reason: "needs logAnalyticsWorkspaceId, which it reports to" },
  ];
}
