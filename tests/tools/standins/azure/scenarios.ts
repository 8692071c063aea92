/** For each rule of the stand-in: something that is only so while the rule is on. */
import assert from "node:assert/strict";
import type { Azure } from "../../../../tools/standins/azure/start-azure";
import { type AzureClients, groupId } from "./azure-clients";

export interface World {
  readonly azure: Azure;
  readonly clients: AzureClients;
}

/** Passes while the rule is on, throws an assertion while it is off. */
export type Scenario = (world: World) => Promise<void>;

const AKS = "api-version=2025-09-01";
const ML = "api-version=2022-10-01";
const NET = "api-version=2024-05-01";
export const clusterId = `${groupId}/providers/Microsoft.ContainerService/managedClusters/prod`;
const workspaceId = `${groupId}/providers/Microsoft.MachineLearningServices/workspaces/ws`;
const computeId = `${workspaceId}/computes/aks-prod`;
const identityId = `${groupId}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id`;
const role = "/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/4d97b98b";
const guid = "11111111-2222-4333-8444-555555555555";
const assignmentId = `${groupId}/providers/Microsoft.Authorization/roleAssignments/${guid}`;

const systemPool = {
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

async function expectRefused(answer: Promise<{ status: number; body: unknown }>, code: string) {
  const { status, body } = await answer;
  assert.ok(status >= 400, `expected ${code}, got ${status}: ${JSON.stringify(body)}`);
  const error = (body as { error: { code: string } }).error;
  assert.equal(error.code, code, JSON.stringify(body));
}

function refusesCluster(code: string, properties: object, top: object = {}): Scenario {
  return async (world) =>
    expectRefused(put(world, clusterId, AKS, clusterBody(properties, top)), code);
}

function refusesClusterChange(code: string, properties: object): Scenario {
  return async (world) => {
    await put(world, clusterId, AKS, clusterBody());
    await expectRefused(put(world, clusterId, AKS, clusterBody(properties)), code);
  };
}

function refusesPool(code: string, properties: object, name = "agents"): Scenario {
  return async (world) => {
    await put(world, clusterId, AKS, clusterBody());
    await expectRefused(put(world, `${clusterId}/agentPools/${name}`, AKS, { properties }), code);
  };
}

/** What a resource looks like after a write, by the paths given. */
function fills(
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

const withCluster: Scenario = async (world) => {
  await put(world, clusterId, AKS, clusterBody());
};
const withWorkspace: Scenario = async (world) => {
  await withCluster(world);
  await put(world, workspaceId, ML, { location: "westeurope", properties: {} });
};
const kubernetesCompute = { properties: { computeType: "Kubernetes", resourceId: clusterId } };

/** A v1 compute from before Azure stopped making them: it can only be found, not made. */
function plantV1Compute({ azure }: World, properties: object = {}): void {
  azure.store.put(
    computeId,
    "Microsoft.MachineLearningServices/workspaces/computes",
    { properties: { computeType: "AKS", resourceId: clusterId, properties } },
    azure.clock.now(),
  );
}

export const scenarios: Readonly<Record<string, Scenario>> = {
  "api-version-required": ({ clients }) =>
    expectRefused(clients.call("GET", clusterId), "MissingApiVersionParameter"),
  "api-version-known": ({ clients }) =>
    expectRefused(
      clients.call("GET", `${clusterId}?api-version=1999-01-01`),
      "NoRegisteredProviderFound",
    ),
  "resource-group-exists": (world) =>
    expectRefused(
      put(world, clusterId.replace("/models/", "/other/"), AKS, clusterBody()),
      "ResourceGroupNotFound",
    ),
  "parent-exists": (world) =>
    expectRefused(
      put(world, `${clusterId}/agentPools/agents`, AKS, { properties: {} }),
      "ParentResourceNotFound",
    ),
  "location-given": refusesCluster("LocationRequired", {}, { location: undefined }),
  "location-exists": refusesCluster(
    "LocationNotAvailableForResourceType",
    {},
    { location: "atlantis" },
  ),
  "location-stays": async (world) => {
    await withCluster(world);
    await expectRefused(
      put(world, clusterId, AKS, clusterBody({}, { location: "northeurope" })),
      "InvalidResourceLocation",
    );
  },
  "if-match-holds": async (world) => {
    await withCluster(world);
    await expectRefused(
      world.clients.call("PUT", `${clusterId}?${AKS}`, clusterBody(), { "if-match": "stale" }),
      "PreconditionFailed",
    );
  },
  "cluster-busy": async ({ clients }) => {
    // Without `put()`: the first write is still at work.
    await clients.call("PUT", `${clusterId}?${AKS}`, clusterBody());
    await expectRefused(
      clients.call("PUT", `${clusterId}?${AKS}`, clusterBody()),
      "OperationNotAllowed",
    );
  },
  "compute-busy": async (world) => {
    await withWorkspace(world);
    await world.clients.call("PUT", `${computeId}?${ML}`, kubernetesCompute);
    await expectRefused(
      world.clients.call("DELETE", `${computeId}?${ML}&underlyingResourceAction=Detach`),
      "Conflict",
    );
  },
  "cluster-name-form": (world) =>
    expectRefused(put(world, `${clusterId}-`, AKS, clusterBody()), "InvalidParameter"),
  "cluster-identity-given": refusesCluster("InvalidParameter", {}, { identity: undefined }),
  "cluster-dns-prefix-given": refusesCluster("InvalidParameter", { dnsPrefix: undefined }),
  "cluster-has-system-pool": refusesCluster("InvalidParameter", {
    agentPoolProfiles: [{ ...systemPool, mode: "User" }],
  }),
  "kubernetes-version-offered": refusesCluster("K8sVersionNotSupported", {
    kubernetesVersion: "1.30.14",
  }),
  "kubernetes-upgrade-step": async (world) => {
    await put(world, clusterId, AKS, clusterBody({ kubernetesVersion: "1.33" }));
    await expectRefused(
      put(world, clusterId, AKS, clusterBody({ kubernetesVersion: "1.35" })),
      "OperationNotAllowed",
    );
  },
  "cluster-fixed-properties": refusesClusterChange("PropertyChangeNotAllowed", {
    dnsPrefix: "other",
  }),
  "private-cluster-ranges": refusesCluster("BadRequest", {
    apiServerAccessProfile: { enablePrivateCluster: true, authorizedIPRanges: ["203.0.113.0/24"] },
  }),
  "outbound-needs-subnet": refusesCluster("InvalidParameter", {
    networkProfile: { outboundType: "userDefinedRouting" },
  }),
  "pool-name-form": refusesPool("InvalidParameter", {}, "agents-and-more"),
  "pool-size-offered": refusesPool("VMSizeNotSupported", { vmSize: "Standard_Unheard_Of" }),
  "system-pool-large": refusesPool("InvalidParameter", { mode: "System", vmSize: "Standard_B1s" }),
  "pool-count-in-bounds": refusesPool("InvalidParameter", {
    enableAutoScaling: true,
    minCount: 3,
    maxCount: 5,
    count: 2,
  }),
  "pool-zones-offered": refusesPool("AvailabilityZoneNotSupported", { availabilityZones: ["4"] }),
  "spot-is-user-pool": refusesPool("InvalidParameter", {
    mode: "System",
    vmSize: "Standard_D4s_v5",
    scaleSetPriority: "Spot",
  }),
  "pool-fixed-properties": async (world) => {
    await withCluster(world);
    const pool = `${clusterId}/agentPools/agents`;
    await put(world, pool, AKS, { properties: { vmSize: "Standard_D4s_v5" } });
    await expectRefused(
      put(world, pool, AKS, { properties: { vmSize: "Standard_D8s_v5" } }),
      "PropertyChangeNotAllowed",
    );
  },
  "last-system-pool-stays": async (world) => {
    await withCluster(world);
    await expectRefused(
      world.clients.call("DELETE", `${clusterId}/agentPools/system?${AKS}`),
      "BadRequest",
    );
  },
  "service-range-free": async (world) => {
    const network = `${groupId}/providers/Microsoft.Network/virtualNetworks/net`;
    await put(world, network, NET, { location: "westeurope", properties: {} });
    const subnet = `${network}/subnets/nodes`;
    await put(world, subnet, NET, { properties: { addressPrefix: "10.0.1.0/24" } });
    await expectRefused(
      put(
        world,
        clusterId,
        AKS,
        clusterBody({ agentPoolProfiles: [{ ...systemPool, vnetSubnetID: subnet }] }),
      ),
      "ServiceCidrOverlapExistingSubnetsCidr",
    );
  },
  "dns-service-in-range": refusesCluster("InvalidParameter", {
    networkProfile: { serviceCidr: "10.1.0.0/16", dnsServiceIP: "10.2.0.10" },
  }),
  "subnet-exists": refusesPool("InvalidResourceReference", { vnetSubnetID: `${groupId}/nowhere` }),
  "assignment-name-is-guid": (world) =>
    expectRefused(
      put(world, assignmentId.replace(guid, "me"), "api-version=2022-04-01", {
        properties: { principalId: guid, roleDefinitionId: role },
      }),
      "InvalidRoleAssignmentId",
    ),
  "assignment-unique": async (world) => {
    const body = { properties: { principalId: guid, roleDefinitionId: role } };
    await put(world, assignmentId, "api-version=2022-04-01", body);
    await expectRefused(
      put(world, assignmentId.replace("11111111", "21111111"), "api-version=2022-04-01", body),
      "RoleAssignmentExists",
    );
  },
  "assignment-stays": async (world) => {
    const version = "api-version=2022-04-01";
    await put(world, assignmentId, version, {
      properties: { principalId: guid, roleDefinitionId: role },
    });
    await expectRefused(
      put(world, assignmentId, version, {
        properties: { principalId: guid, roleDefinitionId: `${role}0` },
      }),
      "RoleAssignmentUpdateNotPermitted",
    );
  },
  "principal-replicated": async ({ clients }) => {
    const made = await clients.call("PUT", `${identityId}?api-version=2023-01-31`, {
      location: "westeurope",
    });
    const { principalId } = (made.body as { properties: { principalId: string } }).properties;
    const give = (properties: object) =>
      clients.call("PUT", `${assignmentId}?api-version=2022-04-01`, {
        properties: { principalId, roleDefinitionId: role, ...properties },
      });
    await expectRefused(give({}), "PrincipalNotFound");
    assert.equal((await give({ principalType: "ServicePrincipal" })).status, 201);
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
  "patch-only-scales": async (world) => {
    await withWorkspace(world);
    await put(world, computeId, ML, kubernetesCompute);
    await expectRefused(world.clients.call("PATCH", `${computeId}?${ML}`, {}), "UserError");
  },
  "cluster-defaults": fills(clusterId, AKS, clusterBody(), {
    sku: { name: "Base", tier: "Free" },
    properties: { nodeResourceGroup: "MC_models_prod_westeurope", enableRBAC: true },
  }),
  "cluster-network-defaults": fills(clusterId, AKS, clusterBody(), {
    properties: { networkProfile: { serviceCidr: "10.0.0.0/16", loadBalancerSku: "standard" } },
  }),
  "cluster-version-defaults": fills(clusterId, AKS, clusterBody({ kubernetesVersion: "1.33" }), {
    properties: { kubernetesVersion: "1.33", currentKubernetesVersion: "1.33.8" },
  }),
  "cluster-identity-filled": fills(clusterId, AKS, clusterBody(), {
    identity: { tenantId: "6f1c3a52-0b1d-4a57-9d0e-3c1b5a7e9f10" },
  }),
  "oidc-issuer-filled": async (world) => {
    await put(world, clusterId, AKS, clusterBody({ oidcIssuerProfile: { enabled: true } }));
    const cluster = await world.clients.aks.managedClusters.get("models", "prod");
    assert.match(cluster.oidcIssuerProfile?.issuerURL ?? "", /^https:\/\/westeurope\.oic\./);
  },
  "pool-defaults": fills(
    `${clusterId}/agentPools/agents`,
    AKS,
    { properties: { vmSize: "Standard_D4s_v5" } },
    {
      properties: {
        osDiskSizeGB: 128,
        mode: "User",
        count: 1,
        upgradeSettings: { maxSurge: "10%" },
      },
    },
    withCluster,
  ),
  "spot-marks-filled": fills(
    `${clusterId}/agentPools/spot`,
    AKS,
    { properties: { scaleSetPriority: "Spot" } },
    {
      properties: {
        nodeTaints: ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"],
        nodeLabels: { "kubernetes.azure.com/scalesetpriority": "spot" },
      },
    },
    withCluster,
  ),
  "identity-filled": fills(
    identityId,
    "api-version=2023-01-31",
    { location: "westeurope" },
    { properties: { tenantId: "6f1c3a52-0b1d-4a57-9d0e-3c1b5a7e9f10" } },
  ),
  "assignment-filled": fills(
    assignmentId,
    "api-version=2022-04-01",
    { properties: { principalId: guid, roleDefinitionId: role } },
    { properties: { scope: groupId, principalType: "ServicePrincipal" } },
  ),
  "public-address-filled": fills(
    `${groupId}/providers/Microsoft.Network/publicIPAddresses/ip`,
    NET,
    { location: "westeurope", properties: { dnsSettings: { domainNameLabel: "score" } } },
    { properties: { dnsSettings: { fqdn: "score.westeurope.cloudapp.azure.com" } } },
  ),
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
  "token-required": ({ clients }) =>
    expectRefused(
      clients.call("GET", `${clusterId}?${AKS}`, undefined, { authorization: "" }),
      "AuthenticationFailed",
    ),
  "token-expires": async ({ azure, clients }) => {
    const token = azure.issueToken();
    azure.clock.advance(3601);
    await expectRefused(
      clients.call("GET", `${clusterId}?${AKS}`, undefined, { authorization: `Bearer ${token}` }),
      "ExpiredAuthenticationToken",
    );
  },
  "writes-throttled": async ({ clients }) => {
    const tag = (value: number) =>
      clients.call("PATCH", `${groupId}?api-version=2021-04-01`, {
        tags: { value: String(value) },
      });
    let last = await tag(0);
    for (let count = 1; count <= 200 && last.status === 200; count++) last = await tag(count);
    assert.equal(last.status, 429);
    assert.equal(last.headers["retry-after"], "0");
    assert.equal((await tag(0)).status, 200);
  },
  "work-takes-time": async ({ clients }) => {
    const first = await clients.call("PUT", `${clusterId}?${AKS}`, clusterBody());
    assert.equal(first.status, 201);
    assert.match(String(first.headers["azure-asyncoperation"]), /operations/);
    assert.partialDeepStrictEqual(first.body, { properties: { provisioningState: "Creating" } });
    const poller = clients.aks.agentPools.createOrUpdate("models", "prod", "agents", {});
    await assert.rejects(poller.pollUntilDone(), /in progress create operation/);
  },
  "new-resource-unknown": async ({ clients }) => {
    const version = "api-version=2023-01-31";
    await clients.call("PUT", `${identityId}?${version}`, { location: "westeurope" });
    await expectRefused(clients.call("GET", `${identityId}?${version}`), "ResourceNotFound");
    assert.equal((await clients.call("GET", `${identityId}?${version}`)).status, 200);
  },
  "list-lags": async ({ azure, clients }) => {
    const list = async () => {
      const path = `${groupId}/providers/Microsoft.ManagedIdentity/userAssignedIdentities`;
      const { body } = await clients.call("GET", `${path}?api-version=2023-01-31`);
      return (body as { value: unknown[] }).value.length;
    };
    await clients.call("PUT", `${identityId}?api-version=2023-01-31`, { location: "westeurope" });
    assert.equal(await list(), 0);
    azure.clock.advance(10);
    assert.equal(await list(), 1);
  },
  "omitted-pools-stay": async (world) => {
    await withCluster(world);
    await put(world, `${clusterId}/agentPools/agents`, AKS, { properties: {} });
    await put(world, clusterId, AKS, clusterBody({}, { tags: { team: "ml" } }));
    const cluster = await world.clients.aks.managedClusters.get("models", "prod");
    assert.deepEqual(cluster.agentPoolProfiles?.map((pool) => pool.name).sort(), [
      "agents",
      "system",
    ]);
  },
  "inline-edit-touches-all-pools": async (world) => {
    await withCluster(world);
    await put(world, `${clusterId}/agentPools/agents`, AKS, { properties: {} });
    const edited = clusterBody({ agentPoolProfiles: [{ ...systemPool, count: 2 }] });
    await world.clients.call("PUT", `${clusterId}?${AKS}`, edited);
    const pool = await world.clients.aks.agentPools.get("models", "prod", "agents");
    assert.equal(pool.provisioningState, "Updating");
  },
  "entra-kubeconfig": async (world) => {
    await put(world, clusterId, AKS, clusterBody({ aadProfile: { managed: true } }));
    const list = await world.clients.aks.managedClusters.listClusterUserCredentials(
      "models",
      "prod",
    );
    const kubeconfig = Buffer.from(list.kubeconfigs?.[0]?.value ?? []).toString();
    assert.match(kubeconfig, /command: kubelogin[\s\S]*devicecode/);
  },
  "static-credentials-refused": async (world) => {
    await put(world, clusterId, AKS, clusterBody({ disableLocalAccounts: true }));
    await expectRefused(
      world.clients.call("POST", `${clusterId}/listClusterAdminCredential?${AKS}`),
      "BadRequest",
    );
  },
};
