/** For each rule of Azure ML's computes: something that is only so while it is on. */
import assert from "node:assert/strict";
import { COMPUTES } from "../../../../tools/standins/azure/core/compute-effects";
import { CLUSTERS } from "../../../../tools/standins/azure/core/cluster-bodies";
import { withValueAt } from "../../../../tools/standins/azure/core/json";
import {
  AKS,
  clusterBody,
  clusterId,
  computeId,
  expectRefused,
  kubernetesCompute,
  ML,
  plantV1Compute,
  put,
  type Scenario,
  withWorkspace,
  workspaceId,
} from "./scenario";

export const machineLearningScenarios: Readonly<Record<string, Scenario>> = {
  "compute-busy": async (world) => {
    await withWorkspace(world);
    await world.clients.call("PUT", `${computeId}?${ML}`, kubernetesCompute);
    await expectRefused(
      world.clients.call("DELETE", `${computeId}?${ML}&underlyingResourceAction=Detach`),
      "Conflict",
    );
  },
  "compute-name-form": async (world) => {
    await withWorkspace(world);
    await expectRefused(
      put(world, `${workspaceId}/computes/a`, ML, kubernetesCompute),
      "BadArgument",
    );
  },
  "new-v1-compute-refused": async (world) => {
    await withWorkspace(world);
    const body = { properties: { computeType: "AKS", resourceId: clusterId } };
    await expectRefused(put(world, computeId, ML, body), "UserError");
    plantV1Compute(world);
    assert.equal((await put(world, computeId, ML, body)).status, 200);
  },
  "compute-type-stays": async (world) => {
    await withWorkspace(world);
    plantV1Compute(world);
    await expectRefused(put(world, computeId, ML, kubernetesCompute), "UserError");
  },
  "attached-cluster-exists": async (world) => {
    await withWorkspace(world);
    const other = { properties: { ...kubernetesCompute.properties, resourceId: `${clusterId}2` } };
    await expectRefused(put(world, computeId, ML, other), "UserError");
  },
  "attached-cluster-stays": async (world) => {
    await withWorkspace(world);
    await put(world, `${clusterId}2`, AKS, clusterBody());
    await put(world, computeId, ML, kubernetesCompute);
    const other = { properties: { ...kubernetesCompute.properties, resourceId: `${clusterId}2` } };
    await expectRefused(put(world, computeId, ML, other), "Conflict");
  },
  "detach-or-delete-said": async (world) => {
    await withWorkspace(world);
    await put(world, computeId, ML, kubernetesCompute);
    await expectRefused(world.clients.call("DELETE", `${computeId}?${ML}`), "BadArgument");
  },
  "attached-cluster-not-deleted": async (world) => {
    await withWorkspace(world);
    await put(world, computeId, ML, kubernetesCompute);
    const url = `${computeId}?${ML}&underlyingResourceAction=Delete`;
    await expectRefused(world.clients.call("DELETE", url), "UserError");
  },
  "created-cluster-deleted": async (world) => {
    await withWorkspace(world);
    for (const [action, left] of [
      ["Detach", 1],
      ["Delete", 0],
    ] as const) {
      plantV1Compute(world);
      const { body = {} } = world.azure.store.get(computeId) ?? {};
      const created = withValueAt(body, "properties.isAttachedCompute", false);
      world.azure.store.put(computeId, COMPUTES, created, world.azure.clock.now());
      const url = `${computeId}?${ML}&underlyingResourceAction=${action}`;
      await world.clients.call("DELETE", url);
      world.azure.clock.advance(3600);
      await world.clients.call("GET", `${clusterId}?${AKS}`);
      assert.equal(world.azure.store.list(CLUSTERS).length, left, action);
    }
  },
  "lists-paged": async (world) => {
    await withWorkspace(world);
    const names = [..."abcdefg"].map((letter) => `compute-${letter}`);
    for (const name of names) {
      world.azure.store.put(`${workspaceId}/computes/${name}`, COMPUTES, {}, 0);
    }
    const { body } = await world.clients.call("GET", `${workspaceId}/computes?${ML}`);
    assert.equal((body as { value: unknown[] }).value.length, 5);
    const seen: (string | undefined)[] = [];
    for await (const each of world.clients.ml.computeOperations.list("models", "ws")) {
      seen.push(each.name);
    }
    assert.deepEqual(seen, names);
  },
  "busy-compute-says-when": async (world) => {
    await withWorkspace(world);
    await world.clients.call("PUT", `${computeId}?${ML}`, kubernetesCompute);
    const nowMs = world.azure.clock.now();
    const { headers } = await world.clients.call("GET", `${computeId}?${ML}`);
    assert.equal(headers["retry-after"], "0");
    assert.equal(world.azure.clock.now(), nowMs + 20_000);
  },
  "second-attachment-breaks-first": async (world) => {
    await withWorkspace(world);
    await put(world, computeId, ML, kubernetesCompute);
    await put(world, `${workspaceId}/computes/second`, ML, kubernetesCompute);
    const { body } = await world.clients.call("GET", `${computeId}?${ML}`);
    assert.partialDeepStrictEqual(body, { properties: { provisioningState: "Failed" } });
  },
  "patch-only-scales": async (world) => {
    await withWorkspace(world);
    await put(world, computeId, ML, kubernetesCompute);
    await expectRefused(world.clients.call("PATCH", `${computeId}?${ML}`, {}), "UserError");
  },
  "v1-compute-defaults": async (world) => {
    await withWorkspace(world);
    plantV1Compute(world);
    const body = { properties: { computeType: "AKS", resourceId: clusterId, properties: {} } };
    await put(world, computeId, ML, body);
    // Not through the client, whose mapper fills in the same.
    const { body: seen } = await world.clients.call("GET", `${computeId}?${ML}`);
    assert.partialDeepStrictEqual(seen, {
      properties: { properties: { clusterPurpose: "FastProd" } },
    });
  },
  "compute-defaults": async (world) => {
    await withWorkspace(world);
    await put(world, computeId, ML, kubernetesCompute);
    const { properties } = await world.clients.ml.computeOperations.get("models", "ws", "aks-prod");
    assert.equal(properties?.isAttachedCompute, true);
    assert.ok(properties.createdOn instanceof Date);
  },
  "compute-secrets-hidden": async (world) => {
    await withWorkspace(world);
    plantV1Compute(world, { sslConfiguration: { status: "Enabled", cert: "C", key: "K" } });
    const { body } = await world.clients.call("GET", `${computeId}?${ML}`);
    assert.partialDeepStrictEqual(body, {
      properties: {
        properties: { sslConfiguration: { status: "Enabled", cert: null, key: null } },
      },
    });
  },
};
