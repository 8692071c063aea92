// The arguments of an AmlAksCluster (azureml-semantics 1.1 to 1.4 and AKS's own rules; docs/aml-aks-cluster.md).
import { parseIpRange } from "../../azure/core/ip-range";
import {
  azureId,
  CONTAINER_REGISTRY,
  LOG_ANALYTICS_WORKSPACE,
  parseAzureId,
  PRIVATE_DNS_ZONE,
  USER_IDENTITY,
} from "../../azure/core/azure-id";
import { regionName } from "../../azure/core/region-name";
import {
  ClusterPurpose,
  ClusterTier,
  NodeOsUpgradeChannel,
  OutboundType,
  SupportPlan,
  UpgradeChannel,
} from "../../contracts/choices";
import { type ArgumentError, shown } from "../../values/argument-error";
import { boolean, choice, integer, text, textLike } from "../../values/argument-rules";
import { list, object } from "../../values/object-rules";
import { type Arguments, type ArgumentTable, isUnset } from "../../values/argument-table";
import { isRecord } from "../../values/is-record";
import { UNKNOWN } from "../../values/unknown";
import { azureTags } from "../../azure/core/azure-tags";
import { AUTOSCALER_PROFILE_ARGUMENTS } from "./autoscaler-profile-arguments";
import { managedClusterProperties } from "./managed-cluster-properties";
import { NETWORK_ARGUMENTS, POD_NETWORK_ARGUMENTS, validateRanges } from "./network-arguments";
import { pools, SYSTEM_POOL_ARGUMENTS } from "./node-arguments";
import { AGENT_ARGUMENTS, GPU_POOL_ARGUMENTS, SPOT_POOL_ARGUMENTS } from "./pool-arguments";

const CLUSTER_ID =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ContainerService\/managedClusters\/[^/]+$/i;
const CLUSTER_NAME = /^[a-zA-Z0-9]([-_a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;
const DAYS = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;

export const MAINTENANCE_ARGUMENTS = {
  dayOfWeek: choice(DAYS, { required: true }),
  startTime: textLike("a time like 01:30", /^([01]\d|2[0-3]):[0-5]\d$/, { required: true }),
  durationHours: integer({ default: 4, minimum: 4, maximum: 24 }),
  utcOffset: textLike("an offset like +09:00", /^[+-]\d{2}:\d{2}$/, { default: "+00:00" }),
} as const satisfies ArgumentTable;

export const ENTRA_ARGUMENTS = {
  adminGroupObjectIds: list(text({})),
  azureRbac: boolean({ default: false }),
} as const satisfies ArgumentTable;

const addressRange = textLike(
  "a range like 203.0.113.0/24",
  (cidr) => parseIpRange(cidr) !== undefined,
  {},
);

/** Arguments for an existing cluster. */
export const ATTACH_ARGUMENTS = {
  existingClusterId: textLike(
    "/subscriptions/…/resourceGroups/…/providers/Microsoft.ContainerService/managedClusters/…",
    CLUSTER_ID,
    { required: true },
  ),
} as const satisfies ArgumentTable;

/** Arguments for new and existing clusters. */
export const COMMON_ARGUMENTS = {
  clusterPurpose: choice(Object.values(ClusterPurpose), { default: ClusterPurpose.FastProd }),
  agentVCpus: integer({ minimum: 1 }),
} as const satisfies ArgumentTable;

/** Arguments for a new cluster. An attached cluster is never changed, so they are errors there. */
export const CREATE_ARGUMENTS = {
  resourceGroupName: text({ required: true }),
  location: text({ required: true }),
  clusterName: textLike(
    "1 to 63 letters, digits, dashes and underscores, with a letter or digit at both ends",
    CLUSTER_NAME,
    {},
  ),
  ...AGENT_ARGUMENTS,
  systemPool: object(SYSTEM_POOL_ARGUMENTS),
  pools,
  autoscalerProfile: object(AUTOSCALER_PROFILE_ARGUMENTS),
  kubernetesVersion: textLike(
    "a minor or a patch version like 1.34 or 1.34.2",
    /^1\.\d+(\.\d+)?$/,
    {},
  ),
  upgradeChannel: choice(Object.values(UpgradeChannel), { default: UpgradeChannel.None }),
  nodeOsUpgradeChannel: choice(Object.values(NodeOsUpgradeChannel), { beside: fitsUpgradeChannel }),
  tier: choice(Object.values(ClusterTier), {}),
  supportPlan: choice(Object.values(SupportPlan), {
    default: SupportPlan.Official,
    beside: needsPremium,
  }),
  maintenanceWindow: object(MAINTENANCE_ARGUMENTS),
  network: object(NETWORK_ARGUMENTS, { beside: validateRanges }),
  ...POD_NETWORK_ARGUMENTS,
  outboundType: choice(Object.values(OutboundType), {
    default: OutboundType.LoadBalancer,
    beside: needsNetwork,
  }),
  authorizedIpRanges: list(addressRange, { beside: notPrivate }),
  privateCluster: boolean({ default: false }),
  privateDnsZone: textLike(
    "system, none or the resource id of a private DNS zone",
    (zone) =>
      ["system", "none"].includes(zone) || parseAzureId(zone, PRIVATE_DNS_ZONE) !== undefined,
    { beside: fitsPrivateCluster },
  ),
  identityId: azureId(USER_IDENTITY, {}),
  kubeletIdentityId: azureId(USER_IDENTITY, {}),
  entra: object(ENTRA_ARGUMENTS, { beside: grantsAccess }),
  containerRegistryIds: list(azureId(CONTAINER_REGISTRY, {})),
  gpuPool: object(GPU_POOL_ARGUMENTS),
  spotPool: object(SPOT_POOL_ARGUMENTS),
  logAnalyticsWorkspaceId: azureId(LOG_ANALYTICS_WORKSPACE, {}),
  azureMonitorMetrics: boolean({ default: false }),
  azurePolicy: boolean({ default: false }),
  defender: boolean({ default: false, beside: needsWorkspace }),
  nodeResourceGroup: textLike(
    "1 to 80 letters, digits, dots, dashes, underscores and brackets, with no dot at the end",
    /^[-\w.()]{0,79}[-\w()]$/,
    { beside: otherGroup },
  ),
  managedCluster: managedClusterProperties,
  protectCluster: boolean({ default: true }),
  tags: azureTags,
} as const satisfies ArgumentTable;

export const CLUSTER_ARGUMENTS = {
  ...ATTACH_ARGUMENTS,
  ...COMMON_ARGUMENTS,
  ...CREATE_ARGUMENTS,
} as const satisfies ArgumentTable;

function needsNetwork(path: string, outbound: unknown, { network }: Arguments): ArgumentError[] {
  if (!isUnset(network)) return [];
  if (outbound === OutboundType.UserDefinedRouting) {
    const reason = "userDefinedRouting needs network: it uses the routes of your own subnet";
    return [{ path, reason }];
  }
  if (outbound !== OutboundType.UserAssignedNatGateway) return [];
  const reason = "userAssignedNATGateway needs network: the gateway belongs to your own subnet";
  return [{ path, reason }];
}

/** learn.microsoft.com/azure/aks/private-clusters, «Configure a private DNS zone»: the names that a zone may have. */
function fitsPrivateCluster(path: string, zone: unknown, args: Arguments): ArgumentError[] {
  if (isUnset(zone)) return [];
  const isPrivate = args["privateCluster"] ?? false;
  if (isPrivate !== true && isPrivate !== UNKNOWN)
    return [{ path, reason: "needs privateCluster" }];
  const { location } = args;
  const id = typeof zone === "string" ? parseAzureId(zone, PRIVATE_DNS_ZONE) : undefined;
  if (id === undefined || typeof location !== "string" || location === UNKNOWN) return [];
  const ending = `.${regionName(location)}.azmk8s.io`;
  const [start = ""] = id.name.toLowerCase().split(ending);
  const isOfRegion = id.name.toLowerCase().endsWith(ending);
  if (isOfRegion && /(^|\.)(privatelink|private)$/.test(start)) return [];
  const reason = `must be a zone named privatelink${ending} or <text>.privatelink${ending}: it is ${shown(id.name)}`;
  return [{ path, reason }];
}

/** learn.microsoft.com/azure/aks/long-term-support. */
function needsPremium(path: string, plan: unknown, { tier }: Arguments): ArgumentError[] {
  if (plan !== SupportPlan.LongTerm || tier === ClusterTier.Premium || tier === UNKNOWN) return [];
  return [{ path, reason: `AKSLongTermSupport needs tier Premium: it is ${shown(tier)}` }];
}

/** learn.microsoft.com/azure/aks/auto-upgrade-cluster: the channel node-image is that of the nodes' images. */
function fitsUpgradeChannel(path: string, channel: unknown, args: Arguments): ArgumentError[] {
  const isLegal = [undefined, null, UNKNOWN, NodeOsUpgradeChannel.NodeImage].includes(
    channel as string,
  );
  if (isLegal || args["upgradeChannel"] !== UpgradeChannel.NodeImage) return [];
  return [
    { path, reason: `must be NodeImage with upgradeChannel node-image: it is ${shown(channel)}` },
  ];
}

/** learn.microsoft.com/azure/aks/faq: AKS makes the group of the nodes and deletes it with the cluster. */
function otherGroup(path: string, group: unknown, args: Arguments): ArgumentError[] {
  const own = args["resourceGroupName"];
  if (typeof group !== "string" || typeof own !== "string" || group === UNKNOWN) return [];
  if (group.toLowerCase() !== own.toLowerCase()) return [];
  return [{ path, reason: `must be another group than resourceGroupName: it is ${shown(group)}` }];
}

function notPrivate(path: string, ranges: unknown, args: Arguments): ArgumentError[] {
  const isGiven = Array.isArray(ranges) && ranges.length > 0;
  if (args["privateCluster"] !== true || !isGiven) return [];
  const reason =
    "can't be given with privateCluster: a private API server has no public address to restrict";
  return [{ path, reason }];
}

function grantsAccess(path: string, entra: unknown): ArgumentError[] {
  if (!isRecord(entra)) return [];
  const { adminGroupObjectIds: groups, azureRbac } = entra;
  const isEmpty = groups === undefined || (Array.isArray(groups) && groups.length === 0);
  if (!isEmpty || azureRbac === true || azureRbac === UNKNOWN) return [];
  return [
    {
      path,
      reason: "needs adminGroupObjectIds or azureRbac: otherwise nobody could use the cluster",
    },
  ];
}

function needsWorkspace(path: string, defender: unknown, args: Arguments): ArgumentError[] {
  if (defender !== true || !isUnset(args["logAnalyticsWorkspaceId"])) return [];
  return [{ path, reason: "needs logAnalyticsWorkspaceId: Defender reports to that workspace" }];
}
