// The changes of docs/aml-aks-cluster.md: for each argument what a change of it does.
import { GROUP, SUBSCRIPTION } from "../support/azure-stack";

const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}`;

export interface Change {
  readonly what: string;
  readonly after: object;
  /** Planned steps. */
  readonly steps: readonly string[];
  /** Where it shows in Azure, and as what. */
  readonly cluster?: readonly [string, unknown];
  readonly agents?: readonly [string, unknown];
}

const updatesCluster = ["update prod"];
const updatesAgents = ["update prod-agents"];
/** The table of docs/aml-aks-cluster.md, row by row. */
export const inPlace: readonly Change[] = [
  { what: "agentCount", after: { agentCount: 4 }, steps: updatesAgents, agents: ["count", 4] },
  {
    what: "nodeAutoscaling",
    after: { nodeAutoscaling: { minCount: 3, maxCount: 6 } },
    steps: updatesAgents,
    agents: ["maxCount", 6],
  },
  {
    what: "clusterPurpose",
    after: { clusterPurpose: "DenseProd" },
    steps: updatesCluster,
  },
  {
    what: "kubernetesVersion",
    after: { kubernetesVersion: "1.34" },
    steps: ["update prod", "update prod-agents"],
    cluster: ["currentKubernetesVersion", "1.34.4"],
  },
  {
    what: "upgradeChannel",
    after: { upgradeChannel: "patch" },
    steps: updatesCluster,
    cluster: ["autoUpgradeProfile.upgradeChannel", "patch"],
  },
  {
    what: "maintenanceWindow",
    after: { maintenanceWindow: { dayOfWeek: "Sunday", startTime: "01:00" } },
    steps: ["create prod-kubernetes", "create prod-node-images"],
  },
  {
    what: "authorizedIpRanges",
    after: { authorizedIpRanges: ["203.0.113.0/24"] },
    steps: updatesCluster,
    cluster: ["apiServerAccessProfile.authorizedIPRanges", ["203.0.113.0/24"]],
  },
  {
    what: "authorizedIpRanges, taken away",
    after: { authorizedIpRanges: undefined },
    steps: updatesCluster,
    cluster: ["apiServerAccessProfile.authorizedIPRanges", []],
  },
  {
    what: "entra",
    after: { entra: { azureRbac: true } },
    steps: updatesCluster,
    cluster: ["disableLocalAccounts", true],
  },
  {
    what: "containerRegistryIds",
    after: {
      containerRegistryIds: [`${group}/providers/Microsoft.ContainerRegistry/registries/acr`],
    },
    steps: ["create prod-pull-0"],
  },
  {
    what: "gpuPool",
    after: { gpuPool: { vmSize: "Standard_NC4as_T4_v3" } },
    steps: ["create prod-gpu"],
  },
  {
    what: "spotPool",
    after: { spotPool: { vmSize: "Standard_D8s_v5", maxCount: 5 } },
    steps: ["create prod-spot"],
  },
  {
    what: "logAnalyticsWorkspaceId and defender",
    after: { logAnalyticsWorkspaceId: `${group}/logs`, defender: true },
    steps: updatesCluster,
    cluster: ["addonProfiles.omsagent.enabled", true],
  },
  {
    what: "logAnalyticsWorkspaceId, taken away",
    after: { logAnalyticsWorkspaceId: undefined, defender: false },
    steps: updatesCluster,
    cluster: ["addonProfiles.omsagent.enabled", false],
  },
  {
    what: "azurePolicy",
    after: { azurePolicy: true },
    steps: updatesCluster,
    cluster: ["addonProfiles.azurepolicy.enabled", true],
  },
  {
    what: "tags",
    after: { tags: { team: "ml" } },
    steps: [
      ...["update prod", "update prod-agents", "update prod-gpu", "update prod-identity"],
      "update prod-spot",
    ],
  },
];

export const replacing: readonly Change[] = [
  {
    what: "agentVmSize",
    after: { agentVmSize: "Standard_D8s_v5" },
    steps: ["replace prod-agents"],
    agents: ["vmSize", "Standard_D8s_v5"],
  },
  {
    what: "zones",
    after: { zones: ["1"] },
    steps: ["replace prod-agents"],
    agents: ["availabilityZones", ["1"]],
  },
];
