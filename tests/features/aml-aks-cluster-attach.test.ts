// AmlAksCluster attaches what exists and leaves it alone.
import assert from "node:assert/strict";
import { type Azure } from "../../tools/standins/azure/start-azure";
import { GROUP, SUBSCRIPTION, withAzureStack } from "../support/azure-stack";
import { changingSteps, expectFailure, expectSuccess } from "../support/stack";

const CLUSTERS = "Microsoft.ContainerService/managedClusters";
const clusterId = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}/providers/${CLUSTERS}/shared`;
const program = (id: string) => `const { AmlAksCluster } = require("aml-inference");
const cluster = new AmlAksCluster("shared", { existingClusterId: ${JSON.stringify(id)} });
exports.vCpus = cluster.vCpus;
exports.fqdn = cluster.fqdn;
exports.kubeconfig = cluster.kubeconfig;
`;

/** A cluster of somebody else's, with `count` agents. */
function plantCluster(azure: Azure, count: number): void {
  const now = azure.clock.now();
  const properties = {
    provisioningState: "Succeeded",
    powerState: { code: "Running" },
    kubernetesVersion: "1.34",
    currentKubernetesVersion: "1.34.4",
    fqdn: "shared.hcp.westeurope.azmk8s.io",
    nodeResourceGroup: "MC_shared",
  };
  azure.store.put(clusterId, CLUSTERS, { location: "westeurope", properties }, now);
  const agents = { mode: "User", vmSize: "Standard_D4s_v5", count };
  azure.store.put(
    `${clusterId}/agentPools/agents`,
    `${CLUSTERS}/agentPools`,
    { properties: agents },
    now,
  );
}

describe("AmlAksCluster attaches", () => {
  it("a cluster that exists, and changes nothing about it", async () => {
    await withAzureStack({ program: program(clusterId) }, async (stack, azure) => {
      plantCluster(azure, 3);
      azure.faults.set([]);
      await expectSuccess(stack.up());
      assert.partialDeepStrictEqual(await stack.outputs(), {
        vCpus: 12,
        fqdn: "shared.hcp.westeurope.azmk8s.io",
      });
      assert.deepEqual(changingSteps(await stack.preview()), []);
      await expectSuccess(stack.destroy());
      const writes = azure.faults.calls.filter(({ method }) =>
        ["PUT", "PATCH", "DELETE"].includes(method),
      );
      assert.deepEqual(writes, []);
    });
  });

  it("none that is too small, or in another subscription: a sentence each", async () => {
    await withAzureStack({ program: program(clusterId) }, async (stack, azure) => {
      plantCluster(azure, 2);
      const small = await expectFailure(stack.up());
      assert.match(
        small.output,
        /FastProd needs at least 12 vCPUs on at least 3 nodes: 2 × Standard_D4s_v5 has 8 on 2/,
      );
      await stack.setProgram(program(clusterId.replace(SUBSCRIPTION, "another")));
      const other = await expectFailure(stack.up());
      assert.match(
        other.output,
        /existingClusterId is in subscription another, and this provider works in/,
      );
    });
  });
});
