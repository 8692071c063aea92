// Policies on clusters: AmlAksCluster, and the managed cluster and node pools that it declares.
import { parseIpRange } from "../../../azure/core/ip-range";
import { regionName } from "../../../azure/core/region-name";
import { ClusterPurpose } from "../../../contracts/choices";
import { CLUSTER_ARGUMENTS } from "../../../validation/cluster/cluster-arguments";
import { FLOORS } from "../../../validation/cluster/cluster-floor";
import { isRecord } from "../../../values/is-record";
import { UNKNOWN } from "../../../values/unknown";
import {
  CLUSTER,
  type DeclaredResource,
  isAgentPool,
  isAzureResource,
  isManagedCluster,
  isType,
  ROUTER,
} from "../declared";
import { type Input } from "../input";
import { machineOf, type MachineSettings } from "../machines";
import { amount, flag, mapping, resourceRule, text, texts } from "../rule";
import { shown, listed } from "../sentences";

export const PRODUCTION: readonly string[] = [ClusterPurpose.FastProd, ClusterPurpose.DenseProd];

const isCluster = isType(CLUSTER);
/** An attached cluster is somebody else's: its component changes nothing about it. */
const isAttached = ({ inputs }: DeclaredResource) => !inputs.at("existingClusterId").isAbsent;
const purpose = ({ inputs }: DeclaredResource) =>
  inputs.at("clusterPurpose").text ?? ClusterPurpose.FastProd;

export const clusterPurpose = resourceRule<{ purposes: readonly string[] }>({
  title: "Cluster purposes",
  description: "Clusters and routers have one of the purposes that this stack may have.",
  subject: "AmlAksCluster, AmlInferenceRouter",
  severity: "medium",
  remediation: "Set clusterPurpose to one of the purposes that are allowed.",
  settings: { purposes: texts("The purposes that are allowed.", Object.values(ClusterPurpose)) },
  applies: isType(CLUSTER, ROUTER),
  *judge(resource, { purposes }) {
    yield () => {
      const found = purpose(resource);
      if (purposes.includes(found)) return undefined;
      return `clusterPurpose must be ${listed(purposes)}: it is ${shown(found)}`;
    };
  },
});

export const clusterFloor = resourceRule<{
  floors: Readonly<Record<string, unknown>>;
  machines: MachineSettings;
}>({
  title: "Smallest clusters",
  description:
    "A new cluster's agents have at least the vCPUs and the nodes of its purpose, also where AKS's node autoscaler has removed all that it may.",
  subject: "AmlAksCluster",
  severity: "medium",
  remediation: "Raise agentCount or nodeAutoscaling.minCount, or choose a larger agentVmSize.",
  settings: {
    floors: mapping<Readonly<Record<string, unknown>>>(
      "vCPUs and nodes at least, by purpose.",
      FLOORS,
    ),
    machines: mapping<MachineSettings>("vCPUs of further VM sizes, by size.", {}),
  },
  applies: isCluster,
  *judge(cluster, { floors, machines }) {
    if (isAttached(cluster)) return;
    yield () => {
      const { inputs } = cluster;
      const found = purpose(cluster);
      const floor = Object.hasOwn(floors, found) ? floors[found] : undefined;
      if (!isRecord(floor)) return undefined;
      const [leastVCpus, leastNodes] = [Number(floor["vCpus"] ?? 0), Number(floor["nodes"] ?? 0)];
      const bounds = inputs.at("nodeAutoscaling");
      const count = bounds.isAbsent ? "agentCount" : "nodeAutoscaling.minCount";
      const nodes = inputs.at(...count.split(".")).number ?? CLUSTER_ARGUMENTS.agentCount.default;
      const vmSize = inputs.at("agentVmSize").text ?? CLUSTER_ARGUMENTS.agentVmSize.default;
      const each = inputs.at("agentVCpus").number ?? machineOf(vmSize, machines)?.vCpus;
      if (each === undefined) {
        return `agentVmSize must be a size whose vCPUs are known: it is ${shown(vmSize)}; give agentVCpus`;
      }
      const vCpus = nodes * each;
      if (vCpus >= leastVCpus && nodes >= leastNodes) return undefined;
      const enough = Math.max(leastNodes, Math.ceil(leastVCpus / Math.max(each, 1)));
      return `${count} must be at least ${enough}: ${found} needs ${leastVCpus} vCPUs on ${leastNodes} nodes, and ${nodes} × ${vmSize} has ${vCpus}`;
    };
  },
});

export const apiServerAccess = resourceRule<{
  purposes: readonly string[];
  requirePrivate: boolean;
  widestPrefix: number;
}>({
  title: "Access to the API server",
  description:
    "In production the API server is private, or open to authorized ranges that are narrow enough.",
  subject: "AmlAksCluster",
  severity: "high",
  control: { id: "NS-2", title: "Secure cloud native services with network controls" },
  remediation: "Set privateCluster, or name your networks in authorizedIpRanges.",
  settings: {
    purposes: texts("The purposes that this holds for.", PRODUCTION),
    requirePrivate: flag("True: authorized ranges don't suffice.", false),
    widestPrefix: amount("Bits of the widest range that may be authorized.", 16, {
      minimum: 1,
      maximum: 32,
    }),
  },
  applies: isCluster,
  *judge(cluster, { purposes, requirePrivate, widestPrefix }) {
    const { inputs } = cluster;
    if (isAttached(cluster) || !purposes.includes(purpose(cluster))) return;
    if (inputs.at("privateCluster").boolean === true) return;
    if (requirePrivate) {
      yield () =>
        "privateCluster must be true: it is false, so the API server has a public address";
      return;
    }
    const ranges = inputs.at("authorizedIpRanges").items;
    if (ranges.length === 0) {
      yield () =>
        "authorizedIpRanges must name who may reach the API server, or privateCluster must be true: everybody may reach it";
    }
    for (const range of ranges) {
      yield () => {
        const given = range.text ?? "";
        // Azure takes a single address, too.
        const parsed = parseIpRange(given.includes("/") ? given : `${given}/32`);
        const isNarrow =
          parsed !== undefined && parsed.last - parsed.first < 2 ** (32 - widestPrefix);
        if (isNarrow) return undefined;
        return `${range.path} must be an IPv4 range of /${widestPrefix} or narrower: it is ${shown(given)}`;
      };
    }
  },
});

export const localAccounts = resourceRule<object>({
  title: "No local accounts",
  description: "Clusters take logins by Microsoft Entra only.",
  subject: "the ManagedCluster of an AmlAksCluster",
  severity: "high",
  control: { id: "IM-1", title: "Use centralized identity and authentication system" },
  remediation: "Give the AmlAksCluster the argument entra: it turns local accounts off.",
  settings: {},
  applies: isManagedCluster,
  *judge({ inputs }) {
    yield () => {
      if (inputs.at("disableLocalAccounts").boolean === true) return undefined;
      return "disableLocalAccounts must be true: it is false; give the AmlAksCluster the argument entra";
    };
  },
});

export const allowedRegions = resourceRule<{ regions: readonly string[] }>({
  title: "Allowed regions",
  description: "Azure resources are in the regions that are allowed.",
  subject: "the Azure resources of our components",
  severity: "medium",
  control: { id: "AM-2", title: "Use only approved services" },
  remediation: "Set location to a region that is allowed.",
  settings: { regions: texts("The regions that are allowed, e.g. `westeurope`; empty: all.", []) },
  applies: isAzureResource,
  *judge({ inputs }, { regions }) {
    if (regions.length === 0) return;
    yield () => {
      const location = inputs.at("location").text;
      if (location === undefined || regions.map(regionName).includes(regionName(location))) {
        return undefined;
      }
      return `location must be ${listed(regions)}: it is ${shown(location)}`;
    };
  },
});

export const allowedVmSizes = resourceRule<{ vmSizes: readonly string[] }>({
  title: "Allowed VM sizes",
  description: "Node pools have machines of the sizes that are allowed.",
  subject: "the node pools of an AmlAksCluster",
  severity: "medium",
  control: { id: "AM-2", title: "Use only approved services" },
  remediation: "Choose a size that is allowed: agentVmSize, or vmSize of the other pools.",
  settings: {
    vmSizes: texts("The sizes that are allowed; `*` stands for any characters; empty: all.", []),
  },
  applies: (resource) => isManagedCluster(resource) || isAgentPool(resource),
  *judge({ inputs }, { vmSizes }) {
    if (vmSizes.length === 0) return;
    const pools = inputs.at("agentPoolProfiles");
    for (const size of [inputs, ...pools.items].map((pool) => pool.at("vmSize"))) {
      yield () => {
        const found = size.text;
        if (found === undefined || vmSizes.some((pattern) => matches(pattern, found))) {
          return undefined;
        }
        return `${size.path} must be ${listed(vmSizes)}: it is ${shown(found)}`;
      };
    }
  },
});

export const deletionProtection = resourceRule<object>({
  title: "Deletion protection",
  description: "A destroy can't delete a cluster: its protection is to be taken away first.",
  subject: "the ManagedCluster of an AmlAksCluster",
  severity: "high",
  remediation: "Leave protectCluster away, or set it to true.",
  settings: {},
  applies: isManagedCluster,
  *judge({ isProtected }) {
    yield () =>
      isProtected
        ? undefined
        : "protectCluster must be true: it is false, so that one destroy deletes the cluster";
  },
});

const TAGGED =
  /^azure-native:(containerservice|managedidentity)(\/v\w+)?:(ManagedCluster|AgentPool|UserAssignedIdentity)$/;

export const requiredTags = resourceRule<{
  tags: Readonly<Record<string, unknown>>;
  pattern: string;
}>({
  title: "Required tags",
  description:
    "Azure resources have the tags that are required. At the level `remediate` those with a value here are added.",
  subject: "ManagedCluster, AgentPool and UserAssignedIdentity of an AmlAksCluster",
  severity: "low",
  control: { id: "AM-1", title: "Track asset inventory and their risks" },
  remediation: "Add the tags to the AmlAksCluster's tags.",
  settings: {
    tags: mapping<Readonly<Record<string, unknown>>>(
      "The tags that are required, each with the value that a remediation adds; empty: nobody but the program can say.",
      {},
    ),
    pattern: text(
      "What the values of all of them match, as a regular expression; empty: anything.",
      "",
    ),
  },
  applies: (resource) => TAGGED.test(resource.type) && isAzureResource(resource),
  *judge({ inputs }, { tags, pattern }) {
    const given = inputs.at("tags");
    for (const name of Object.keys(tags)) {
      yield () => {
        const value = given.at(name).text ?? "";
        if (value === "") return `tags.${name} is required: it is missing`;
        if (pattern === "" || new RegExp(pattern, "u").test(value)) return undefined;
        return `tags.${name} must match ${pattern}: it is ${shown(value)}`;
      };
    }
  },
  remedy({ inputs }, { tags }) {
    const { raw } = inputs;
    const given = isRecord(raw) ? (raw["tags"] ?? {}) : UNKNOWN;
    // What isn't known yet is completed by the update.
    if (!isRecord(raw) || !isRecord(given)) return undefined;
    const missing = Object.entries(tags).filter(
      ([name, value]) => typeof value === "string" && value !== "" && !hasText(given, name),
    );
    if (missing.length === 0) return undefined;
    return { ...raw, tags: { ...given, ...Object.fromEntries(missing) } };
  },
});

const hasText = (values: Record<string, unknown>, name: string): boolean =>
  Object.hasOwn(values, name) && values[name] !== "" && values[name] !== null;

/** Without regard to case, as Azure compares sizes. */
function matches(pattern: string, value: string): boolean {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`, "i").test(value);
}

/** Pools of a cluster with their largest number of nodes; the inline ones of a ManagedCluster, or an AgentPool itself. */
export function poolsOf(resource: DeclaredResource): readonly Input[] {
  if (isAgentPool(resource)) return [resource.inputs];
  return isManagedCluster(resource) ? resource.inputs.at("agentPoolProfiles").items : [];
}
