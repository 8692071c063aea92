// Which properties of azure-native's ManagedCluster a program may add by `managedCluster`: all but those that the
// component sets itself.
import { type ArgumentError } from "../../values/argument-error";
import { type ArgumentRule } from "../../values/argument-table";
import { isRecord } from "../../values/is-record";
import { UNKNOWN } from "../../values/unknown";

/** What the component sets, with what a program uses instead. */
const OWN: Readonly<Record<string, string>> = {
  resourceGroupName: "resourceGroupName",
  resourceName: "clusterName",
  location: "location",
  dnsPrefix: "clusterName, which it is made of",
  identity: "identityId",
  identityProfile: "kubeletIdentityId",
  servicePrincipalProfile: "identityId: the cluster acts with a managed identity",
  sku: "tier or clusterPurpose",
  supportPlan: "supportPlan",
  kubernetesVersion: "kubernetesVersion",
  agentPoolProfiles: "systemPool, agents or pools",
  nodeResourceGroup: "nodeResourceGroup",
  autoScalerProfile: "autoscalerProfile",
  autoUpgradeProfile: "upgradeChannel or nodeOsUpgradeChannel",
  "networkProfile.networkPlugin": "networkPlugin",
  "networkProfile.networkPluginMode": "nothing: it is overlay",
  "networkProfile.networkPolicy": "networkPolicy",
  "networkProfile.networkDataplane": "networkDataplane",
  "networkProfile.podCidr": "network.podCidr",
  "networkProfile.serviceCidr": "network.serviceCidr",
  "networkProfile.dnsServiceIP": "network.dnsServiceIp",
  "networkProfile.loadBalancerSku": "nothing: it is standard",
  "networkProfile.outboundType": "outboundType",
  "apiServerAccessProfile.enablePrivateCluster": "privateCluster",
  "apiServerAccessProfile.authorizedIPRanges": "authorizedIpRanges",
  "apiServerAccessProfile.privateDNSZone": "privateDnsZone",
  enableRBAC: "nothing: it is true",
  disableLocalAccounts: "entra",
  "aadProfile.managed": "entra",
  "aadProfile.enableAzureRBAC": "entra.azureRbac",
  "aadProfile.adminGroupObjectIDs": "entra.adminGroupObjectIds",
  "oidcIssuerProfile.enabled": "nothing: it is true",
  "securityProfile.workloadIdentity": "nothing: it is enabled",
  "securityProfile.defender": "defender",
  "addonProfiles.omsagent": "logAnalyticsWorkspaceId",
  "addonProfiles.azurepolicy": "azurePolicy",
  "azureMonitorProfile.metrics.enabled": "azureMonitorMetrics",
  tags: "tags",
};

/** Properties that are merged into what the component sends. */
export const managedClusterProperties: ArgumentRule = {
  legal: "be an object with properties of azure-native's ManagedCluster",
  bound: "properties that no other argument sets",
  find(path, value) {
    if (isRecord(value)) return Object.keys(OWN).flatMap((own) => findOwn(path, value, own));
    return [{ path, reason: `must ${managedClusterProperties.legal}: it is ${typeof value}` }];
  },
};

/** The error when `value` sets an own property, or something else than an object around it. */
function findOwn(path: string, value: Record<string, unknown>, own: string): ArgumentError[] {
  let at: unknown = value;
  let reached = path;
  for (const name of own.split(".")) {
    if (!isRecord(at)) {
      const reason = `must be an object: ${own} in it is the component's`;
      return at === UNKNOWN ? [] : [{ path: reached, reason }];
    }
    at = at[name];
    reached = `${reached}.${name}`;
    if (at === undefined || at === null) return [];
  }
  return [{ path: reached, reason: `is set by the component: use ${OWN[own] ?? ""}` }];
}
