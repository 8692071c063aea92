// AmlAksCluster on the real CLI, against the stand-in Azure: a cluster's life, and every change of the table at once.
import assert from "node:assert/strict";
import { textAt, valueAt } from "../../tools/standins/azure";
import { base } from "./aml-aks-cluster-changes";
import {
  cluster,
  clusterId,
  CLUSTERS,
  edit,
  expectNoChange,
  groupId,
  plannedSteps,
  pool,
  POOLS,
  programOf,
} from "../support/aks-stories";
import { CLIENT_SECRET, itOnStandIn, withAzureStack } from "../support/azure-stack";
import { expectFailure, expectSuccess, type Stack } from "../support/stack";

/** URNs of what the state holds. */
async function resourcesIn(stack: Stack): Promise<string[]> {
  const { checkpoint } = JSON.parse(await stack.stateText()) as {
    readonly checkpoint: {
      readonly latest: { readonly resources: readonly { readonly urn: string }[] };
    };
  };
  return checkpoint.latest.resources.map(({ urn }) => urn).sort();
}

describe("AmlAksCluster refuses before anything is made", () => {
  itOnStandIn(
    "wrong arguments, every one named; then what Azure does not have, with what it has",
    "it looks into the stand-in, and changes it behind Pulumi's back",
    async () => {
      const wrong = {
        ...base,
        agentCount: 2,
        kubernetesVersion: "latest",
        privateCluster: true,
        authorizedIpRanges: ["203.0.113.0/24"],
        network: { vnetName: "net", subnetName: "nodes", dockerBridgeCidr: "172.17.0.1/16" },
        outboundType: "anyhow",
        gpuPool: { vmSize: "Standard_NP10s" },
      };
      await withAzureStack({ program: programOf(wrong) }, async (stack, azure) => {
        const { output } = await expectFailure(stack.up());
        for (const sentence of [
          "agentCount is too small: FastProd needs at least 12 vCPUs on at least 3 nodes: 2 × Standard_D4s_v5 has 8 on 2; use agentCount 3",
          "kubernetesVersion must be",
          "authorizedIpRanges can't be given with privateCluster",
          "network.dockerBridgeCidr has no meaning",
          "outboundType must be",
          "gpuPool.vmSize is an FPGA size",
        ]) {
          assert.ok(output.includes(sentence), `${sentence} is missing in ${output}`);
        }
        const unheard = {
          ...base,
          clusterName: "prod",
          kubernetesVersion: "1.30",
          agentVmSize: "Novel",
        };
        await stack.setProgram(programOf(unheard));
        const asked = (await expectFailure(stack.up())).output;
        assert.match(
          asked,
          /kubernetesVersion must be a version that AKS supports in westeurope: it is "1\.30"; supported are 1\.35, 1\.34 \(the default\), 1\.33/,
        );
        assert.match(asked, /agentVmSize must be a machine size that Azure has in westeurope/);
        // Azure fails in all that is asked of the region, and in every retry.
        const dead = Array.from({ length: 12 }, (_, at) => at + 2);
        azure.faults.set(dead.map((position) => ({ kind: "500", position })));
        const alone = (await expectFailure(stack.up())).output;
        assert.match(alone, /agentVmSize is not a machine size .* give agentVCpus/);
        assert.ok(!alone.includes("kubernetesVersion must"), alone);
        assert.deepEqual(azure.store.list(CLUSTERS), []);
      });
    },
  );
});

describe("AmlAksCluster lives", () => {
  itOnStandIn(
    "made, nothing to do, drift healed, agents and cluster replaced, destroyed",
    "it looks into the stand-in, and changes it behind Pulumi's back",
    async function () {
      this.timeout(1_800_000);
      await withAzureStack({ program: programOf(base) }, async (stack, azure) => {
        await expectSuccess(stack.up());
        assert.partialDeepStrictEqual(cluster(azure), {
          sku: { tier: "Standard" },
          properties: {
            networkProfile: { networkPluginMode: "overlay", loadBalancerSku: "standard" },
            oidcIssuerProfile: { enabled: true },
            securityProfile: { workloadIdentity: { enabled: true } },
          },
        });
        assert.partialDeepStrictEqual(pool(azure).body, {
          properties: {
            ...{ count: 3, mode: "User", vmSize: "Standard_D4s_v5" },
            availabilityZones: ["1", "2", "3"],
          },
        });
        const outputs = await stack.outputs();
        assert.equal(outputs["vCpus"], 12);
        // AKS answers with its own case.
        assert.equal(String(outputs["clusterId"]).toLowerCase(), clusterId.toLowerCase());
        assert.match(String(outputs["kubeconfig"]), /clusters:/);
        const state = await stack.stateText();
        assert.ok(!state.includes(CLIENT_SECRET) && !state.includes("not-a-real-token"));
        assert.ok(!state.includes("standin-"), "no token in the state");

        // What somebody else changed, and a pool that somebody deleted.
        edit(azure, pool(azure).id, "properties.count", 5);
        edit(azure, clusterId, "sku", { name: "Base", tier: "Free" });
        await expectSuccess(stack.refresh());
        assert.deepEqual(await plannedSteps(stack), ["update prod", "update prod-agents"]);
        azure.store.remove(pool(azure).id);
        await expectSuccess(stack.refresh());
        await expectSuccess(stack.up());
        assert.equal(valueAt(pool(azure).body, "properties.count"), 3);
        assert.equal(textAt(cluster(azure), "sku.tier"), "Standard");
        await expectNoChange(stack);

        // The new agents first.
        await stack.setProgram(
          programOf({ ...base, agentVmSize: "Standard_D8s_v5", zones: ["1"] }),
        );
        assert.deepEqual(await plannedSteps(stack), ["replace prod-agents"]);
        azure.faults.set([]);
        await expectSuccess(stack.up());
        const writes = azure.faults.calls.filter(
          ({ method, path }) => method !== "GET" && path.includes("/agentPools/"),
        );
        assert.deepEqual(
          writes.map(({ method }) => method),
          ["PUT", "DELETE"],
        );
        assert.partialDeepStrictEqual(pool(azure).body, {
          properties: { vmSize: "Standard_D8s_v5", availabilityZones: ["1"] },
        });

        // The cluster, with all that is in it.
        await stack.setProgram(programOf({ ...base, outboundType: "managedNATGateway" }));
        assert.ok((await plannedSteps(stack)).includes("replace prod"));
        await expectSuccess(stack.up());
        const outboundType = "properties.networkProfile.outboundType";
        assert.equal(valueAt(cluster(azure), outboundType), "managedNATGateway");
        assert.equal(valueAt(pool(azure).body, "properties.vmSize"), "Standard_D4s_v5");
        await expectNoChange(stack);

        // Protection, which is the default, holds once it is deployed. A destroy fails before it deletes anything, from
        // Azure and from the state.
        const maintenanceWindow = { dayOfWeek: "Sunday", startTime: "01:00" };
        const moved = { ...base, outboundType: "managedNATGateway", maintenanceWindow };
        await stack.setProgram(programOf({ ...moved, protectCluster: undefined }));
        await expectSuccess(stack.up());
        await stack.setProgram(programOf({ ...base, protectCluster: undefined }));
        const { output } = await expectFailure(stack.up());
        assert.match(output, /marked for protection/);
        const kept = await resourcesIn(stack);
        const refused = await expectFailure(stack.destroy());
        assert.match(refused.output, /cluster prod is protected, .*: set protectCluster to false/);
        assert.deepEqual(await resourcesIn(stack), kept);
        assert.equal(azure.store.list(CLUSTERS).length, 1);
        await stack.setProgram(programOf(moved));
        await expectSuccess(stack.up());
        await expectNoChange(stack);

        // Somebody deleted it.
        azure.store.remove(clusterId);
        const gone = await expectFailure(stack.up());
        const sentence =
          /cluster prod doesn't exist in Azure: pulumi up --refresh creates it again/;
        assert.match(gone.output, sentence);
        assert.doesNotMatch(gone.output, /error serializing|\n\s+at /);
        const { diagnostics = [] } = await stack.preview();
        assert.match(diagnostics.map(({ message }) => message).join("\n"), sentence);
        await expectSuccess(stack.up("--refresh"));
        await expectNoChange(stack);

        await expectSuccess(stack.destroy());
        assert.deepEqual(azure.store.list(CLUSTERS), []);
        assert.deepEqual(azure.store.list(POOLS), []);
      });
    },
  );
});

/** What every argument becomes when all that changes in place changes at once, and is taken away again. */
const everything = {
  ...base,
  clusterPurpose: "DenseProd",
  agentCount: 4,
  kubernetesVersion: "1.34",
  maintenanceWindow: { dayOfWeek: "Sunday", startTime: "01:00" },
  authorizedIpRanges: ["203.0.113.0/24"],
  entra: { azureRbac: true },
  containerRegistryIds: [`${groupId}/providers/Microsoft.ContainerRegistry/registries/acr`],
  gpuPool: { vmSize: "Standard_NC4as_T4_v3" },
  spotPool: { vmSize: "Standard_D8s_v5", maxCount: 5 },
  agents: { labels: { team: "ml" }, maxSurge: "33%" },
  pools: [{ name: "memory", vmSize: "Standard_D8s_v5", mode: "System", minCount: 1, maxCount: 3 }],
  autoscalerProfile: { expander: "least-waste" },
  nodeOsUpgradeChannel: "SecurityPatch",
  kubeletIdentityId: `${groupId}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/kubelet`,
  managedCluster: { metricsProfile: { costAnalysis: { enabled: true } } },
  logAnalyticsWorkspaceId: `${groupId}/providers/Microsoft.OperationalInsights/workspaces/logs`,
  azurePolicy: true,
  defender: true,
  tags: { team: "ml" },
};

describe("AmlAksCluster changes in place", () => {
  itOnStandIn(
    "every argument that can, on and off again; then autoscaler and upgrades are no change",
    "it looks into the stand-in, and changes it behind Pulumi's back",
    async function () {
      this.timeout(1_800_000);
      const before = programOf({ ...base, kubernetesVersion: "1.33" });
      await withAzureStack({ program: before }, async (stack, azure) => {
        await expectSuccess(stack.up());
        const { kubeconfig } = await stack.outputs();
        await stack.setProgram(programOf(everything));
        const planned = await plannedSteps(stack);
        assert.deepEqual(planned, [
          ...["create prod-gpu", "create prod-kubelet-kubelet-5cb64", "create prod-kubernetes"],
          ...["create prod-memory", "create prod-node-images", "create prod-pull-acr-ae53e"],
          "create prod-spot",
          ...["update prod", "update prod-agents", "update prod-identity"],
        ]);
        await expectSuccess(stack.up());
        assert.partialDeepStrictEqual(cluster(azure), {
          sku: { tier: "Free" },
          tags: { team: "ml" },
          properties: {
            currentKubernetesVersion: "1.34.4",
            disableLocalAccounts: true,
            aadProfile: { managed: true, enableAzureRBAC: true },
            apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.0/24"] },
            addonProfiles: { omsagent: { enabled: true }, azurepolicy: { enabled: true } },
            securityProfile: { defender: { securityMonitoring: { enabled: true } } },
            autoScalerProfile: { expander: "least-waste" },
            autoUpgradeProfile: { nodeOSUpgradeChannel: "SecurityPatch" },
            metricsProfile: { costAnalysis: { enabled: true } },
          },
        });
        assert.partialDeepStrictEqual(pool(azure).body, {
          properties: { nodeLabels: { team: "ml" }, upgradeSettings: { maxSurge: "33%" } },
        });
        assert.partialDeepStrictEqual(pool(azure, "memory").body, {
          properties: { mode: "System", count: 1, maxCount: 3, vmSize: "Standard_D8s_v5" },
        });
        assert.equal(valueAt(pool(azure).body, "properties.count"), 4);
        assert.equal(valueAt(pool(azure, "gpu").body, "properties.count"), 1);
        assert.equal(valueAt(pool(azure, "spot").body, "properties.maxCount"), 5);
        // Entra's has no login prompt and no token.
        const entra = (await stack.outputs())["kubeconfig"];
        assert.notEqual(entra, kubeconfig);
        assert.match(String(entra), /exec/);

        const nodeAutoscaling = { minCount: 3, maxCount: 9 };
        const off = {
          ...{ ...base, kubernetesVersion: "1.34", entra: everything.entra },
          ...{ clusterPurpose: "DenseProd", nodeAutoscaling, upgradeChannel: "patch" },
        };
        await stack.setProgram(programOf(off));
        await expectSuccess(stack.up());
        assert.partialDeepStrictEqual(cluster(azure), {
          properties: {
            apiServerAccessProfile: { authorizedIPRanges: [] },
            addonProfiles: { omsagent: { enabled: false }, azurepolicy: { enabled: false } },
            securityProfile: { defender: { securityMonitoring: { enabled: false } } },
            autoUpgradeProfile: { upgradeChannel: "patch" },
          },
        });
        assert.equal(azure.store.list(POOLS).length, 2, "the system pool and the agents");
        assert.equal(valueAt(pool(azure).body, "properties.maxCount"), 9);

        edit(azure, pool(azure).id, "properties.count", 7);
        edit(azure, pool(azure).id, "properties.orchestratorVersion", "1.35.1");
        edit(azure, clusterId, "properties.kubernetesVersion", "1.35");
        edit(azure, clusterId, "properties.currentKubernetesVersion", "1.35.1");
        await expectNoChange(stack);
        await expectSuccess(stack.refresh());
        await expectNoChange(stack);
        await expectSuccess(stack.up());
        assert.equal(valueAt(pool(azure).body, "properties.count"), 7);
        await stack.setProgram(programOf({ ...off, privateCluster: true, entra: undefined }));
        const { output } = await expectFailure(stack.up());
        assert.match(output, /privateCluster can't be changed once the cluster exists/);
        assert.match(output, /entra can't be removed/);
      });
    },
  );
});
