// The changes of docs/aml-aks-cluster.md: for each argument what a change of it plans, and where it shows in Azure.

const group = "/subscriptions/00000000-1111-2222-3333-444444444444/resourceGroups/models";

export interface Change {
  /** The argument as in the table of the docs. */
  readonly what: string;
  /** What goes before, beside `base`. Default: nothing. */
  readonly before?: object;
  readonly after: object;
  /** Planned steps, sorted; a story that changes more plans more. */
  readonly steps: readonly string[];
}

/** The arguments that every change starts from. */
export const base = { resourceGroupName: "models", location: "westeurope", protectCluster: false };

const cluster = ["update prod"];
const agents = ["update prod-agents"];
const newAgents = ["replace prod-agents"];
const anew = ["replace prod", "replace prod-agents"];
const vnet = { vnetName: "net", subnetName: "nodes" };
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/acr`;
const memory = { name: "memory", vmSize: "Standard_E8s_v5", count: 2 };
const profile = { scaleDownUnneededTime: "5m", expander: "least-waste" };
const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/own`;
const zone = (name: string) => `${group}/providers/Microsoft.Network/privateDnsZones/${name}`;
const logs = `${group}/providers/Microsoft.OperationalInsights/workspaces/logs`;
const bounds = { minCount: 3, maxCount: 6 };
const window = { dayOfWeek: "Sunday", startTime: "01:00" };
const windows = ["prod-kubernetes", "prod-node-images"];
const gpu = { vmSize: "Standard_NC4as_T4_v3" };
const spot = { vmSize: "Standard_D8s_v5", maxCount: 5 };
const each = (verb: string, names: readonly string[]) => names.map((name) => `${verb} ${name}`);

export const changes: readonly Change[] = [
  {
    what: "resourceGroupName",
    after: { resourceGroupName: "other" },
    steps: [...anew, "replace prod-identity"],
  },
  {
    what: "location",
    after: { location: "northeurope" },
    steps: [...anew, "replace prod-identity"],
  },
  {
    what: "clusterName",
    after: { clusterName: "other" },
    steps: [...anew, "replace prod-identity"],
  },
  { what: "clusterPurpose", after: { clusterPurpose: "DenseProd" }, steps: cluster },
  {
    what: "clusterPurpose",
    after: { clusterPurpose: "DevTest" },
    steps: [...newAgents, "update prod"],
  },
  {
    what: "clusterPurpose",
    before: { zones: ["1"] },
    after: { zones: ["1"], clusterPurpose: "DevTest" },
    steps: cluster,
  },
  { what: "agentCount", after: { agentCount: 4 }, steps: agents },
  {
    what: "agentCount",
    before: { nodeAutoscaling: bounds },
    after: { nodeAutoscaling: bounds, agentCount: 4 },
    steps: [],
  },
  { what: "agentVmSize", after: { agentVmSize: "Standard_D8s_v5" }, steps: newAgents },
  { what: "agentVCpus", after: { agentVCpus: 8 }, steps: [] },
  { what: "nodeAutoscaling", after: { nodeAutoscaling: bounds }, steps: agents },
  {
    what: "nodeAutoscaling",
    before: { nodeAutoscaling: bounds },
    after: { nodeAutoscaling: { minCount: 4, maxCount: 9 } },
    steps: agents,
  },
  { what: "zones", after: { zones: ["1"] }, steps: newAgents },
  {
    what: "kubernetesVersion",
    before: { kubernetesVersion: "1.33" },
    after: { kubernetesVersion: "1.34" },
    steps: [...cluster, ...agents],
  },
  {
    what: "kubernetesVersion",
    before: { kubernetesVersion: "1.33", upgradeChannel: "patch" },
    after: { kubernetesVersion: "1.34", upgradeChannel: "patch" },
    steps: [],
  },
  {
    what: "agents",
    before: { agents: { labels: { team: "ml" } } },
    after: { agents: { labels: { team: "ml", tier: "a" }, maxSurge: "33%" } },
    steps: agents,
  },
  {
    what: "agents",
    after: { agents: { osDiskType: "Ephemeral", osDiskSizeGb: 64 } },
    steps: newAgents,
  },
  // What the system pool becomes is compared with the live one.
  {
    what: "systemPool",
    before: { systemPool: { count: 3 } },
    after: { systemPool: { minCount: 3, maxCount: 5 } },
    steps: [],
  },
  { what: "pools", after: { pools: [memory] }, steps: ["create prod-memory"] },
  { what: "pools", before: { pools: [memory] }, after: {}, steps: ["delete prod-memory"] },
  {
    what: "pools",
    before: { pools: [memory, { ...memory, name: "more" }] },
    after: {
      pools: [
        { ...memory, name: "more" },
        { ...memory, count: 3, labels: { team: "ml" } },
      ],
    },
    steps: ["update prod-memory"],
  },
  {
    what: "pools",
    before: { pools: [memory] },
    after: { pools: [{ ...memory, name: "memory2", vmSize: "Standard_E16s_v5" }] },
    steps: ["create prod-memory2", "delete prod-memory"],
  },
  { what: "autoscalerProfile", after: { autoscalerProfile: profile }, steps: cluster },
  {
    what: "autoscalerProfile",
    before: { autoscalerProfile: profile },
    after: { autoscalerProfile: { ...profile, scaleDownUnneededTime: "20m" } },
    steps: cluster,
  },
  {
    what: "nodeOsUpgradeChannel",
    after: { nodeOsUpgradeChannel: "SecurityPatch" },
    steps: cluster,
  },
  { what: "tier", after: { tier: "Premium" }, steps: cluster },
  {
    what: "supportPlan",
    before: { tier: "Premium" },
    after: { tier: "Premium", supportPlan: "AKSLongTermSupport" },
    steps: cluster,
  },
  { what: "networkPolicy", after: { networkPolicy: "calico" }, steps: anew },
  {
    what: "networkDataplane",
    after: { networkDataplane: "cilium", networkPolicy: "cilium" },
    steps: anew,
  },
  {
    what: "privateDnsZone",
    before: { privateCluster: true, privateDnsZone: "system" },
    after: { privateCluster: true, privateDnsZone: "none" },
    steps: cluster,
  },
  {
    what: "identityId",
    after: { identityId: identity },
    steps: [...cluster, "delete prod-identity"],
  },
  {
    what: "kubeletIdentityId",
    after: { kubeletIdentityId: identity },
    steps: [...cluster, "create prod-kubelet-own-90e26"],
  },
  { what: "azureMonitorMetrics", after: { azureMonitorMetrics: true }, steps: cluster },
  { what: "nodeResourceGroup", after: { nodeResourceGroup: "models-nodes" }, steps: anew },
  {
    what: "managedCluster",
    after: { managedCluster: { metricsProfile: { costAnalysis: { enabled: true } } } },
    steps: cluster,
  },
  { what: "upgradeChannel", after: { upgradeChannel: "patch" }, steps: cluster },
  {
    what: "maintenanceWindow",
    after: { maintenanceWindow: window },
    steps: each("create", windows),
  },
  {
    what: "maintenanceWindow",
    before: { maintenanceWindow: window },
    after: { maintenanceWindow: { ...window, durationHours: 6 } },
    steps: each("update", windows),
  },
  {
    what: "network.subnetName",
    before: { network: vnet },
    after: { network: { ...vnet, subnetName: "more" } },
    steps: ["create prod-subnet-more-be184", "delete prod-subnet-nodes-9e622", ...newAgents],
  },
  {
    what: "network.subnetCidr",
    before: { network: vnet },
    after: { network: { ...vnet, subnetCidr: "10.1.0.0/20" } },
    steps: [],
  },
  {
    what: "network.serviceCidr",
    before: { network: vnet },
    after: { network: { ...vnet, serviceCidr: "10.9.0.0/16" } },
    steps: anew,
  },
  {
    what: "network.dnsServiceIp",
    before: { network: vnet },
    after: { network: { ...vnet, dnsServiceIp: "10.0.0.11" } },
    steps: anew,
  },
  {
    what: "network.podCidr",
    before: { network: vnet },
    after: { network: { ...vnet, podCidr: "10.99.0.0/16" } },
    steps: anew,
  },
  {
    what: "network.loadBalancerSubnetName",
    before: { network: vnet },
    after: { network: { ...vnet, loadBalancerSubnetName: "front" } },
    steps: ["create prod-subnet-front-2d827"],
  },
  { what: "outboundType", after: { outboundType: "managedNATGateway" }, steps: anew },
  {
    what: "authorizedIpRanges",
    after: { authorizedIpRanges: ["203.0.113.0/24"] },
    steps: cluster,
  },
  {
    what: "authorizedIpRanges",
    before: { authorizedIpRanges: ["203.0.113.0/24"] },
    after: { authorizedIpRanges: undefined },
    steps: cluster,
  },
  { what: "entra", after: { entra: { azureRbac: true } }, steps: cluster },
  {
    what: "entra.adminGroupObjectIds",
    before: { entra: { azureRbac: true } },
    after: { entra: { azureRbac: true, adminGroupObjectIds: ["group"] } },
    steps: cluster,
  },
  {
    what: "entra.azureRbac",
    before: { entra: { adminGroupObjectIds: ["group"] } },
    after: { entra: { adminGroupObjectIds: ["group"], azureRbac: true } },
    steps: cluster,
  },
  {
    what: "containerRegistryIds",
    after: { containerRegistryIds: [registry] },
    steps: ["create prod-pull-acr-ae53e"],
  },
  { what: "gpuPool", after: { gpuPool: gpu }, steps: ["create prod-gpu"] },
  { what: "gpuPool", before: { gpuPool: gpu }, after: {}, steps: ["delete prod-gpu"] },
  {
    what: "gpuPool.count",
    before: { gpuPool: gpu },
    after: { gpuPool: { ...gpu, count: 2 } },
    steps: ["update prod-gpu"],
  },
  {
    what: "gpuPool.devicePlugin",
    before: { gpuPool: gpu },
    after: { gpuPool: { ...gpu, devicePlugin: true } },
    // A DaemonSet in the cluster.
    steps: [],
  },
  {
    what: "gpuPool.vmSize",
    before: { gpuPool: gpu },
    after: { gpuPool: { vmSize: "Standard_NC24ads_A100_v4" } },
    steps: ["replace prod-gpu"],
  },
  { what: "spotPool", after: { spotPool: spot }, steps: ["create prod-spot"] },
  { what: "spotPool", before: { spotPool: spot }, after: {}, steps: ["delete prod-spot"] },
  {
    what: "spotPool.minCount",
    before: { spotPool: spot },
    after: { spotPool: { ...spot, minCount: 1 } },
    steps: ["update prod-spot"],
  },
  {
    what: "spotPool.maxCount",
    before: { spotPool: spot },
    after: { spotPool: { ...spot, maxCount: 9 } },
    steps: ["update prod-spot"],
  },
  {
    what: "spotPool.vmSize",
    before: { spotPool: spot },
    after: { spotPool: { ...spot, vmSize: "Standard_D16s_v5" } },
    steps: ["replace prod-spot"],
  },
  {
    what: "logAnalyticsWorkspaceId",
    after: { logAnalyticsWorkspaceId: logs },
    steps: cluster,
  },
  { what: "azurePolicy", after: { azurePolicy: true }, steps: cluster },
  {
    what: "defender",
    before: { logAnalyticsWorkspaceId: logs },
    after: { logAnalyticsWorkspaceId: logs, defender: true },
    steps: cluster,
  },
  { what: "protectCluster", after: { protectCluster: true }, steps: [] },
  {
    what: "tags",
    after: { tags: { team: "ml" } },
    steps: each("update", ["prod", "prod-agents", "prod-identity"]),
  },
];

/** Refused at preview, with a sentence that says so. */
export const refused: readonly (Omit<Change, "steps"> & { readonly sentence: RegExp })[] = [
  {
    what: "existingClusterId",
    after: { existingClusterId: `${group}/providers/Microsoft.ContainerService/managedClusters/c` },
    sentence: /existingClusterId can't turn a cluster that was created into one that is attached/,
  },
  {
    what: "kubernetesVersion",
    before: { kubernetesVersion: "1.34" },
    after: { kubernetesVersion: "1.33" },
    sentence: /kubernetesVersion can go up by one minor at a time and never down/,
  },
  {
    what: "systemPool",
    after: { systemPool: { vmSize: "Standard_D4s_v5" } },
    sentence:
      /systemPool\.vmSize can't be changed in a pool that exists: it was "Standard_D2s_v5" and is "Standard_D4s_v5"; add a pool of mode System/,
  },
  {
    what: "pools",
    before: { pools: [memory] },
    after: { pools: [{ ...memory, vmSize: "Standard_E16s_v5" }] },
    sentence:
      /pools\[0\]\.vmSize can't be changed in a pool that exists: .*; give the pool another name/,
  },
  {
    what: "supportPlan",
    before: { tier: "Premium", supportPlan: "AKSLongTermSupport" },
    after: {},
    sentence: /supportPlan can't be taken away: give KubernetesOfficial/,
  },
  {
    what: "networkPlugin",
    after: { networkPlugin: "kubenet" },
    sentence: /networkPlugin must be azure: Azure retires kubenet on 31 March 2028/,
  },
  {
    what: "privateDnsZone",
    before: { privateCluster: true },
    after: { privateCluster: true, privateDnsZone: zone("privatelink.westeurope.azmk8s.io") },
    sentence: /privateDnsZone can only be changed to none: it was "system"/,
  },
  {
    what: "managedCluster",
    after: { managedCluster: { networkProfile: { podCidr: "10.9.0.0/16" } } },
    sentence:
      /managedCluster\.networkProfile\.podCidr is set by the component: use network\.podCidr/,
  },
  {
    what: "network.vnetName",
    before: { network: vnet },
    after: { network: { ...vnet, vnetName: "other" } },
    sentence: /network can't be moved to another virtual network/,
  },
  {
    what: "network.vnetResourceGroupName",
    before: { network: vnet },
    after: { network: { ...vnet, vnetResourceGroupName: "other" } },
    sentence: /network can't be moved to another virtual network/,
  },
  {
    what: "network",
    after: { network: vnet },
    sentence: /network can't be moved to another virtual network/,
  },
  {
    what: "privateCluster",
    after: { privateCluster: true },
    sentence: /privateCluster can't be changed once the cluster exists/,
  },
  {
    what: "entra",
    before: { entra: { azureRbac: true } },
    after: {},
    sentence: /entra can't be removed/,
  },
  {
    what: "network.dockerBridgeCidr",
    before: { network: vnet },
    after: { network: { ...vnet, dockerBridgeCidr: "172.17.0.1/16" } },
    sentence: /network\.dockerBridgeCidr has no meaning any more/,
  },
];
