/** What the scenarios of the stand-in's rules have in common. */
import assert from "node:assert/strict";
import type { Azure } from "../../../../tools/standins/azure/start-azure";
import { type AzureClients, groupId } from "./azure-clients";

export interface World {
  readonly azure: Azure;
  readonly clients: AzureClients;
}

/** Passes while the rule is on, throws an assertion while it is off. */
export type Scenario = (world: World) => Promise<void>;

export const AKS = "api-version=2025-09-01";
export const ML = "api-version=2022-10-01";
export const NET = "api-version=2024-05-01";
export const clusterId = `${groupId}/providers/Microsoft.ContainerService/managedClusters/prod`;
export const workspaceId = `${groupId}/providers/Microsoft.MachineLearningServices/workspaces/ws`;
export const computeId = `${workspaceId}/computes/aks-prod`;
export const identityId = `${groupId}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id`;
export const role = "/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/4d97b98b";
export const guid = "11111111-2222-4333-8444-555555555555";
export const assignmentId = `${groupId}/providers/Microsoft.Authorization/roleAssignments/${guid}`;

export const systemPool = {
  name: "system",
  mode: "System",
  count: 1,
  vmSize: "Standard_D2s_v5",
};

/** The smallest body that AKS takes, with `properties` laid over it. */
export function clusterBody(properties: object = {}, top: object = {}) {
  return {
    location: "westeurope",
    identity: { type: "SystemAssigned" },
    properties: { dnsPrefix: "prod", agentPoolProfiles: [systemPool], ...properties },
    ...top,
  };
}

/** Writes a resource and lets its work end. */
export async function put({ azure, clients }: World, id: string, version: string, body: unknown) {
  const result = await clients.call("PUT", `${id}?${version}`, body);
  azure.clock.advance(3600);
  return result;
}

export async function expectRefused(
  answer: Promise<{ status: number; body: unknown }>,
  code: string,
) {
  const { status, body } = await answer;
  assert.ok(status >= 400, `expected ${code}, got ${status}: ${JSON.stringify(body)}`);
  const error = (body as { error: { code: string } }).error;
  assert.equal(error.code, code, JSON.stringify(body));
}

export async function expectAccepted(answer: Promise<{ status: number; body: unknown }>) {
  const { status, body } = await answer;
  assert.ok(status < 400, `expected success, got ${status}: ${JSON.stringify(body)}`);
}

export function refusesCluster(code: string, properties: object, top: object = {}): Scenario {
  return async (world) =>
    expectRefused(put(world, clusterId, AKS, clusterBody(properties, top)), code);
}

export function refusesClusterChange(code: string, properties: object): Scenario {
  return async (world) => {
    await put(world, clusterId, AKS, clusterBody());
    await expectRefused(put(world, clusterId, AKS, clusterBody(properties)), code);
  };
}

export function refusesPool(code: string, properties: object, name = "agents"): Scenario {
  return async (world) => {
    await put(world, clusterId, AKS, clusterBody());
    await expectRefused(put(world, `${clusterId}/agentPools/${name}`, AKS, { properties }), code);
  };
}

/** What a resource looks like after a write, by the paths given. */
export function fills(
  id: string,
  version: string,
  body: unknown,
  expected: object,
  before?: Scenario,
): Scenario {
  return async (world) => {
    await before?.(world);
    await put(world, id, version, body);
    await world.clients.call("GET", `${id}?${version}`);
    const { body: seen } = await world.clients.call("GET", `${id}?${version}`);
    assert.partialDeepStrictEqual(seen, expected);
  };
}

export const withCluster: Scenario = async (world) => {
  await put(world, clusterId, AKS, clusterBody());
};
export const withWorkspace: Scenario = async (world) => {
  await withCluster(world);
  await put(world, workspaceId, ML, { location: "westeurope", properties: {} });
};
export const kubernetesCompute = {
  properties: { computeType: "Kubernetes", resourceId: clusterId },
};

/** A v1 compute from before Azure stopped making them: it can only be found, not made. */
export function plantV1Compute({ azure }: World, properties: object = {}): void {
  azure.store.put(
    computeId,
    "Microsoft.MachineLearningServices/workspaces/computes",
    { properties: { computeType: "AKS", resourceId: clusterId, properties } },
    azure.clock.now(),
  );
}
