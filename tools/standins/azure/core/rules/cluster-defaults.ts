/** What AKS fills into a managed cluster when a caller leaves it out. */
import {
  type JsonObject,
  objectAt,
  objectsAt,
  textAt,
  valueAt,
  withDefaults,
  withValueAt,
} from "../json";
import { guidOf, TENANT_ID } from "../made-up-ids";
import { compareVersions, defaultKubernetesVersion } from "../regions";
import type { Filling, Situation } from "../rule";
import { meantVersion } from "./kubernetes-versions";

const CLUSTERS = "Microsoft.ContainerService/managedClusters";
const REST = "learn.microsoft.com/rest/api/aks/managed-clusters/get, sample answers";

function nodeGroup({ request }: Situation, body: JsonObject): string {
  const { resourceGroup = "", name = "" } = request.path;
  return `MC_${resourceGroup}_${name}_${textAt(body, "location") ?? ""}`;
}

/** The domain of a private cluster's name: the zone of one's own, or one that AKS makes. */
function privateDomain(zone: string, fqdn: string, location: string): string {
  return zone.includes("/")
    ? (zone.split("/").at(-1) ?? "")
    : `${guidOf(fqdn)}.privatelink.${location}.azmk8s.io`;
}

const clusterDefaults: Filling = {
  name: "cluster-defaults",
  source: REST,
  type: CLUSTERS,
  fill(body, situation) {
    const { store, request } = situation;
    const { path } = request;
    const location = textAt(body, "location") ?? "";
    const group = textAt(body, "properties.nodeResourceGroup") ?? nodeGroup(situation, body);
    const prefix = textAt(body, "properties.dnsPrefix") ?? path.name ?? "";
    const unique = guidOf(path.text).slice(0, 8);
    const fqdn = `${prefix}-${unique}.hcp.${location}.azmk8s.io`;
    const isPrivate =
      valueAt(body, "properties.apiServerAccessProfile.enablePrivateCluster") === true;
    const zone = textAt(body, "properties.apiServerAccessProfile.privateDNSZone") ?? "system";
    const ownKubelet = textAt(body, "properties.identityProfile.kubeletidentity.resourceId");
    const kubelet =
      ownKubelet ??
      `/subscriptions/${path.subscriptionId ?? ""}/resourcegroups/${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${path.name ?? ""}-agentpool`;
    return withDefaults(body, {
      sku: { name: "Base", tier: "Free" },
      properties: {
        enableRBAC: true,
        supportPlan: "KubernetesOfficial",
        nodeResourceGroup: group,
        maxAgentPools: 100,
        powerState: { code: "Running" },
        ...(isPrivate ? { apiServerAccessProfile: { privateDNSZone: zone } } : {}),
        ...(isPrivate && !/^none$/i.test(zone)
          ? { privateFQDN: `${prefix}-${unique}.${privateDomain(zone, fqdn, location)}` }
          : {}),
        fqdn,
        azurePortalFQDN: fqdn.replace(".hcp.", ".portal.hcp."),
        disableLocalAccounts: false,
        securityProfile: {},
        storageProfile: {
          diskCSIDriver: { enabled: true },
          fileCSIDriver: { enabled: true },
          snapshotController: { enabled: true },
        },
        oidcIssuerProfile: { enabled: false },
        workloadAutoScalerProfile: {},
        metricsProfile: { costAnalysis: { enabled: false } },
        resourceUID: guidOf(`${path.text} uid`).replaceAll("-", "").slice(0, 24),
        identityProfile: {
          kubeletidentity: {
            resourceId: kubelet,
            clientId:
              textAt(store.get(kubelet)?.body, "properties.clientId") ??
              guidOf(`${kubelet} client`),
            objectId:
              textAt(store.get(kubelet)?.body, "properties.principalId") ??
              guidOf(`${kubelet} principal`),
          },
        },
      },
    });
  },
};

const clusterNetworkDefaults: Filling = {
  name: "cluster-network-defaults",
  source: `${REST}; learn.microsoft.com/azure/aks/concepts-network-cni-overview`,
  type: CLUSTERS,
  fill(body) {
    const outbound = textAt(body, "properties.networkProfile.outboundType") ?? "loadBalancer";
    const isOverlay =
      textAt(body, "properties.networkProfile.networkPluginMode") === "overlay" ||
      textAt(body, "properties.networkProfile.networkPlugin") === "kubenet";
    return withDefaults(body, {
      properties: {
        networkProfile: {
          networkPlugin: "azure",
          networkDataplane: "azure",
          networkPolicy: "none",
          loadBalancerSku: "standard",
          serviceCidr: "10.0.0.0/16",
          serviceCidrs: [textAt(body, "properties.networkProfile.serviceCidr") ?? "10.0.0.0/16"],
          dnsServiceIP: "10.0.0.10",
          outboundType: outbound,
          ipFamilies: ["IPv4"],
          ...(isOverlay ? { podCidr: "10.244.0.0/16", podCidrs: ["10.244.0.0/16"] } : {}),
          ...(outbound === "loadBalancer"
            ? {
                loadBalancerProfile: {
                  managedOutboundIPs: { count: 1 },
                  backendPoolType: "nodeIPConfiguration",
                },
              }
            : {}),
          ...(outbound === "managedNATGateway"
            ? {
                natGatewayProfile: {
                  managedOutboundIPProfile: { count: 1 },
                  idleTimeoutInMinutes: 4,
                },
              }
            : {}),
        },
      },
    });
  },
};

const clusterVersionDefaults: Filling = {
  name: "cluster-version-defaults",
  source:
    "learn.microsoft.com/azure/aks/supported-kubernetes-versions, «Alias minor version»; REST: currentKubernetesVersion",
  type: CLUSTERS,
  fill(body, { regions, existing }) {
    const asked = textAt(body, "properties.kubernetesVersion");
    const before = textAt(existing?.body, "properties.currentKubernetesVersion");
    const version = asked ?? textAt(existing?.body, "properties.kubernetesVersion");
    const fallback = before ?? defaultKubernetesVersion(regions);
    const meant = version === undefined ? fallback : meantVersion(regions, version, before);
    // An upgrade that failed is taken up again, and what AKS has upgraded since stays.
    const current = before !== undefined && compareVersions(meant, before) < 0 ? before : meant;
    const filled = withValueAt(body, "properties.kubernetesVersion", version ?? fallback);
    return withValueAt(filled, "properties.currentKubernetesVersion", current);
  },
};

const autoscalerDefaults: Filling = {
  name: "autoscaler-defaults",
  source:
    "learn.microsoft.com/azure/aks/cluster-autoscaler-overview, «Cluster autoscaler profile settings»: every setting has a default",
  type: CLUSTERS,
  fill: (body, { request }) =>
    valueAt(body, "properties.autoScalerProfile") === undefined &&
    !objectsAt(request.body, "properties.agentPoolProfiles").some(
      (pool) => pool["enableAutoScaling"] === true,
    )
      ? body
      : withDefaults(body, {
          properties: {
            autoScalerProfile: {
              "balance-similar-node-groups": "false",
              expander: "random",
              "max-empty-bulk-delete": "10",
              "max-graceful-termination-sec": "600",
              "max-node-provision-time": "15m",
              "max-total-unready-percentage": "45",
              "new-pod-scale-up-delay": "0s",
              "ok-total-unready-count": "3",
              "scale-down-delay-after-add": "10m",
              "scale-down-delay-after-delete": "10s",
              "scale-down-delay-after-failure": "3m",
              "scale-down-unneeded-time": "10m",
              "scale-down-unready-time": "20m",
              "scale-down-utilization-threshold": "0.5",
              "scan-interval": "10s",
              "skip-nodes-with-local-storage": "false",
              "skip-nodes-with-system-pods": "true",
            },
          },
        }),
};

const clusterIdentityFilled: Filling = {
  name: "cluster-identity-filled",
  source: `${REST}: principalId and tenantId of the identity`,
  type: CLUSTERS,
  fill(body, { request, store }) {
    const kind = textAt(body, "identity.type");
    if (kind === "SystemAssigned") {
      return withDefaults(body, {
        identity: {
          principalId: guidOf(`${request.path.text} identity`),
          tenantId: TENANT_ID,
        },
      });
    }
    const identities = objectAt(body, "identity.userAssignedIdentities");
    const filled = Object.keys(identities).map((id) => {
      const stored = store.get(id)?.body;
      return [
        id,
        {
          clientId: textAt(stored, "properties.clientId") ?? guidOf(`${id} client`),
          principalId: textAt(stored, "properties.principalId") ?? guidOf(`${id} principal`),
        },
      ] as const;
    });
    return filled.length === 0
      ? body
      : withValueAt(body, "identity.userAssignedIdentities", Object.fromEntries(filled));
  },
};

const oidcIssuerFilled: Filling = {
  name: "oidc-issuer-filled",
  source:
    "learn.microsoft.com/azure/aks/use-oidc-issuer: issuerURL is given once the issuer is enabled",
  type: CLUSTERS,
  fill: (body, { request }) =>
    valueAt(body, "properties.oidcIssuerProfile.enabled") === true
      ? withDefaults(body, {
          properties: {
            oidcIssuerProfile: {
              issuerURL: `https://${textAt(body, "location") ?? ""}.oic.prod-aks.azure.com/${TENANT_ID}/${guidOf(request.path.text)}/`,
            },
          },
        })
      : body,
};

export const clusterFillings: readonly Filling[] = [
  clusterDefaults,
  clusterNetworkDefaults,
  clusterVersionDefaults,
  autoscalerDefaults,
  clusterIdentityFilled,
  oidcIssuerFilled,
];
