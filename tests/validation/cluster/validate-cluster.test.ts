// A cluster's arguments: examples and properties of what is refused.
import assert from "node:assert/strict";
import { sentence } from "../../../values/argument-error";
import { validateCluster } from "../../../validation/cluster/validate-cluster";
import { validateClusterChange } from "../../../validation/cluster/validate-cluster-change";
import { UNKNOWN } from "../../../values/unknown";

const group = "/subscriptions/s/resourceGroups/g";
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
    everything: {
      ...least,
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

  it("to take Entra away, and to turn a new cluster into an attached one", () => {
    assert.equal(validateClusterChange({ entra: { azureRbac: true } }, {}).length, 1);
    assert.equal(validateClusterChange({}, { existingClusterId: "/…" }).length, 1);
    assert.equal(validateClusterChange(least, least).length, 0);
  });
});
