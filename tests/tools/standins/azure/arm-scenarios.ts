/** For each rule of Resource Manager and of services other than AKS: something that is only so while it is on. */
import assert from "node:assert/strict";
import { groupId } from "./azure-clients";
import {
  AKS,
  NET,
  clusterId,
  identityId,
  role,
  guid,
  assignmentId,
  clusterBody,
  put,
  expectAccepted,
  expectRefused,
  refusesCluster,
  fills,
  withCluster,
  type Scenario,
} from "./scenario";

const RBAC = "api-version=2022-04-01";

export const armScenarios: Readonly<Record<string, Scenario>> = {
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
    const give = (properties: object) =>
      put(world, assignmentId, RBAC, {
        properties: { principalId: guid, roleDefinitionId: role, ...properties },
      });
    await give({});
    await expectAccepted(
      give({ description: "pulls models", roleDefinitionId: role.toUpperCase() }),
    );
    await expectRefused(give({ roleDefinitionId: `${role}0` }), "RoleAssignmentUpdateNotPermitted");
  },
  "assignment-name-taken": async (world) => {
    const body = { properties: { principalId: guid, roleDefinitionId: role } };
    await put(world, assignmentId, RBAC, body);
    await withCluster(world);
    await expectRefused(
      put(world, assignmentId.replace(groupId, clusterId), RBAC, body),
      "RoleAssignmentUpdateNotPermitted",
    );
  },
  "principal-type-right": async (world) => {
    const made = await put(world, identityId, "api-version=2023-01-31", { location: "westeurope" });
    const { principalId } = (made.body as { properties: { principalId: string } }).properties;
    const properties = { principalId, roleDefinitionId: role, principalType: "User" };
    await expectRefused(put(world, assignmentId, RBAC, { properties }), "UnmatchedPrincipalType");
  },
  "assignments-by-scope": async (world) => {
    const other = guid.replace("1111", "2111");
    const give = (id: string, principalId: string) =>
      put(world, id, RBAC, { properties: { principalId, roleDefinitionId: role } });
    await withCluster(world);
    await give(assignmentId, guid);
    await give(assignmentId.replace(groupId, clusterId).replace(guid, other), other);
    const list = async (scope: string, filter: string) => {
      const path = `${scope}/providers/Microsoft.Authorization/roleAssignments?${RBAC}`;
      const { body } = await world.clients.call("GET", `${path}&$filter=${encodeURI(filter)}`);
      const { value } = body as { value: { properties: { scope: string } }[] };
      return value.map(({ properties }) => properties.scope);
    };
    assert.deepEqual(await list(clusterId, ""), [groupId, clusterId]);
    assert.deepEqual(await list(clusterId, `principalId eq '${guid}'`), [groupId]);
    assert.deepEqual(await list(groupId, `assignedTo('${other}')`), [clusterId]);
    assert.deepEqual(await list(groupId, "atScope()"), [groupId]);
    assert.deepEqual(await list(groupId, `atScope() and principalId eq '${other}'`), []);
    assert.deepEqual(await list(identityId, `principalId eq '${other}'`), []);
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
  "identity-filled": fills(
    identityId,
    "api-version=2023-01-31",
    { location: "westeurope" },
    { properties: { tenantId: "6f1c3a52-0b1d-4a57-9d0e-3c1b5a7e9f10" } },
  ),
  "new-identity-new-principal": async (world) => {
    const version = "api-version=2023-01-31";
    const make = async () => {
      const { body } = await put(world, identityId, version, { location: "westeurope" });
      return (body as { properties: { principalId: string } }).properties.principalId;
    };
    const first = await make();
    assert.equal(await make(), first);
    await world.clients.call("DELETE", `${identityId}?${version}`);
    assert.notEqual(await make(), first);
  },
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
};
