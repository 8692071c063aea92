/** What Azure fills in when a caller leaves it out. */
import { createHash } from "node:crypto";
import { type JsonObject, objectAt, textAt, valueAt, withDefaults, withValueAt } from "../json";
import { defaultKubernetesVersion } from "../regions";
import type { Filling, Situation } from "../rule";
import { meantVersion } from "./kubernetes-versions";

const CLUSTERS = "Microsoft.ContainerService/managedClusters";
const REST = "learn.microsoft.com/rest/api/aks/managed-clusters/get, sample answers";

/** A GUID that depends on nothing but its seed, so that a run can be repeated. */
export function guidOf(seed: string): string {
  const hex = createHash("sha256").update(seed.toLowerCase()).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function nodeGroup({ request }: Situation, body: JsonObject): string {
  const { resourceGroup = "", name = "" } = request.path;
  return `MC_${resourceGroup}_${name}_${textAt(body, "location") ?? ""}`;
}

const clusterDefaults: Filling = {
  name: "cluster-defaults",
  source: REST,
  type: CLUSTERS,
  fill(body, situation) {
    const { path } = situation.request;
    const location = textAt(body, "location") ?? "";
    const group = textAt(body, "properties.nodeResourceGroup") ?? nodeGroup(situation, body);
    const prefix = textAt(body, "properties.dnsPrefix") ?? path.name ?? "";
    const unique = guidOf(path.text).slice(0, 8);
    const fqdn = `${prefix}-${unique}.hcp.${location}.azmk8s.io`;
    const isPrivate =
      valueAt(body, "properties.apiServerAccessProfile.enablePrivateCluster") === true;
    const kubelet = `/subscriptions/${path.subscriptionId ?? ""}/resourcegroups/${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${path.name ?? ""}-agentpool`;
    return withDefaults(body, {
      sku: { name: "Base", tier: "Free" },
      properties: {
        enableRBAC: true,
        supportPlan: "KubernetesOfficial",
        nodeResourceGroup: group,
        maxAgentPools: 100,
        powerState: { code: "Running" },
        ...(isPrivate
          ? { privateFQDN: `${prefix}-${unique}.${guidOf(fqdn)}.privatelink.${location}.azmk8s.io` }
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
            clientId: guidOf(`${kubelet} client`),
            objectId: guidOf(`${kubelet} principal`),
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
    const wasAsked = textAt(existing?.body, "properties.kubernetesVersion");
    const version = asked ?? wasAsked;
    const fallback = before ?? defaultKubernetesVersion(regions);
    const isSame = version === undefined || (before !== undefined && version === wasAsked);
    const current = isSame ? fallback : meantVersion(regions, version, before);
    const filled = withValueAt(body, "properties.kubernetesVersion", version ?? fallback);
    return withValueAt(filled, "properties.currentKubernetesVersion", current);
  },
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

const poolDefaults: Filling = {
  name: "pool-defaults",
  source: "learn.microsoft.com/rest/api/aks/agent-pools/get, sample answers",
  type: `${CLUSTERS}/agentPools`,
  fill(body, { store, request }) {
    const cluster = store.get(request.path.parentId ?? "")?.body;
    const version = textAt(cluster, "properties.currentKubernetesVersion") ?? "";
    const overlay = textAt(cluster, "properties.networkProfile.networkPluginMode") === "overlay";
    const spot = valueAt(body, "properties.scaleSetPriority") === "Spot";
    return withDefaults(body, {
      properties: {
        type: "VirtualMachineScaleSets",
        count: 1,
        mode: "User",
        vmSize: "Standard_D4s_v5",
        osType: "Linux",
        osSKU: "Ubuntu",
        osDiskSizeGB: 128,
        osDiskType: "Managed",
        kubeletDiskType: "OS",
        maxPods: overlay ? 250 : 110,
        enableNodePublicIP: false,
        enableEncryptionAtHost: false,
        enableUltraSSD: false,
        enableFIPS: false,
        orchestratorVersion: version,
        currentOrchestratorVersion: version,
        nodeImageVersion: "AKSUbuntu-2204gen2containerd-202611.01.0",
        powerState: { code: "Running" },
        upgradeSettings: { maxSurge: "10%", maxUnavailable: "0" },
        securityProfile: { enableVTPM: false, enableSecureBoot: false },
        scaleDownMode: "Delete",
        ...(spot ? { scaleSetEvictionPolicy: "Delete", spotMaxPrice: -1 } : {}),
      },
    });
  },
};

const poolVersionFollows: Filling = {
  name: "pool-version-follows",
  source:
    "models of @azure/arm-containerservice: currentOrchestratorVersion is orchestratorVersion with its patch; the same minor again is no upgrade",
  type: `${CLUSTERS}/agentPools`,
  fill(body, { regions, existing }) {
    const asked = textAt(body, "properties.orchestratorVersion");
    const current = textAt(existing?.body, "properties.currentOrchestratorVersion");
    const wasAsked = textAt(existing?.body, "properties.orchestratorVersion");
    if (asked === undefined || (existing && asked === wasAsked)) return body;
    const path = "properties.currentOrchestratorVersion";
    return withValueAt(body, path, meantVersion(regions, asked, current));
  },
};

const spotMarksFilled: Filling = {
  name: "spot-marks-filled",
  source: "learn.microsoft.com/azure/aks/spot-node-pool: AKS adds a taint and a label to the nodes",
  type: `${CLUSTERS}/agentPools`,
  fill(body) {
    if (valueAt(body, "properties.scaleSetPriority") !== "Spot") return body;
    const mark = "kubernetes.azure.com/scalesetpriority";
    const taints = valueAt(body, "properties.nodeTaints");
    const known = Array.isArray(taints) ? taints.map(String) : [];
    const taint = `${mark}=spot:NoSchedule`;
    const tainted = withValueAt(body, "properties.nodeTaints", [
      ...known.filter((each) => each !== taint),
      taint,
    ]);
    return withDefaults(tainted, { properties: { nodeLabels: { [mark]: "spot" } } });
  },
};

const identityFilled: Filling = {
  name: "identity-filled",
  source:
    "learn.microsoft.com/rest/api/managedidentity/user-assigned-identities: principalId, clientId and tenantId are read-only",
  type: "Microsoft.ManagedIdentity/userAssignedIdentities",
  fill: (body, { request }) =>
    withDefaults(body, {
      properties: {
        tenantId: TENANT_ID,
        principalId: guidOf(`${request.path.text} principal`),
        clientId: guidOf(`${request.path.text} client`),
      },
    }),
};

const assignmentFilled: Filling = {
  name: "assignment-filled",
  source:
    "learn.microsoft.com/rest/api/authorization/role-assignments: scope and principalType in answers",
  type: "Microsoft.Authorization/roleAssignments",
  fill: (body, { request }) =>
    withDefaults(body, {
      properties: { scope: `/${request.path.scope}`, principalType: "ServicePrincipal" },
    }),
};

const publicAddressFilled: Filling = {
  name: "public-address-filled",
  source: "learn.microsoft.com/rest/api/virtualnetwork/public-ip-addresses/get, sample answers",
  type: "Microsoft.Network/publicIPAddresses",
  fill(body, { request }) {
    const label = textAt(body, "properties.dnsSettings.domainNameLabel");
    const last = Number.parseInt(guidOf(request.path.text).slice(0, 2), 16);
    return withDefaults(body, {
      sku: { name: "Standard", tier: "Regional" },
      properties: {
        publicIPAddressVersion: "IPv4",
        idleTimeoutInMinutes: 4,
        // A documentation address (RFC 5737): nothing answers there.
        ipAddress: `203.0.113.${last}`,
        ...(label === undefined
          ? {}
          : {
              dnsSettings: {
                fqdn: `${label}.${textAt(body, "location") ?? ""}.cloudapp.azure.com`,
              },
            }),
      },
    });
  },
};

const v1ComputeDefaults: Filling = {
  name: "v1-compute-defaults",
  source:
    "@azure/arm-machinelearning 2.1.1, mappers: clusterPurpose FastProd, loadBalancerType PublicIp",
  type: "Microsoft.MachineLearningServices/workspaces/computes",
  fill: (body) =>
    textAt(body, "properties.computeType") === "AKS"
      ? withDefaults(body, {
          properties: { properties: { clusterPurpose: "FastProd", loadBalancerType: "PublicIp" } },
        })
      : body,
};

const computeDefaults: Filling = {
  name: "compute-defaults",
  source:
    "@azure/arm-machinelearning 2.1.1, models: read-only properties of a compute; namespace `default` (K8 attach-compute.md)",
  type: "Microsoft.MachineLearningServices/workspaces/computes",
  fill(body, { existing, nowMs }) {
    const now = new Date(nowMs).toISOString();
    const isKubernetes = textAt(body, "properties.computeType") === "Kubernetes";
    const filled = withDefaults(body, {
      properties: {
        isAttachedCompute: textAt(body, "properties.resourceId") !== undefined,
        createdOn: textAt(existing?.body, "properties.createdOn") ?? now,
        provisioningErrors: null,
        disableLocalAuth: false,
        ...(isKubernetes ? { properties: { namespace: "default" } } : {}),
      },
    });
    return withValueAt(filled, "properties.modifiedOn", now);
  },
};

/** The directory of the stand-in's only tenant. */
export const TENANT_ID = "6f1c3a52-0b1d-4a57-9d0e-3c1b5a7e9f10";

export const fillings: readonly Filling[] = [
  clusterDefaults,
  clusterNetworkDefaults,
  clusterVersionDefaults,
  clusterIdentityFilled,
  oidcIssuerFilled,
  poolDefaults,
  poolVersionFollows,
  spotMarksFilled,
  identityFilled,
  assignmentFilled,
  publicAddressFilled,
  v1ComputeDefaults,
  computeDefaults,
];
