/** For each of AKS's rules about the properties of clusters and pools: something that is only so while the rule is on. */
import { groupId } from "./azure-clients";
import {
  AKS,
  assignmentId,
  clusterBody,
  clusterId,
  expectAccepted,
  expectRefused,
  fills,
  identityId,
  NET,
  put,
  refusesCluster,
  refusesPool,
  type Scenario,
  systemPool,
  type World,
  withCluster,
} from "./scenario";

const IDENTITY = "api-version=2023-01-31";
const zoneId = `${groupId}/providers/Microsoft.Network/privateDnsZones/privatelink.westeurope.azmk8s.io`;
const kubeletId = identityId.replace(/id$/, "kubelet");
const asIdentity = {
  identity: { type: "UserAssigned", userAssignedIdentities: { [identityId]: {} } },
};
const kubelet = { identityProfile: { kubeletidentity: { resourceId: kubeletId } } };

function privateWith(privateDNSZone: string) {
  return { apiServerAccessProfile: { enablePrivateCluster: true, privateDNSZone } };
}

/** Makes the cluster's identity, and gives it a role at a scope. */
async function giveRole(world: World, scope: string, role: string): Promise<void> {
  const { body } = await world.clients.call("GET", `${identityId}?${IDENTITY}`);
  const { principalId } = (body as { properties: { principalId: string } }).properties;
  const roleDefinitionId = `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${role}`;
  await put(world, assignmentId.replace(groupId, scope), "api-version=2022-04-01", {
    properties: { principalId, roleDefinitionId, principalType: "ServicePrincipal" },
  });
}

async function makeIdentities(world: World): Promise<void> {
  for (const id of [identityId, kubeletId]) {
    await put(world, id, IDENTITY, { location: "westeurope" });
    // The first read of a new identity finds nothing.
    await world.clients.call("GET", `${id}?${IDENTITY}`);
  }
}

/** A cluster that goes out by what stands on its subnet. */
function outboundOn(part: string, outboundType: string, code: string): Scenario {
  return async (world) => {
    const network = `${groupId}/providers/Microsoft.Network/virtualNetworks/net`;
    const subnet = `${network}/subnets/nodes`;
    await put(world, network, NET, { location: "westeurope", properties: {} });
    const withSubnet = (properties: object) =>
      put(world, subnet, NET, { properties: { addressPrefix: "10.9.1.0/24", ...properties } });
    const body = clusterBody({
      networkProfile: { outboundType },
      agentPoolProfiles: [{ ...systemPool, vnetSubnetID: subnet }],
    });
    await withSubnet({});
    await expectRefused(put(world, clusterId, AKS, body), code);
    await withSubnet({ [part]: { id: `${groupId}/${part}` } });
    await expectAccepted(put(world, clusterId, AKS, body));
  };
}

export const propertyScenarios: Readonly<Record<string, Scenario>> = {
  "cilium-policy-with-dataplane": async (world) => {
    const create = (networkProfile: object) =>
      put(world, clusterId, AKS, clusterBody({ networkProfile }));
    await expectRefused(create({ networkDataplane: "cilium" }), "BadRequest");
    await expectRefused(create({ networkPolicy: "cilium" }), "NetworkPolicyNotSupported");
    await expectAccepted(create({ networkDataplane: "cilium", networkPolicy: "cilium" }));
  },
  "network-moves-one-way": async (world) => {
    const write = (networkProfile: object) =>
      put(world, clusterId, AKS, clusterBody({ networkProfile }));
    await write({ networkPlugin: "kubenet" });
    const overlay = { networkPlugin: "azure", networkPluginMode: "overlay" };
    await expectRefused(write({ networkPlugin: "azure" }), "PropertyChangeNotAllowed");
    await expectAccepted(write(overlay));
    await expectRefused(write({ networkPlugin: "kubenet" }), "PropertyChangeNotAllowed");
  },
  "private-dns-zone-form": async (world) => {
    const create = (zone: string, top: object = {}) =>
      put(world, clusterId, AKS, clusterBody(privateWith(zone), top));
    await expectRefused(create("anything"), "InvalidParameter");
    await expectRefused(create(zoneId.replace("west", "north"), asIdentity), "InvalidParameter");
    await expectRefused(create(zoneId), "InvalidParameter");
    await expectAccepted(create("none"));
  },
  "private-dns-zone-stays": async (world) => {
    await put(world, clusterId, AKS, clusterBody(privateWith("system")));
    const change = (zone: string) =>
      put(world, clusterId, AKS, clusterBody(privateWith(zone), asIdentity));
    await expectRefused(change(zoneId), "PropertyChangeNotAllowed");
    await expectAccepted(change("none"));
  },
  "private-dns-zone-right": async (world) => {
    await makeIdentities(world);
    const create = () => put(world, clusterId, AKS, clusterBody(privateWith(zoneId), asIdentity));
    await expectRefused(create(), "CustomPrivateDNSZoneMissingPermissionError");
    await giveRole(world, groupId, "b12aa53e-6015-4669-85d0-8515ebb3ae7f");
    await expectAccepted(create());
  },
  "kubelet-identity-for-own": refusesCluster(
    "CustomKubeletIdentityOnlySupportedOnUserAssignedMSICluster",
    kubelet,
  ),
  "kubelet-identity-right": async (world) => {
    await makeIdentities(world);
    const create = () => put(world, clusterId, AKS, clusterBody(kubelet, asIdentity));
    await expectRefused(create(), "CustomKubeletIdentityMissingPermissionError");
    await giveRole(world, kubeletId, "f1a07417-d97a-45cb-824c-7a7467783830");
    await expectAccepted(create());
  },
  "outbound-on-subnet": async (world) => {
    await outboundOn(
      "routeTable",
      "userDefinedRouting",
      "ExistingRouteTableNotAssociatedWithSubnet",
    )(world);
    await world.clients.call("DELETE", `${clusterId}?${AKS}`);
    world.azure.clock.advance(3600);
    await outboundOn("natGateway", "userAssignedNATGateway", "BadRequest")(world);
  },
  "long-term-needs-premium": async (world) => {
    const longTerm = { supportPlan: "AKSLongTermSupport" };
    await expectRefused(put(world, clusterId, AKS, clusterBody(longTerm)), "BadRequest");
    const premium = { sku: { name: "Base", tier: "Premium" } };
    await expectAccepted(put(world, clusterId, AKS, clusterBody(longTerm, premium)));
  },
  "autoscaler-profile-form": async (world) => {
    const write = (autoScalerProfile: object) =>
      put(world, clusterId, AKS, clusterBody({ autoScalerProfile }));
    await expectRefused(write({ "scale-down-unneeded-time": "90s" }), "InvalidParameter");
    await expectRefused(write({ scaleDownUnneededTime: "9m" }), "InvalidParameter");
    await expectAccepted(write({ "scale-down-unneeded-time": "9m", expander: "priority" }));
  },
  "ranges-large-enough": async (world) => {
    const overlay = { networkPlugin: "azure", networkPluginMode: "overlay" };
    const create = (networkProfile: object, pool: object = {}) =>
      put(
        world,
        clusterId,
        AKS,
        clusterBody({ networkProfile, agentPoolProfiles: [{ ...systemPool, ...pool }] }),
      );
    // Two nodes, since an upgrade adds one: 512 addresses.
    await expectRefused(create({ ...overlay, podCidr: "10.240.0.0/24" }), "InsufficientSubnetSize");
    const network = `${groupId}/providers/Microsoft.Network/virtualNetworks/net`;
    const vnetSubnetID = `${network}/subnets/nodes`;
    await put(world, network, NET, { location: "westeurope", properties: {} });
    await put(world, vnetSubnetID, NET, { properties: { addressPrefix: "10.9.1.0/28" } });
    await expectRefused(
      create({ networkPlugin: "azure" }, { vnetSubnetID }),
      "InsufficientSubnetSize",
    );
    await expectAccepted(create({ ...overlay, podCidr: "10.240.0.0/20" }, { vnetSubnetID }));
    const scaled = { enableAutoScaling: true, minCount: 1, maxCount: 9, count: 1 };
    await expectRefused(
      put(world, `${clusterId}/agentPools/agents`, AKS, {
        properties: { vnetSubnetID, ...scaled },
      }),
      "InsufficientSubnetSize",
    );
  },
  "pod-range-free": refusesCluster("NetworkProfileCIDROverlapVNET", {
    networkProfile: { podCidr: "10.0.128.0/17" },
  }),
  "node-group-form": refusesCluster("InvalidParameter", { nodeResourceGroup: "n".repeat(81) }),
  "autoscaler-defaults": fills(
    clusterId,
    AKS,
    clusterBody({ autoScalerProfile: { expander: "priority" } }),
    { properties: { autoScalerProfile: { expander: "priority", "scan-interval": "10s" } } },
  ),
  "pool-count-range": async (world) => {
    await refusesPool("InvalidParameter", { count: 1001 })(world);
    const scaled = { enableAutoScaling: true, count: 1, minCount: 0, maxCount: 3 };
    const agentPoolProfiles = [{ ...systemPool, ...scaled }];
    const change = clusterBody({ agentPoolProfiles });
    await expectRefused(put(world, clusterId, AKS, change), "InvalidParameter");
  },
  "pool-taint-form": refusesPool("InvalidParameter", { nodeTaints: ["sku=gpu"] }),
  "system-pool-taints": async (world) => {
    await withCluster(world);
    const write = (taint: string) =>
      put(world, `${clusterId}/agentPools/more`, AKS, {
        properties: { mode: "System", vmSize: "Standard_D4s_v5", nodeTaints: [taint] },
      });
    await expectRefused(write("sku=gpu:NoSchedule"), "SystemPoolHasRestrictedTaint");
    await expectAccepted(write("CriticalAddonsOnly=true:NoSchedule"));
  },
  "pool-upgrade-settings": async (world) => {
    await withCluster(world);
    const write = (upgradeSettings: object) =>
      put(world, `${clusterId}/agentPools/agents`, AKS, { properties: { upgradeSettings } });
    await expectRefused(write({ drainTimeoutInMinutes: 0 }), "InvalidParameter");
    await expectRefused(write({ nodeSoakDurationInMinutes: 31 }), "InvalidParameter");
    await expectRefused(write({ maxSurge: "a third" }), "InvalidParameter");
    await expectRefused(write({ maxSurge: "1", maxUnavailable: "1" }), "InvalidParameter");
    await expectAccepted(write({ maxSurge: "33%", drainTimeoutInMinutes: 1440 }));
  },
  "pool-max-pods": refusesPool("InvalidParameter", { maxPods: 9 }),
  "windows-is-user-pool": refusesPool("InvalidParameter", { osType: "Windows" }, "windows"),
  "system-pool-runs": async (world) => {
    await withCluster(world);
    await expectRefused(
      put(world, `${clusterId}/agentPools/system`, AKS, {
        properties: { powerState: { code: "Stopped" } },
      }),
      "OperationNotAllowed",
    );
  },
};
