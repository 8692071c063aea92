// A cluster's arguments: examples and properties of what is refused.
import assert from "node:assert/strict";
import { sentence } from "../../../values/argument-error";
import { validateCluster } from "../../../validation/cluster/validate-cluster";
import { replacesCluster } from "../../../validation/cluster/cluster-replacement";
import { validateClusterChange } from "../../../validation/cluster/validate-cluster-change";
import { UNKNOWN } from "../../../values/unknown";

const group = "/subscriptions/s/resourceGroups/g";
const zone = (name: string) => `${group}/providers/Microsoft.Network/privateDnsZones/${name}`;
const identity = (name: string) =>
  `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
const memory = { name: "memory", vmSize: "Standard_E8s_v5" };
const least = { resourceGroupName: "models", location: "westeurope" };
const check = (args: object) => validateCluster("prod", { ...args }).map(sentence);

describe("validateCluster() takes", () => {
  const legal: Record<string, object> = {
    "the least": least,
    "what is not known yet": Object.fromEntries(
      ["resourceGroupName", "location", "agentCount", "agentVmSize", "kubernetesVersion"].map(
        (name) => [name, UNKNOWN],
      ),
    ),
    "an existing cluster": {
      existingClusterId:
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c",
      clusterPurpose: "DevTest",
    },
    "a node autoscaler whose minimum meets the floor": {
      ...least,
      agentCount: 1,
      nodeAutoscaling: { minCount: 3, maxCount: 30 },
    },
    "a size whose name does not tell, which Azure's list may": { ...least, agentVmSize: "Novel" },
    "undefined and null, which are absent": {
      ...{ ...least, existingClusterId: undefined, pools: null, tags: { team: null } },
      network: { vnetName: "net", subnetName: "nodes", serviceCidr: undefined },
    },
    "a size in another case, and a region in Azure's words": {
      ...{ ...least, location: "West Europe", agentVmSize: "standard_d4S_V5" },
      ...{ privateCluster: true, privateDnsZone: zone("abc.privatelink.westeurope.azmk8s.io") },
    },
    "pools of all kinds": {
      ...least,
      pools: [
        { name: "memory", vmSize: "Standard_E8s_v5" },
        { name: "more", vmSize: "Standard_E8s_v5", mode: "System", minCount: 1, maxCount: 3 },
        { name: "cheap", vmSize: "Standard_D8s_v5", count: 0, spot: { maxPrice: 0.25 } },
        UNKNOWN,
      ],
    },
    "long-term support and Cilium": {
      ...{ ...least, tier: "Premium", supportPlan: "AKSLongTermSupport" },
      ...{ networkPolicy: "cilium", networkDataplane: "cilium" },
    },
    everything: {
      ...least,
      agents: {
        ...{ osSku: "AzureLinux", osDiskType: "Ephemeral", osDiskSizeGb: 64, maxPods: 50 },
        ...{ encryptionAtHost: true, labels: { "example.com/team": "ml" } },
        ...{ maxSurge: "33%", drainTimeoutMinutes: 60 },
      },
      systemPool: { vmSize: "Standard_D4s_v5", minCount: 2, maxCount: 4, maxSurge: "1" },
      pools: [
        {
          ...{ name: "apps", vmSize: "Standard_D8s_v5", count: 2, subnetName: "apps" },
          ...{ taints: ["team=ml:NoSchedule"], zones: ["1"], tags: { team: "ml" } },
        },
      ],
      autoscalerProfile: { scaleDownUnneededTime: "5m", scaleDownUtilizationThreshold: "0.4" },
      nodeOsUpgradeChannel: "SecurityPatch",
      tier: "Standard",
      networkPlugin: "azure",
      networkPolicy: "calico",
      identityId: identity("cluster"),
      kubeletIdentityId: identity("kubelet"),
      azureMonitorMetrics: true,
      nodeResourceGroup: "models-nodes",
      managedCluster: {
        metricsProfile: { costAnalysis: { enabled: true } },
        networkProfile: UNKNOWN,
        addonProfiles: { azureKeyvaultSecretsProvider: { enabled: true } },
      },
      clusterName: "prod_1",
      clusterPurpose: "DenseProd",
      zones: ["1", "2"],
      kubernetesVersion: "1.34.2",
      upgradeChannel: "stable",
      maintenanceWindow: {
        dayOfWeek: "Monday",
        startTime: "23:30",
        durationHours: 8,
        utcOffset: "+09:00",
      },
      network: {
        vnetName: "net",
        vnetResourceGroupName: "nets",
        subnetName: "nodes",
        subnetCidr: "10.1.0.0/24",
        serviceCidr: "10.2.0.0/16",
        dnsServiceIp: "10.2.0.10",
        podCidr: "10.244.0.0/16",
        loadBalancerSubnetName: "front",
      },
      outboundType: "userDefinedRouting",
      authorizedIpRanges: ["203.0.113.7/32"],
      entra: { adminGroupObjectIds: ["g"] },
      containerRegistryIds: [`${group}/providers/Microsoft.ContainerRegistry/registries/acr`],
      gpuPool: { vmSize: "Standard_NC4as_T4_v3", count: 2 },
      spotPool: { vmSize: "Standard_D8s_v5", maxCount: 4 },
      logAnalyticsWorkspaceId: `${group}/providers/Microsoft.OperationalInsights/workspaces/logs`,
      azurePolicy: true,
      defender: true,
      protectCluster: false,
      tags: { team: "ml" },
    },
  };
  for (const [what, args] of Object.entries(legal)) {
    it(what, () => {
      assert.deepEqual(check(args), []);
    });
  }
});

describe("validateCluster() refuses", () => {
  const illegal: readonly (readonly [object, RegExp])[] = [
    [{}, /^resourceGroupName is required/],
    [{ ...least, agentCount: 0 }, /^agentCount must be/],
    [{ ...least, agentCount: 2 }, /use agentCount 3$/],
    [
      { ...least, nodeAutoscaling: { minCount: 2, maxCount: 9 } },
      /use nodeAutoscaling\.minCount 3$/,
    ],
    [
      { ...least, nodeAutoscaling: { minCount: 5, maxCount: 4 } },
      /^nodeAutoscaling\.maxCount must be at least/,
    ],
    [{ ...least, agentVmSize: "Standard_NP20s", agentVCpus: 20 }, /^agentVmSize is an FPGA size/],
    [{ ...least, zones: ["4"] }, /^zones\[0\] must be 1 or 2 or 3/],
    [{ ...least, kubernetesVersion: "latest" }, /^kubernetesVersion must be/],
    [
      { ...least, outboundType: "userDefinedRouting" },
      /^outboundType userDefinedRouting needs network/,
    ],
    [
      { ...least, authorizedIpRanges: ["203.0.113.7/24"] },
      /^authorizedIpRanges\[0\] must be a range/,
    ],
    [{ ...least, entra: {} }, /^entra needs adminGroupObjectIds or azureRbac/],
    [
      { ...least, gpuPool: { vmSize: "Standard_D4s_v5" } },
      /^gpuPool\.vmSize must be a size with GPUs/,
    ],
    [{ ...least, defender: true }, /^defender needs logAnalyticsWorkspaceId/],
    [
      { ...least, spotPool: { vmSize: "Standard_D8s_v5", minCount: 5, maxCount: 2 } },
      /^spotPool\.maxCount must be at least minCount 5: it is 2$/,
    ],
    [
      { ...least, containerRegistryIds: ["acr"] },
      /^containerRegistryIds\[0\] must be a resource id/,
    ],
    [
      { ...least, logAnalyticsWorkspaceId: identity("x") },
      /^logAnalyticsWorkspaceId must be a resource id with nine parts, .*OperationalInsights/,
    ],
    [{ ...least, kubeletIdentityId: "kubelet" }, /^kubeletIdentityId must be a resource id/],
    [{ ...least, pools: [{ ...memory, name: "GPU" }] }, /^pools\[0\]\.name must be 1 to 12/],
    [
      { ...least, pools: [{ ...memory, name: "agents2" }] },
      /^pools\[0\]\.name must be .* not with agents/,
    ],
    [
      { ...least, pools: [memory, memory] },
      /^pools\[1\]\.name must be another name than that of pools\[0\]/,
    ],
    [
      { ...least, pools: [{ ...memory, subnetName: "x" }] },
      /^pools\[0\]\.subnetName needs network/,
    ],
    [{ ...least, pools: [{ ...memory, minCount: 1 }] }, /^pools\[0\]\.minCount needs maxCount$/],
    [{ ...least, pools: [{ ...memory, maxCount: 1 }] }, /^pools\[0\]\.maxCount needs minCount$/],
    [
      { ...least, pools: [{ ...memory, count: 1, minCount: 1, maxCount: 2 }] },
      /^pools\[0\]\.count can't be given with minCount and maxCount/,
    ],
    [
      { ...least, pools: [{ ...memory, mode: "System", count: 0 }] },
      /^pools\[0\]\.count must be at least 1 in a pool of mode System/,
    ],
    [
      { ...least, pools: [{ ...memory, mode: "System", spot: {} }] },
      /^pools\[0\]\.spot needs mode User/,
    ],
    [
      { ...least, pools: [{ ...memory, spot: { maxPrice: 0 } }] },
      /^pools\[0\]\.spot\.maxPrice must be -1 or/,
    ],
    [
      { ...least, pools: [{ ...memory, taints: ["sku"] }] },
      /^pools\[0\]\.taints\[0\] must be a taint/,
    ],
    [
      { ...least, agents: { labels: { "kubernetes.azure.com/mode": "x" } } },
      /^agents\.labels\.kubernetes\.azure\.com\/mode must have a name/,
    ],
    [{ ...least, agents: { maxSurge: "0" } }, /^agents\.maxSurge must be a number of nodes/],
    [
      { ...least, systemPool: { vmSize: "Standard_F1s" } },
      /^systemPool\.vmSize must be a size with at least 2/,
    ],
    [
      { ...least, autoscalerProfile: { scanInterval: 10 } },
      /^autoscalerProfile\.scanInterval must be seconds/,
    ],
    [
      { ...least, supportPlan: "AKSLongTermSupport" },
      /^supportPlan AKSLongTermSupport needs tier Premium/,
    ],
    [
      { ...least, upgradeChannel: "node-image", nodeOsUpgradeChannel: "None" },
      /^nodeOsUpgradeChannel must be NodeImage with upgradeChannel node-image/,
    ],
    [{ ...least, networkPlugin: "kubenet" }, /^networkPlugin must be azure: .* 31 March 2028/],
    [{ ...least, networkPlugin: "none" }, /^networkPlugin must be azure: with none/],
    [{ ...least, networkPolicy: "cilium" }, /^networkPolicy cilium needs networkDataplane cilium/],
    [
      { ...least, networkPolicy: "calico", networkDataplane: "cilium" },
      /^networkPolicy must be cilium or none with networkDataplane cilium/,
    ],
    [
      { ...least, outboundType: "userAssignedNATGateway" },
      /^outboundType userAssignedNATGateway needs/,
    ],
    [{ ...least, privateDnsZone: "system" }, /^privateDnsZone needs privateCluster$/],
    [
      { ...least, privateCluster: true, privateDnsZone: zone("privatelink.eastus.azmk8s.io") },
      /^privateDnsZone must be a zone named privatelink\.westeurope\.azmk8s\.io/,
    ],
    [{ ...least, nodeResourceGroup: "Models" }, /^nodeResourceGroup must be another group/],
    [
      { ...least, managedCluster: { addonProfiles: { omsagent: {} } } },
      /^managedCluster\.addonProfiles\.omsagent is set by the component: use logAnalyticsWorkspaceId$/,
    ],
    [
      { ...least, managedCluster: { networkProfile: "none" } },
      /^managedCluster\.networkProfile must be an object/,
    ],
    [{ ...least, agentcount: 3 }, /^agentcount is not an argument/],
    [{ ...least, clusterName: "-prod" }, /^clusterName must be/],
    [
      { ...least, maintenanceWindow: { dayOfWeek: "Sunday", startTime: "25:00" } },
      /^maintenanceWindow\.startTime must be/,
    ],
    [{ existingClusterId: "aks" }, /^existingClusterId must be \/subscriptions/],
    [
      {
        existingClusterId:
          "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c",
        agentCount: 3,
      },
      /^agentCount can't be given with existingClusterId/,
    ],
  ];
  for (const [args, expected] of illegal) {
    it(`${JSON.stringify(args)}`, () => {
      const problems = check(args);
      assert.ok(
        problems.some((problem) => expected.test(problem)),
        problems.join("\n"),
      );
    });
  }

  const network = { vnetName: "net", subnetName: "nodes" };
  const ranges: readonly (readonly [object, RegExp])[] = [
    [
      { subnetCidr: "10.0.128.0/24" },
      /^network\.serviceCidr must not overlap network\.subnetCidr 10\.0\.128\.0\/24: it is 10\.0\.0\.0\/16$/,
    ],
    [{ podCidr: "10.0.0.0/20" }, /^network\.podCidr must not overlap network\.serviceCidr/],
    [{ serviceCidr: "10.0.0.1/16" }, /^network\.serviceCidr must be a range/],
    [{ dnsServiceIp: "10.1.0.10" }, /^network\.dnsServiceIp must be an address inside/],
    [{ dnsServiceIp: "10.0.0.1" }, /^network\.dnsServiceIp must be an address inside/],
    [{ dockerBridgeCidr: "172.17.0.1/16" }, /^network\.dockerBridgeCidr has no meaning any more/],
  ];
  for (const [args, expected] of ranges) {
    it(`a network with ${JSON.stringify(args)}`, () => {
      const problems = check({ ...least, network: { ...network, ...args } });
      assert.equal(problems.length, 1, problems.join("\n"));
      assert.match(problems[0] ?? "", expected);
    });
  }
});

describe("validateClusterChange() refuses", () => {
  it("to go back in versions, or up by two minors", () => {
    const change = (from: string, to: string) =>
      validateClusterChange({ kubernetesVersion: from }, { kubernetesVersion: to }).length;
    assert.deepEqual(
      [
        change("1.33", "1.34"),
        change("1.34.1", "1.34.2"),
        change("1.34", "1.33"),
        change("1.33", "1.35"),
      ],
      [0, 0, 1, 1],
    );
  });

  it("to make a cluster private or public, or to move it to another network", () => {
    const refused = (before: object, after: object) =>
      validateClusterChange({ ...least, ...before }, { ...least, ...after })
        .map(sentence)
        .join();
    const network = { vnetName: "net", subnetName: "nodes" };
    assert.match(
      refused({}, { privateCluster: true }),
      /^privateCluster can't be changed once the cluster exists: it was false and is true; declare/,
    );
    assert.match(refused({ privateCluster: true }, {}), /^privateCluster can't be changed/);
    assert.equal(refused({}, { privateCluster: UNKNOWN }), "");
    assert.match(
      refused({}, { network }),
      /^network can't be moved .*: it was one that AKS makes and is "models\/net"/,
    );
    const elsewhere = { network: { ...network, vnetResourceGroupName: "nets" } };
    assert.match(refused({ network }, elsewhere), /^network can't be moved/);
    assert.equal(refused({ network }, { network: { ...network, subnetName: "more" } }), "");
    const anew = { location: "northeurope", privateCluster: true, network };
    assert.equal(refused({}, anew), "", "a cluster that is made anew starts with everything");
  });

  it("nothing that is the same in Azure's eyes", () => {
    const network = { vnetName: "net", subnetName: "nodes" };
    const pools = [{ ...memory, zones: ["1", "2"] }];
    const before = { ...least, network, pools, systemPool: { vmSize: "Standard_D4s_v5" } };
    const after = {
      ...{ resourceGroupName: "MODELS", location: "West Europe" },
      network: { ...network, vnetName: "Net", vnetResourceGroupName: "Models" },
      pools: [{ ...memory, vmSize: "standard_e8s_v5", zones: ["2", "1"] }],
      systemPool: { vmSize: "standard_d4s_v5" },
    };
    assert.deepEqual(validateClusterChange(before, after), []);
    assert.equal(replacesCluster(before, after), false);
    assert.equal(replacesCluster(before, { ...after, location: "northeurope" }), true);
    const defaults = { outboundType: "loadBalancer", networkPolicy: "none" };
    assert.equal(replacesCluster(before, { ...before, ...defaults }), false);
  });

  it("what a pool that exists can't become, with the way there", () => {
    const change = (before: object, after: object) =>
      validateClusterChange({ ...least, ...before }, { ...least, ...after }).map(sentence);
    assert.deepEqual(
      change({ pools: [memory] }, { pools: [{ ...memory, name: "other", maxPods: 20 }] }),
      [],
    );
    assert.match(
      change({ pools: [memory] }, { pools: [{ ...memory, spot: {} }] }).join(),
      /^pools\[0\]\.spot can't be changed in a pool that exists: it was "none" and is {}; give the pool another name/,
    );
    assert.match(
      change({ systemPool: { maxPods: 30 } }, { systemPool: { maxPods: 50 } }).join(),
      /^systemPool\.maxPods can't be changed .*; add a pool of mode System/,
    );
  });

  it("to take Entra away, and to turn a new cluster into an attached one", () => {
    assert.equal(validateClusterChange({ entra: { azureRbac: true } }, {}).length, 1);
    assert.equal(validateClusterChange({}, { existingClusterId: "/…" }).length, 1);
    assert.equal(validateClusterChange(least, least).length, 0);
  });
});
