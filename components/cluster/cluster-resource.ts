// The managed cluster itself: which argument becomes which property, and which differences are ignored.
import { type EnabledFeatures } from "./cluster-features";
import { ManagedCluster } from "@pulumi/azure-native/containerservice";
import * as pulumi from "@pulumi/pulumi";
import { UpgradeChannel, ClusterPurpose } from "../../contracts/choices";
import { type AmlAksClusterArgs } from "./aml-aks-cluster-args";
import { CLUSTER_ARGUMENTS, ENTRA_ARGUMENTS } from "../../validation/cluster/cluster-arguments";
import { defaultDnsServiceIp, NETWORK_ARGUMENTS } from "../../validation/cluster/network-arguments";
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
  const purpose = pulumi.output(args.clusterPurpose ?? CLUSTER_ARGUMENTS.clusterPurpose.default);
  // The version is owned by whoever upgrades: AKS, when the program names none or sets a channel.
  const ownsVersion = args.kubernetesVersion !== undefined && channel === UpgradeChannel.None;
  return new ManagedCluster(
    name,
    {
      resourceGroupName: context.resourceGroupName,
      resourceName: context.clusterName,
      location: context.location,
      dnsPrefix: pulumi.output(context.clusterName).apply(dnsPrefix),
      identity: { type: "UserAssigned", userAssignedIdentities: [context.identityId] },
      sku: {
        name: "Base",
        tier: purpose.apply((value) => (value === ClusterPurpose.FastProd ? "Standard" : "Free")),
      },
      ...(args.kubernetesVersion === undefined
        ? {}
        : { kubernetesVersion: args.kubernetesVersion }),
      agentPoolProfiles: [systemPool(args, context)],
      networkProfile: networkProfile(args),
      apiServerAccessProfile: {
        enablePrivateCluster: args.privateCluster ?? CLUSTER_ARGUMENTS.privateCluster.default,
        authorizedIPRanges: args.authorizedIpRanges ?? [],
      },
      autoUpgradeProfile: {
        upgradeChannel: channel,
        nodeOSUpgradeChannel: pulumi
          .output(channel)
          .apply((value) => (value === UpgradeChannel.None ? "None" : "NodeImage")),
      },
      enableRBAC: true,
      disableLocalAccounts: args.entra !== undefined,
      ...(args.entra === undefined
        ? {}
        : {
            aadProfile: {
              managed: true,
              enableAzureRBAC: args.entra.azureRbac ?? ENTRA_ARGUMENTS.azureRbac.default,
              adminGroupObjectIDs: args.entra.adminGroupObjectIds ?? [],
            },
          }),
      oidcIssuerProfile: { enabled: true },
      securityProfile: { workloadIdentity: { enabled: true }, ...features.defender },
      addonProfiles: features.addons,
      tags: context.tags,
    },
    { ...opts, ignoreChanges: ownsVersion ? IGNORED : [...IGNORED, "kubernetesVersion"] },
  );
}

function networkProfile(args: AmlAksClusterArgs) {
  const serviceCidr = pulumi.output(
    args.network?.serviceCidr ?? NETWORK_ARGUMENTS.serviceCidr.default,
  );
  return {
    networkPlugin: "azure",
    networkPluginMode: "overlay",
    podCidr: args.network?.podCidr ?? NETWORK_ARGUMENTS.podCidr.default,
    serviceCidr,
    dnsServiceIP: args.network?.dnsServiceIp ?? serviceCidr.apply(defaultDnsServiceIp),
    loadBalancerSku: "standard",
    outboundType: args.outboundType ?? CLUSTER_ARGUMENTS.outboundType.default,
  };
}

/** A DNS label from the cluster's name: letters, digits and dashes, at most 54 (REST: `dnsPrefix`). */
function dnsPrefix(clusterName: string): string {
  return clusterName
    .replace(/[^a-zA-Z0-9-]/g, "-")
    .slice(0, 54)
    .replace(/-+$/, "");
}
