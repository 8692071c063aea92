// AmlAksCluster attaches what exists and leaves it alone, and says in a sentence what can't be attached.
import assert from "node:assert/strict";
import { type Azure } from "../../tools/standins/azure";
import { CLUSTERS, edit, expectNoChange, groupId, POOLS } from "../support/aks-stories";
import { SUBSCRIPTION, itOnStandIn, withAzureStack } from "../support/azure-stack";
import { expectFailure, expectSuccess } from "../support/stack";

const clusterId = `${groupId}/providers/${CLUSTERS}/shared`;
const poolId = `${clusterId}/agentPools/agents`;
const program = (id: string) => `const { AmlAksCluster } = require("aml-inference");
const cluster = new AmlAksCluster("shared", { existingClusterId: ${JSON.stringify(id)} });
exports.vCpus = cluster.vCpus;
exports.fqdn = cluster.fqdn;
exports.kubeconfig = cluster.kubeconfig;
`;

/** A cluster of somebody else's, with three agents. */
function plantCluster(azure: Azure): void {
  const now = azure.clock.now();
  const properties = {
    provisioningState: "Succeeded",
    powerState: { code: "Running" },
    ...{ kubernetesVersion: "1.34", currentKubernetesVersion: "1.34.4" },
    fqdn: "shared.hcp.westeurope.azmk8s.io",
    nodeResourceGroup: "MC_shared",
  };
  azure.store.put(clusterId, CLUSTERS, { location: "westeurope", properties }, now);
  const agents = { mode: "User", vmSize: "Standard_D4s_v5", count: 3 };
  azure.store.put(poolId, POOLS, { properties: agents }, now);
}

/** What can't be attached: where the cluster differs, and the sentence (more: assess-attached-cluster.test.ts). */
const unfit: readonly (readonly [id: string, path: string, value: unknown, sentence: RegExp])[] = [
  [
    ...([poolId, "nodeTaints", ["sku=gpu:NoSchedule"]] as const),
    /FastProd needs at least 12 vCPUs on at least 3 nodes: .*not counted: pool agents has the taint sku=gpu:NoSchedule/,
  ],
  [
    ...([clusterId, "apiServerAccessProfile", { enablePrivateCluster: true }] as const),
    /names a private cluster whose API server can't be reached from here \(.+\): run Pulumi inside its network/,
  ],
  [
    ...([clusterId, "currentKubernetesVersion", "1.30.14"] as const),
    /runs Kubernetes 1\.30\.14, which AKS does not support in westeurope any more: .* supported are 1\.35, 1\.34 \(the default\), 1\.33/,
  ],
];

describe("AmlAksCluster attaches", () => {
  itOnStandIn(
    "none that is unfit, a sentence each; then one that fits, and changes nothing about it",
    "it needs clusters that are unfit",
    async () => {
      const elsewhere = program(clusterId.replace(SUBSCRIPTION, "another"));
      await withAzureStack({ program: elsewhere }, async (stack, azure) => {
        plantCluster(azure);
        azure.faults.set([]);
        const other = await expectFailure(stack.up());
        assert.match(
          other.output,
          /existingClusterId is in subscription another, and this provider works in/,
        );
        await stack.setProgram(program(`${clusterId}-gone`));
        const gone = await expectFailure(stack.up());
        assert.match(gone.output, /existingClusterId doesn't exist in Azure/);
        assert.doesNotMatch(gone.output, /error serializing|\n\s+at /);
        await stack.setProgram(program(clusterId));
        for (const [id, path, value, sentence] of unfit) {
          edit(azure, id, `properties.${path}`, value);
          assert.match((await expectFailure(stack.up())).output, sentence);
          plantCluster(azure);
        }

        await expectSuccess(stack.up());
        assert.partialDeepStrictEqual(await stack.outputs(), {
          ...{ vCpus: 12, fqdn: "shared.hcp.westeurope.azmk8s.io" },
        });
        const state = await stack.stateText();
        assert.ok(!state.includes("not-a-real-token"), "the kubeconfig is a secret");
        await expectNoChange(stack);
        // It ages: who uses it already is told, and goes on.
        edit(azure, clusterId, "properties.currentKubernetesVersion", "1.30.14");
        const aged = await expectSuccess(stack.up());
        assert.match(aged.output, /warning: existingClusterId .* does not support in westeurope/);
        await expectSuccess(stack.destroy());
        const writes = azure.faults.calls.filter(({ method }) =>
          ["PUT", "PATCH", "DELETE"].includes(method),
        );
        assert.deepEqual(writes, []);
      });
    },
  );
});
