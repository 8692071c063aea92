/** For each of AKS's rules: something that is only so while the rule is on. */
import assert from "node:assert/strict";
import { groupId } from "./azure-clients";
import {
  AKS,
  NET,
  clusterId,
  systemPool,
  clusterBody,
  put,
  expectRefused,
  refusesClusterChange,
  refusesCluster,
  refusesPool,
  fills,
  withCluster,
  type Scenario,
} from "./scenario";

export const aksScenarios: Readonly<Record<string, Scenario>> = {
  "cluster-busy": async ({ clients }) => {
    // Without `put()`: the first write is still at work.
    await clients.call("PUT", `${clusterId}?${AKS}`, clusterBody());
    await expectRefused(
      clients.call("PUT", `${clusterId}?${AKS}`, clusterBody()),
      "OperationNotAllowed",
    );
  },
  "cluster-name-form": (world) =>
    expectRefused(put(world, `${clusterId}-`, AKS, clusterBody()), "InvalidParameter"),
  "cluster-identity-given": refusesCluster("InvalidParameter", {}, { identity: undefined }),
  "cluster-dns-prefix-given": refusesCluster("InvalidParameter", { dnsPrefix: undefined }),
  "cluster-has-system-pool": refusesCluster("InvalidParameter", {
    agentPoolProfiles: [{ ...systemPool, mode: "User" }],
  }),
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
  "pools-in-one-network": async (world) => {
    const network = `${groupId}/providers/Microsoft.Network/virtualNetworks/net`;
    await put(world, network, NET, { location: "westeurope", properties: {} });
    const subnet = `${network}/subnets/nodes`;
    await put(world, subnet, NET, { properties: { addressPrefix: "10.9.1.0/24" } });
    await withCluster(world);
    const properties = { vmSize: "Standard_D4s_v5", vnetSubnetID: subnet };
    await expectRefused(
      put(world, `${clusterId}/agentPools/agents`, AKS, { properties }),
      "InvalidParameter",
    );
  },
  "last-system-pool-stays": async (world) => {
    await withCluster(world);
    await expectRefused(
      world.clients.call("DELETE", `${clusterId}/agentPools/system?${AKS}`),
      "BadRequest",
    );
    await expectRefused(
      put(world, `${clusterId}/agentPools/system`, AKS, { properties: { mode: "User" } }),
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
  "subnet-exists": refusesCluster("InvalidResourceReference", {
    agentPoolProfiles: [{ ...systemPool, vnetSubnetID: `${groupId}/nowhere` }],
  }),
  "cluster-defaults": fills(clusterId, AKS, clusterBody(), {
    sku: { name: "Base", tier: "Free" },
    properties: { nodeResourceGroup: "MC_models_prod_westeurope", enableRBAC: true },
  }),
  "cluster-network-defaults": fills(clusterId, AKS, clusterBody(), {
    properties: { networkProfile: { serviceCidr: "10.0.0.0/16", loadBalancerSku: "standard" } },
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
  "aks-ids-lower-case": async (world) => {
    await withCluster(world);
    const { body } = await world.clients.call("GET", `${clusterId}?${AKS}`);
    const expected = clusterId.replace("resourceGroups", "resourcegroups");
    assert.equal((body as { id: string }).id, expected);
  },
  "locations-normalized": fills(clusterId, AKS, clusterBody({}, { location: "West Europe" }), {
    location: "westeurope",
    properties: { nodeResourceGroup: "MC_models_prod_westeurope" },
  }),
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
