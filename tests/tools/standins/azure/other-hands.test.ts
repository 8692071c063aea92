// What AKS, policies and colleagues do in the stand-in Azure beside the caller, and what the stand-in remembers of calls.
import assert from "node:assert/strict";
import { type Azure, startAzure, valueAt } from "../../../../tools/standins/azure";
import { connectClients, createGroup } from "./azure-clients";
import { AKS, clusterBody, clusterId, put, systemPool, type World } from "./scenario";

const agentsId = `${clusterId}/agentPools/agents`;
const scaled = { enableAutoScaling: true, minCount: 1, maxCount: 9, count: 3 };

/** A cluster on 1.33 with autoscaled agents. */
async function withWorld(story: (world: World) => Promise<void> | void): Promise<void> {
  const azure = await startAzure();
  try {
    const world = { azure, clients: connectClients(azure) };
    await createGroup(world.clients);
    await put(world, clusterId, AKS, clusterBody({ kubernetesVersion: "1.33" }));
    await put(world, agentsId, AKS, { properties: { vmSize: "Standard_D4s_v5", ...scaled } });
    await story(world);
  } finally {
    await azure.close();
  }
}

function seen(azure: Azure, id: string, path: string): unknown {
  return valueAt(azure.store.get(id)?.body, path);
}

describe("In the stand-in Azure, others", () => {
  it("scale an autoscaled pool within its bounds", () =>
    withWorld(({ azure }) => {
      azure.others.scaleByAutoscaler(agentsId, 8);
      assert.equal(seen(azure, agentsId, "properties.count"), 8);
      assert.throws(() => azure.others.scaleByAutoscaler(agentsId, 10), /bounds 1 to 9/);
      const systemId = `${clusterId}/agentPools/system`;
      assert.throws(() => azure.others.scaleByAutoscaler(systemId, 2), /enableAutoScaling false/);
    }));

  it("upgrade a cluster and its pools, one minor at a time", () =>
    withWorld(({ azure }) => {
      azure.others.upgradeByAks(clusterId, "1.34", "control-plane");
      assert.equal(seen(azure, clusterId, "properties.kubernetesVersion"), "1.34.4");
      assert.equal(seen(azure, agentsId, "properties.currentOrchestratorVersion"), "1.33.8");
      assert.throws(() => azure.others.upgradeByAks(clusterId, "1.33"), /from 1.34.4 to 1.33/);
      azure.others.upgradeByAks(clusterId, "1.35.0");
      assert.equal(seen(azure, clusterId, "properties.currentKubernetesVersion"), "1.35.0");
      assert.equal(seen(azure, agentsId, "properties.currentOrchestratorVersion"), "1.35.0");
      azure.others.upgradeNodeImage(agentsId, "newer");
      assert.equal(seen(azure, agentsId, "properties.nodeImageVersion"), "newer");
    }));

  it("keep a version that was asked for as a minor", () =>
    withWorld(({ azure }) => {
      azure.store.put(
        clusterId,
        "Microsoft.ContainerService/managedClusters",
        { properties: { kubernetesVersion: "1.33", currentKubernetesVersion: "1.33.6" } },
        azure.clock.now(),
      );
      azure.others.upgradeByAks(clusterId, "1.33", "control-plane");
      assert.equal(seen(azure, clusterId, "properties.kubernetesVersion"), "1.33");
      assert.equal(seen(azure, clusterId, "properties.currentKubernetesVersion"), "1.33.8");
    }));

  it("tag by a policy, and edit, stop and delete under the rules for everybody", () =>
    withWorld(({ azure }) => {
      azure.others.edit(clusterId, "tags", { team: "ml" });
      azure.others.tagByPolicy(clusterId, { cost: "7" });
      assert.deepEqual(seen(azure, clusterId, "tags"), { team: "ml", cost: "7" });
      azure.others.tagByPolicy(agentsId, { cost: "7" });
      assert.deepEqual(seen(azure, agentsId, "properties.tags"), { cost: "7" });
      azure.others.edit(clusterId, "tags", { team: "ml" });
      assert.deepEqual(seen(azure, agentsId, "properties.tags"), { cost: "7" });
      azure.others.stopPool(agentsId);
      assert.equal(seen(azure, agentsId, "properties.powerState.code"), "Stopped");
      azure.others.startPool(agentsId);
      assert.equal(seen(azure, agentsId, "properties.powerState.code"), "Running");
      assert.throws(
        () => azure.others.edit(agentsId, "properties.vmSize", "Standard_D8s_v5"),
        /PropertyChangeNotAllowed/,
      );
      azure.others.remove(agentsId);
      assert.equal(azure.store.get(agentsId), undefined);
    }));

  it("are not among the writes that callers asked for", () =>
    withWorld(async ({ azure, clients }) => {
      azure.writes.clear();
      azure.others.edit(clusterId, "tags", { team: "ml" });
      const tags = { team: "other" };
      await put({ azure, clients }, clusterId, AKS, clusterBody({}, { tags }));
      await clients.call("DELETE", `${agentsId}?${AKS}`);
      assert.deepEqual(
        azure.writes.all.map(({ method, id, status }) => [method, id, status]),
        [
          ["PUT", clusterId, 200],
          ["DELETE", agentsId, 202],
        ],
      );
      const [write] = azure.writes.of(clusterId.toUpperCase());
      assert.deepEqual(valueAt(write?.body, "properties.agentPoolProfiles"), [systemPool]);
    }));
});
