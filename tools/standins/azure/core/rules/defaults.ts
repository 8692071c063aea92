/** What Azure fills in when a caller leaves it out. */
import { textAt, valueAt, withDefaults, withValueAt } from "../json";
import { guidOf, TENANT_ID } from "../made-up-ids";
import { compareVersions } from "../regions";
import type { Filling } from "../rule";
import { clusterFillings } from "./cluster-defaults";
import { meantVersion } from "./kubernetes-versions";

const CLUSTERS = "Microsoft.ContainerService/managedClusters";

const poolDefaults: Filling = {
  name: "pool-defaults",
  source: "learn.microsoft.com/rest/api/aks/agent-pools/get, sample answers",
  type: `${CLUSTERS}/agentPools`,
  fill(body, { store, request }) {
    const cluster = store.get(request.path.parentId ?? "")?.body;
    const version = textAt(cluster, "properties.currentKubernetesVersion") ?? "";
    const overlay = textAt(cluster, "properties.networkProfile.networkPluginMode") === "overlay";
    const kubenet = textAt(cluster, "properties.networkProfile.networkPlugin") === "kubenet";
    const spot = valueAt(body, "properties.scaleSetPriority") === "Spot";
    const windows = valueAt(body, "properties.osType") === "Windows";
    return withDefaults(body, {
      properties: {
        type: "VirtualMachineScaleSets",
        count: 1,
        mode: "User",
        vmSize: "Standard_D4s_v5",
        osType: "Linux",
        osSKU: windows ? "Windows2022" : "Ubuntu",
        osDiskSizeGB: 128,
        osDiskType: "Managed",
        kubeletDiskType: "OS",
        // learn.microsoft.com/azure/aks/quotas-skus-regions
        maxPods: overlay ? 250 : kubenet ? 110 : 30,
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
    if (asked === undefined) return body;
    const meant = meantVersion(regions, asked, current);
    const isOlder = current !== undefined && compareVersions(meant, current) < 0;
    return withValueAt(body, "properties.currentOrchestratorVersion", isOlder ? current : meant);
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

const newIdentityNewPrincipal: Filling = {
  name: "new-identity-new-principal",
  source:
    "learn.microsoft.com/azure/role-based-access-control/troubleshooting, «Identity not found»: an identity made anew under its name is another principal, and the rights of the old one are not its own",
  type: "Microsoft.ManagedIdentity/userAssignedIdentities",
  fill(body, { request, store }) {
    const { text } = request.path;
    const before = store.removals(text);
    if (before === 0) return body;
    const principal = guidOf(`${text} principal ${before}`);
    const named = withValueAt(body, "properties.principalId", principal);
    return withValueAt(named, "properties.clientId", guidOf(`${text} client ${before}`));
  },
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

export const fillings: readonly Filling[] = [
  ...clusterFillings,
  poolDefaults,
  poolVersionFollows,
  spotMarksFilled,
  identityFilled,
  newIdentityNewPrincipal,
  assignmentFilled,
  publicAddressFilled,
  v1ComputeDefaults,
  computeDefaults,
];
