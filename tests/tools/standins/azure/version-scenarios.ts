/** For each of AKS's rules about Kubernetes versions: something that is only so while the rule is on. */
import assert from "node:assert/strict";
import { objectsAt, valueAt } from "../../../../tools/standins/azure";
import {
  AKS,
  clusterBody,
  clusterId,
  expectAccepted,
  expectRefused,
  put,
  refusesCluster,
  refusesPool,
  type Scenario,
  systemPool,
  type World,
  withCluster,
} from "./scenario";

const agentsId = `${clusterId}/agentPools/agents`;

/** Writes the cluster with another version of its control plane, and with what is asked of its system pool. */
function upgrade(world: World, kubernetesVersion: string, pool: object = {}) {
  const agentPoolProfiles = [{ ...systemPool, ...pool }];
  return put(world, clusterId, AKS, clusterBody({ kubernetesVersion, agentPoolProfiles }));
}

function putAgents(world: World, properties: object = {}) {
  return put(world, agentsId, AKS, { properties: { vmSize: "Standard_D4s_v5", ...properties } });
}

/** What runs: the control plane's version, and each pool's. */
async function runningVersions({ clients }: World): Promise<Record<string, unknown>> {
  const { body } = await clients.call("GET", `${clusterId}?${AKS}`);
  const versions: Record<string, unknown> = {
    cluster: valueAt(body, "properties.currentKubernetesVersion"),
  };
  for (const pool of objectsAt(body, "properties.agentPoolProfiles")) {
    versions[String(pool["name"])] = pool["currentOrchestratorVersion"];
  }
  return versions;
}

export const versionScenarios: Readonly<Record<string, Scenario>> = {
  "kubernetes-version-offered": refusesCluster("K8sVersionNotSupported", {
    kubernetesVersion: "1.30.14",
  }),
  "kubernetes-upgrade-step": async (world) => {
    await upgrade(world, "1.33");
    await expectRefused(upgrade(world, "1.35"), "OperationNotAllowed");
    await expectAccepted(upgrade(world, "1.34.2"));
    await expectRefused(upgrade(world, "1.33.8"), "OperationNotAllowed");
  },
  "pool-version-offered": refusesPool("AgentPoolK8sVersionNotSupported", {
    orchestratorVersion: "1.30.14",
  }),
  "inline-versions-together": async (world) => {
    await upgrade(world, "1.33", { orchestratorVersion: "1.33" });
    const code = "NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged";
    // A pool goes with its control plane or stays: a version of its own comes from its own call.
    await expectRefused(upgrade(world, "1.34", { orchestratorVersion: "1.33.6" }), code);
    await expectAccepted(upgrade(world, "1.34", { orchestratorVersion: "1.33" }));
    await expectAccepted(upgrade(world, "1.34", { orchestratorVersion: "1.34" }));
  },
  "pool-upgrade-step": async (world) => {
    await upgrade(world, "1.33");
    await putAgents(world);
    await upgrade(world, "1.34");
    await upgrade(world, "1.35");
    const code = "AgentPoolUpgradeVersionNotAllowed";
    await expectRefused(putAgents(world, { orchestratorVersion: "1.35" }), code);
    await expectAccepted(putAgents(world, { orchestratorVersion: "1.34" }));
    await expectRefused(putAgents(world, { orchestratorVersion: "1.33" }), code);
  },
  "pool-behind-control-plane": refusesPool("NodePoolMcVersionIncompatible", {
    orchestratorVersion: "1.35",
  }),
  "pool-within-two-minors": async (world) => {
    const longTerm = { kubernetesVersion: "1.33", supportPlan: "AKSLongTermSupport" };
    await put(world, clusterId, AKS, clusterBody(longTerm, { sku: { tier: "Premium" } }));
    await expectRefused(
      putAgents(world, { orchestratorVersion: "1.30" }),
      "NodePoolMcVersionIncompatible",
    );
  },
  "cluster-version-defaults": async (world) => {
    await upgrade(world, "1.33");
    const cluster = await world.clients.aks.managedClusters.get("models", "prod");
    assert.equal(cluster.kubernetesVersion, "1.33");
    assert.equal(cluster.currentKubernetesVersion, "1.33.8");
  },
  "pool-version-follows": async (world) => {
    await upgrade(world, "1.33");
    await putAgents(world);
    await upgrade(world, "1.34");
    assert.deepEqual(await runningVersions(world), {
      ...{ cluster: "1.34.4", system: "1.33.8", agents: "1.33.8" },
    });
    await upgrade(world, "1.34", { orchestratorVersion: "1.34" });
    await putAgents(world, { orchestratorVersion: "1.34.2" });
    assert.deepEqual(await runningVersions(world), {
      ...{ cluster: "1.34.4", system: "1.34.4", agents: "1.34.2" },
    });
  },
  "upgrade-ends-later": async (world) => {
    await upgrade(world, "1.33");
    const agentPoolProfiles = [{ ...systemPool, orchestratorVersion: "1.34" }];
    const body = clusterBody({ kubernetesVersion: "1.34", agentPoolProfiles });
    const start = () => world.clients.call("PUT", `${clusterId}?${AKS}`, body);
    await start();
    assert.deepEqual(await runningVersions(world), { cluster: "1.33.8", system: "1.33.8" });
    world.azure.store.failRunning(clusterId, { status: 500, code: "Failed", message: "Failed." });
    world.azure.clock.advance(3600);
    assert.deepEqual(await runningVersions(world), { cluster: "1.33.8", system: "1.33.8" });
    // What failed is taken up again.
    await start();
    world.azure.clock.advance(3600);
    assert.deepEqual(await runningVersions(world), { cluster: "1.34.4", system: "1.34.4" });
  },
  "new-pool-refused": async (world) => {
    await withCluster(world);
    const agentPoolProfiles = [systemPool, { ...systemPool, name: "more" }];
    await expectRefused(
      put(world, clusterId, AKS, clusterBody({ agentPoolProfiles })),
      "BadRequest",
    );
  },
};
