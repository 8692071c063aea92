// Properties whose change makes azure-native replace a resource.
//
// Where Azure has the declared value, they are not sent anew: the state may spell it otherwise, or have what Azure filled
// in, and azure-native compares texts with the state's.

// Source: github.com/pulumi/pulumi-azure-native, provider/pkg/gen/replacement.go, and the specifications' x-ms-mutability.
const CLUSTER = [
  ...["location", "dnsPrefix", "fqdnSubdomain", "nodeResourceGroup", "diskEncryptionSetID"],
  ...["linuxProfile", "windowsProfile"],
  ...[
    "networkProfile.networkPlugin",
    "networkProfile.networkPluginMode",
    "networkProfile.networkMode",
  ],
  ...[
    "networkProfile.networkDataplane",
    "networkProfile.networkPolicy",
    "networkProfile.outboundType",
  ],
  ...["networkProfile.serviceCidr", "networkProfile.serviceCidrs", "networkProfile.dnsServiceIP"],
  ...["networkProfile.podCidr", "networkProfile.podCidrs", "networkProfile.ipFamilies"],
] as const;

export const REPLACING: Readonly<Record<string, readonly string[]>> = {
  "azure-native:containerservice:ManagedCluster": CLUSTER,
  "azure-native:containerservice:AgentPool": ["vmSize", "gpuInstanceProfile", "nodePublicIPTags"],
  "azure-native:managedidentity:UserAssignedIdentity": ["location"],
};
