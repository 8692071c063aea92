// The managed cluster itself: which argument becomes which property, and which differences are ignored.
import { ManagedCluster, type ManagedClusterArgs } from "@pulumi/azure-native/containerservice";
import * as pulumi from "@pulumi/pulumi";
import { UpgradeChannel, ClusterPurpose } from "../../contracts/choices";
import { isRecord } from "../../values/is-record";
import { type AmlAksClusterArgs, type EntraArgs } from "./aml-aks-cluster-args";
import { type EnabledFeatures } from "./cluster-features";
import { networkProfile } from "./cluster-network";
import { from } from "./given-late";
import { isLater, withDefault } from "../engine/inputs";
import { mergeProperties } from "./merge-properties";
import { onlyGiven } from "./node-settings";
import { CLUSTER_ARGUMENTS, ENTRA_ARGUMENTS } from "../../validation/cluster/cluster-arguments";
import { type PoolContext, systemPool } from "./cluster-pools";

export interface ClusterContext extends PoolContext {
  readonly location: pulumi.Input<string>;
  /** The identity that the cluster acts with. */
  readonly identityId: pulumi.Input<string>;
}

const IGNORED = [
  // Never edited inline (pulumi-azure-native#4264).
  "agentPoolProfiles",
  // Filled in by Azure and never set here: a refresh or an import would take them for a change of ours
  // (pulumi-azure-native#1808).
  ...[
    "linuxProfile",
    "windowsProfile",
    "servicePrincipalProfile",
    "identityProfile",
    "storageProfile",
  ],
  ...["nodeResourceGroup", "supportPlan", "metricsProfile", "workloadAutoScalerProfile"],
  ...["nodeProvisioningProfile", "bootstrapProfile", "ingressProfile", "azureMonitorProfile"],
  ...[
    "networkProfile.networkDataplane",
    "networkProfile.networkPolicy",
    "networkProfile.ipFamilies",
  ],
  ...[
    "networkProfile.podCidrs",
    "networkProfile.serviceCidrs",
    "networkProfile.loadBalancerProfile",
  ],
  ...["autoScalerProfile", "apiServerAccessProfile.privateDNSZone"],
  ...["networkProfile.natGatewayProfile", "oidcIssuerProfile.issuerURL", "aadProfile.tenantID"],
];

/**
 * Creates the cluster. Azure keeps what a PUT leaves out, so what is disabled is sent as disabled.
 */
export function createCluster(
  name: string,
  args: AmlAksClusterArgs,
  features: EnabledFeatures,
  context: ClusterContext,
  opts: pulumi.CustomResourceOptions,
): ManagedCluster {
  const channel = args.upgradeChannel ?? CLUSTER_ARGUMENTS.upgradeChannel.default;
  // The version is owned by whoever upgrades: AKS, when the program names none or sets a channel.
  const ownsVersion = args.kubernetesVersion !== undefined && channel === UpgradeChannel.None;
  const own = clusterProperties(args, features, context);
  const added = args.managedCluster;
  return new ManagedCluster(name, mergeProperties(own, added), {
    ...opts,
    ignoreChanges: [
      ...IGNORED.filter(
        (path) => path === "agentPoolProfiles" || !(isSet(own, path) || isSet(added, path)),
      ),
      ...(ownsVersion ? [] : ["kubernetesVersion"]),
    ],
  });
}

function clusterProperties(
  args: AmlAksClusterArgs,
  features: EnabledFeatures,
  context: ClusterContext,
): ManagedClusterArgs {
  const { entra, kubeletIdentityId, supportPlan, nodeResourceGroup, autoscalerProfile } = args;
  const channel = withDefault(args.upgradeChannel, CLUSTER_ARGUMENTS.upgradeChannel.default);
  const purpose = withDefault(args.clusterPurpose, CLUSTER_ARGUMENTS.clusterPurpose.default);
  const tier = pulumi
    .all([args.tier, purpose])
    .apply(([given, value]) => given ?? (value === ClusterPurpose.FastProd ? "Standard" : "Free"));
  const nodeOSUpgradeChannel = pulumi
    .all([args.nodeOsUpgradeChannel, channel])
    .apply(([given, value]) => given ?? (value === UpgradeChannel.None ? "None" : "NodeImage"));
  return {
    resourceGroupName: context.resourceGroupName,
    resourceName: context.clusterName,
    location: context.location,
    dnsPrefix: pulumi.output(context.clusterName).apply(dnsPrefix),
    identity: { type: "UserAssigned", userAssignedIdentities: [context.identityId] },
    ...(kubeletIdentityId === undefined
      ? {}
      : { identityProfile: { kubeletidentity: { resourceId: kubeletIdentityId } } }),
    sku: { name: "Base", tier },
    ...(args.kubernetesVersion === undefined ? {} : { kubernetesVersion: args.kubernetesVersion }),
    agentPoolProfiles: [systemPool(args, context)],
    networkProfile: networkProfile(args),
    apiServerAccessProfile: {
      enablePrivateCluster: withDefault(
        args.privateCluster,
        CLUSTER_ARGUMENTS.privateCluster.default,
      ),
      authorizedIPRanges: withDefault(args.authorizedIpRanges, []),
      ...(args.privateDnsZone === undefined ? {} : { privateDNSZone: args.privateDnsZone }),
    },
    autoUpgradeProfile: { upgradeChannel: channel, nodeOSUpgradeChannel },
    enableRBAC: true,
    disableLocalAccounts: from(entra, (given) => given !== undefined),
    ...(entra === undefined ? {} : { aadProfile: from(entra, aadProfile) }),
    oidcIssuerProfile: { enabled: true },
    securityProfile: { workloadIdentity: { enabled: true }, ...features.defender },
    addonProfiles: features.addons,
    ...onlyGiven<Partial<ManagedClusterArgs>>({
      supportPlan,
      nodeResourceGroup,
      autoScalerProfile: autoscalerProfile,
      azureMonitorProfile: features.monitor,
    }),
    tags: context.tags,
  };
}

function aadProfile(entra: EntraArgs | undefined) {
  if (entra === undefined) return undefined;
  return {
    managed: true,
    enableAzureRBAC: withDefault(entra.azureRbac, ENTRA_ARGUMENTS.azureRbac.default),
    adminGroupObjectIDs: withDefault(entra.adminGroupObjectIds, []),
  };
}

/** Whether the properties have something at the path, as far as they are there at once. */
function isSet(properties: unknown, path: string): boolean {
  const found = path
    .split(".")
    .reduce<unknown>(
      (at, name) => (isRecord(at) && !isLater(at) ? at[name] : undefined),
      properties,
    );
  return found !== undefined;
}

/** A DNS label from the cluster's name: letters, digits and dashes, at most 54 (REST: `dnsPrefix`). */
function dnsPrefix(clusterName: string): string {
  return clusterName
    .replace(/[^a-zA-Z0-9-]/g, "-")
    .slice(0, 54)
    .replace(/-+$/, "");
}
