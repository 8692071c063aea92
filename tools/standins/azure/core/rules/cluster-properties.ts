/** What AKS refuses in a managed cluster's network, identities, tiers and autoscaler. */
import { type ArmError, badRequest } from "../arm-error";
import { isObject, type JsonObject, objectAt, objectsAt, textAt, valueAt } from "../json";
import { clusterPrincipals, hasRole, ROLES } from "../rights";
import type { Refusal, Situation } from "../rule";
import { changeRefused } from "./managed-clusters";

const type = "Microsoft.ContainerService/managedClusters";

function clusterRule(
  name: string,
  source: string,
  refuse: (situation: Situation) => ArmError | undefined,
): Refusal {
  return { name, source, methods: ["PUT"], type, refuse };
}

/** A property as it would be after the call: what a PUT leaves out stays. */
function wantedText({ request, existing }: Situation, path: string): string | undefined {
  const full = `properties.${path}`;
  return textAt(request.body, full) ?? textAt(existing?.body, full);
}

function isSame(one: string | undefined, other: string | undefined): boolean {
  return one?.toLowerCase() === other?.toLowerCase();
}

const ciliumPolicyWithDataplane = clusterRule(
  "cilium-policy-with-dataplane",
  "subcodes CiliumDataplaneRequiresNetworkPolicyCilium (github.com/Azure/AKS-Construction/issues/535) and NetworkPolicyCiliumRequiresCiliumDataplane (github.com/AdminTurnedDevOps/DevOps-The-Hard-Way-Azure/issues/1)",
  (situation) => {
    const target = "networkProfile.networkPolicy";
    const hasPolicy = wantedText(situation, target) === "cilium";
    const hasDataplane = wantedText(situation, "networkProfile.networkDataplane") === "cilium";
    if (hasDataplane && !hasPolicy) {
      return badRequest("BadRequest", "Cilium dataplane requires network policy cilium.", target);
    }
    return hasPolicy && !hasDataplane
      ? badRequest(
          "NetworkPolicyNotSupported",
          "Network Policy cilium requires NetworkDataplane cilium",
          target,
        )
      : undefined;
  },
);

const networkMovesOneWay = clusterRule(
  "network-moves-one-way",
  "learn.microsoft.com/azure/aks/update-azure-cni: to Azure CNI overlay and to the Cilium dataplane, and not back",
  (situation) => {
    const { request, existing } = situation;
    if (!existing) return undefined;
    const moves: Record<string, readonly (string | undefined)[]> = {
      networkPlugin: ["azure"],
      networkPluginMode: ["overlay"],
      networkDataplane: ["cilium"],
    };
    const isOverlay = wantedText(situation, "networkProfile.networkPluginMode") === "overlay";
    for (const [name, allowed] of Object.entries(moves)) {
      const path = `properties.networkProfile.${name}`;
      const [before, asked] = [textAt(existing.body, path), textAt(request.body, path)];
      if (asked === undefined || isSame(before, asked)) continue;
      const isKnown = allowed.includes(asked) && (name !== "networkPlugin" || isOverlay);
      if (!isKnown) return changeRefused(path);
    }
    return undefined;
  },
);

const ZONE =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/privateDnsZones\/(?:[a-z0-9-]+\.)?privatelink\.([a-z0-9]+)\.azmk8s\.io$/i;

const privateDnsZoneForm = clusterRule(
  "private-dns-zone-form",
  "learn.microsoft.com/azure/aks/private-clusters, «Configure a private DNS zone»: system, none or a zone privatelink.<region>.azmk8s.io, for private clusters; a zone of one's own needs a user-assigned identity",
  (situation) => {
    const { request } = situation;
    const path = "properties.apiServerAccessProfile";
    const zone = textAt(request.body, `${path}.privateDNSZone`);
    if (zone === undefined) return undefined;
    if (valueAt(request.body, `${path}.enablePrivateCluster`) !== true) {
      return refuseZone("it is for private clusters only.");
    }
    if (/^(system|none)$/i.test(zone)) return undefined;
    const region = ZONE.exec(zone)?.[1];
    const location = textAt(request.body, "location")?.replaceAll(" ", "");
    if (region === undefined || !isSame(region, location)) {
      return refuseZone(
        `'${zone}' is neither system nor none nor a zone [<name>.]privatelink.${location ?? "<region>"}.azmk8s.io.`,
      );
    }
    return textAt(request.body, "identity.type") === "UserAssigned"
      ? undefined
      : refuseZone("a zone of one's own needs a user-assigned identity.");
  },
);

function refuseZone(why: string): ArmError {
  const target = "apiServerAccessProfile.privateDNSZone";
  return badRequest(
    "InvalidParameter",
    `The value of parameter ${target} is invalid. Error details: ${why}`,
    target,
  );
}

const privateDnsZoneStays = clusterRule(
  "private-dns-zone-stays",
  "learn.microsoft.com/azure/aks/private-clusters: the zone can be updated from system or one's own to none only",
  ({ request, existing }) => {
    const path = "properties.apiServerAccessProfile.privateDNSZone";
    const [before, asked] = [textAt(existing?.body, path), textAt(request.body, path)];
    if (before === undefined || asked === undefined || isSame(before, asked)) return undefined;
    return isSame(asked, "none") ? undefined : changeRefused(path);
  },
);

const privateDnsZoneRight = clusterRule(
  "private-dns-zone-right",
  "error CustomPrivateDNSZoneMissingPermissionError: github.com/Azure/terraform-azurerm-caf-enterprise-scale/issues/900; at a later write, too: github.com/Azure/AKS/issues/3470",
  (situation) => {
    const { request, store } = situation;
    const zone = wantedText(situation, "apiServerAccessProfile.privateDNSZone") ?? "";
    const roles = [ROLES.privateDnsZoneContributor, ROLES.contributor, ROLES.owner];
    const isRefused = clusterPrincipals(request.body, store).some(
      (principal) => !hasRole(store, principal, zone, roles),
    );
    return ZONE.test(zone) && isRefused
      ? badRequest(
          "CustomPrivateDNSZoneMissingPermissionError",
          `Service principal or user-assigned identity must be given permission to read and write to custom private dns zone ${zone}. Check access result not allowed for action Microsoft.Network/privateDnsZones/write.`,
        )
      : undefined;
  },
);

const KUBELET = "properties.identityProfile.kubeletidentity.resourceId";

/** The kubelet's identity when a call gives another one than before. */
function newKubeletIdentity({ request, existing }: Situation): string | undefined {
  const asked = textAt(request.body, KUBELET);
  return isSame(asked, textAt(existing?.body, KUBELET)) ? undefined : asked;
}

const kubeletIdentityForOwn = clusterRule(
  "kubelet-identity-for-own",
  "learn.microsoft.com/azure/aks/use-managed-identity, «pre-created kubelet managed identity»: needs a user-assigned control-plane identity; error CustomKubeletIdentityOnlySupportedOnUserAssignedMSICluster",
  (situation) =>
    newKubeletIdentity(situation) !== undefined &&
    textAt(situation.request.body, "identity.type") !== "UserAssigned"
      ? badRequest(
          "CustomKubeletIdentityOnlySupportedOnUserAssignedMSICluster",
          "Custom kubelet identity is only supported on user assigned MSI cluster.",
        )
      : undefined,
);

const kubeletIdentityRight = clusterRule(
  "kubelet-identity-right",
  "learn.microsoft.com/azure/aks/use-managed-identity: the control plane's identity needs Managed Identity Operator on the kubelet's; error CustomKubeletIdentityMissingPermissionError (github.com/pulumi/pulumi-azure-native/issues/2020)",
  (situation) => {
    const { request, store } = situation;
    const kubelet = newKubeletIdentity(situation);
    if (kubelet === undefined) return undefined;
    const roles = [ROLES.managedIdentityOperator, ROLES.contributor, ROLES.owner];
    const isRefused = clusterPrincipals(request.body, store).some(
      (principal) => !hasRole(store, principal, kubelet, roles),
    );
    return isRefused
      ? badRequest(
          "CustomKubeletIdentityMissingPermissionError",
          `The cluster user assigned identity must be given permission to assign kubelet identity ${kubelet}. Check access result not allowed for action Microsoft.ManagedIdentity/userAssignedIdentities/assign/action.`,
        )
      : undefined;
  },
);

const outboundOnSubnet = clusterRule(
  "outbound-on-subnet",
  "error ExistingRouteTableNotAssociatedWithSubnet; learn.microsoft.com/azure/aks/egress-outboundtype: userDefinedRouting needs a route table on the subnet, userAssignedNATGateway a NAT gateway",
  (situation) => {
    const { request, store } = situation;
    const outbound = wantedText(situation, "networkProfile.outboundType");
    const needs =
      outbound === "userDefinedRouting"
        ? { part: "routeTable", code: "ExistingRouteTableNotAssociatedWithSubnet" }
        : outbound === "userAssignedNATGateway"
          ? { part: "natGateway", code: "BadRequest" }
          : undefined;
    if (!needs) return undefined;
    const subnets = objectsAt(request.body, "properties.agentPoolProfiles").flatMap(
      (pool) => textAt(pool, "vnetSubnetID") ?? [],
    );
    const without = subnets.find(
      (id) => textAt(store.get(id)?.body, `properties.${needs.part}.id`) === undefined,
    );
    if (without === undefined) return undefined;
    const message =
      needs.part === "routeTable"
        ? `An existing route table has not been associated with subnet ${without}. Please update the route table association`
        : `OutboundType userAssignedNATGateway needs a NAT gateway on subnet ${without}.`;
    return badRequest(needs.code, message);
  },
);

const longTermNeedsPremium = clusterRule(
  "long-term-needs-premium",
  "learn.microsoft.com/azure/aks/long-term-support: AKSLongTermSupport with the Premium tier only (github.com/Azure/azure-sdk-for-java/pull/39110)",
  (situation) => {
    const { request, existing } = situation;
    const tier = textAt(request.body, "sku.tier") ?? textAt(existing?.body, "sku.tier");
    return wantedText(situation, "supportPlan") === "AKSLongTermSupport" && tier !== "Premium"
      ? badRequest(
          "BadRequest",
          `Support plan AKSLongTermSupport needs the tier Premium: it is ${tier ?? "Free"}.`,
          "supportPlan",
        )
      : undefined;
  },
);

const MINUTES = /^\d+m$/;
// https://learn.microsoft.com/azure/aks/cluster-autoscaler-overview, «Cluster autoscaler profile settings»
const AUTOSCALER_FORMS: Readonly<Record<string, RegExp>> = {
  "balance-similar-node-groups": /^(true|false)$/,
  "daemonset-eviction-for-empty-nodes": /^(true|false)$/,
  "daemonset-eviction-for-occupied-nodes": /^(true|false)$/,
  expander: /^(least-waste|most-pods|priority|random)$/,
  "ignore-daemonsets-utilization": /^(true|false)$/,
  "max-empty-bulk-delete": /^\d+$/,
  "max-graceful-termination-sec": /^\d+$/,
  "max-node-provision-time": MINUTES,
  "max-total-unready-percentage": /^(\d{1,2}|100)$/,
  "new-pod-scale-up-delay": /^\d+[smh]$/,
  "ok-total-unready-count": /^\d+$/,
  "scale-down-delay-after-add": MINUTES,
  "scale-down-delay-after-delete": /^\d+[sm]$/,
  "scale-down-delay-after-failure": MINUTES,
  "scale-down-unneeded-time": MINUTES,
  "scale-down-unready-time": MINUTES,
  "scale-down-utilization-threshold": /^(0(\.\d+)?|1(\.0+)?)$/,
  "scan-interval": /^\d+s?$/,
  "skip-nodes-with-local-storage": /^(true|false)$/,
  "skip-nodes-with-system-pods": /^(true|false)$/,
};

const autoscalerProfileForm = clusterRule(
  "autoscaler-profile-form",
  "models of @azure/arm-containerservice, ManagedClusterPropertiesAutoScalerProfile: names and the form of each value",
  ({ request }) => {
    const profile: JsonObject = objectAt(request.body, "properties.autoScalerProfile");
    const wrong = Object.entries(profile).find(
      ([name, value]) => AUTOSCALER_FORMS[name]?.test(textOf(value)) !== true,
    );
    if (!wrong) return undefined;
    const target = `autoScalerProfile.${wrong[0]}`;
    return badRequest(
      "InvalidParameter",
      `The value of parameter ${target} is invalid: '${textOf(wrong[1])}'.`,
      target,
    );
  },
);

function textOf(value: unknown): string {
  return isObject(value) ? JSON.stringify(value) : String(value);
}

const nodeGroupForm = clusterRule(
  "node-group-form",
  "learn.microsoft.com/azure/aks/faq: a node resource group's name has at most 80 characters; names of resource groups: learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
  ({ request }) => {
    const group = textAt(request.body, "properties.nodeResourceGroup");
    return group === undefined || /^[-\w.()]{0,79}[-\w()]$/.test(group)
      ? undefined
      : badRequest(
          "InvalidParameter",
          `The value of parameter nodeResourceGroup is invalid: '${group}'. Please see https://aka.ms/aks-naming-rules for more details.`,
          "nodeResourceGroup",
        );
  },
);

export const clusterPropertyRules: readonly Refusal[] = [
  ciliumPolicyWithDataplane,
  networkMovesOneWay,
  privateDnsZoneForm,
  privateDnsZoneStays,
  privateDnsZoneRight,
  kubeletIdentityForOwn,
  kubeletIdentityRight,
  outboundOnSubnet,
  longTermNeedsPremium,
  autoscalerProfileForm,
  nodeGroupForm,
];
