/** The resources of azure-native 3.28.0 that the stand-in serves. */

export interface ResourceEntry {
  /** `azure-native:containerservice:ManagedCluster` */
  readonly token: string;
  /** Path with the names of the inputs that fill it. */
  readonly path: string;
  /** The version in the doc comment of the SDK's class. */
  readonly apiVersion: string;
  /** The input that names the resource, when the program may leave it out. */
  readonly nameInput: string;
  /** How it is made up: a prefix and eight digits, or a GUID. */
  readonly naming: "random" | "uuid";
  /**
   * Inputs whose change replaces the resource, at the top and one level below. Source:
   * pulumi/pulumi-azure-native `provider/pkg/gen/replacement.go`, and `x-ms-mutability: create, read` of the ARM
   * specifications. What fills the path replaces, too.
   */
  readonly replacedBy: readonly string[];
  /** What a create is refused for: some types take a PUT over what exists as their own (subnets do not). */
  readonly located: boolean;
}

const group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
const aks = `${group}/providers/Microsoft.ContainerService/managedClusters/{resourceName}`;

export const resourceTable: readonly ResourceEntry[] = [
  {
    token: "azure-native:resources:ResourceGroup",
    path: group,
    apiVersion: "2024-11-01",
    nameInput: "resourceGroupName",
    naming: "random",
    replacedBy: ["location"],
    located: true,
  },
  {
    token: "azure-native:containerservice:ManagedCluster",
    path: aks,
    apiVersion: "2025-09-01",
    nameInput: "resourceName",
    naming: "random",
    replacedBy: [
      ...["diskEncryptionSetID", "dnsPrefix", "fqdnSubdomain", "linuxProfile", "location"],
      ...["nodeResourceGroup", "windowsProfile", "serviceCidr", "serviceCidrs", "dnsServiceIP"],
      ...["networkMode", "networkPlugin", "networkPluginMode", "podCidr", "networkDataplane"],
      ...["networkPolicy", "outboundType", "nodePublicIPTags", "podCidrs", "ipFamilies"],
    ],
    located: true,
  },
  {
    token: "azure-native:containerservice:AgentPool",
    path: `${aks}/agentPools/{agentPoolName}`,
    apiVersion: "2025-09-01",
    nameInput: "agentPoolName",
    naming: "random",
    replacedBy: ["gpuInstanceProfile", "vmSize", "nodePublicIPTags"],
    located: false,
  },
  {
    token: "azure-native:containerservice:MaintenanceConfiguration",
    path: `${aks}/maintenanceConfigurations/{configName}`,
    apiVersion: "2025-09-01",
    nameInput: "configName",
    naming: "random",
    replacedBy: [],
    located: false,
  },
  {
    token: "azure-native:authorization:RoleAssignment",
    path: "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    apiVersion: "2022-04-01",
    nameInput: "roleAssignmentName",
    naming: "uuid",
    replacedBy: ["principalId", "scope"],
    located: false,
  },
  {
    token: "azure-native:managedidentity:UserAssignedIdentity",
    path: `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}`,
    apiVersion: "2023-01-31",
    nameInput: "resourceName",
    naming: "random",
    replacedBy: ["location"],
    located: true,
  },
  {
    token: "azure-native:network:VirtualNetwork",
    path: `${group}/providers/Microsoft.Network/virtualNetworks/{virtualNetworkName}`,
    apiVersion: "2024-05-01",
    nameInput: "virtualNetworkName",
    naming: "random",
    replacedBy: ["location"],
    located: true,
  },
  {
    token: "azure-native:network:Subnet",
    path: `${group}/providers/Microsoft.Network/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}`,
    apiVersion: "2024-05-01",
    nameInput: "subnetName",
    naming: "random",
    replacedBy: [],
    located: false,
  },
  {
    token: "azure-native:network:PublicIPAddress",
    path: `${group}/providers/Microsoft.Network/publicIPAddresses/{publicIpAddressName}`,
    apiVersion: "2024-05-01",
    nameInput: "publicIpAddressName",
    naming: "random",
    replacedBy: ["location", "publicIPAddressVersion", "publicIPPrefix", "sku"],
    located: true,
  },
  {
    token: "azure-native:operationalinsights:Workspace",
    path: `${group}/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}`,
    apiVersion: "2023-09-01",
    nameInput: "workspaceName",
    naming: "random",
    replacedBy: ["location"],
    located: true,
  },
  {
    token: "azure-native:machinelearningservices:Workspace",
    path: `${group}/providers/Microsoft.MachineLearningServices/workspaces/{workspaceName}`,
    apiVersion: "2025-12-01",
    nameInput: "workspaceName",
    naming: "random",
    replacedBy: ["location"],
    located: true,
  },
];

/** The entry of a type token. Throws a sentence when the stand-in does not serve it. */
export function requireResource(token: string): ResourceEntry {
  const entry = resourceTable.find((each) => each.token === token);
  if (entry) return entry;
  throw new Error(
    `the stand-in for the azure-native plugin does not serve ${token}; it serves ${resourceTable.map((each) => each.token.replace("azure-native:", "")).join(", ")}`,
  );
}

/** The inputs that fill the path. */
export function pathInputs(entry: ResourceEntry): string[] {
  return [...entry.path.matchAll(/\{(\w+)\}/g)]
    .map(([, name = ""]) => name)
    .filter((name) => name !== "subscriptionId");
}

/** The resource's id. */
export function buildId(
  entry: ResourceEntry,
  inputs: Readonly<Record<string, unknown>>,
  subscriptionId: string,
): string {
  return entry.path
    .replace(/\{(\w+)\}/g, (_, name: string) =>
      name === "subscriptionId" ? subscriptionId : textOf(inputs[name]),
    )
    .replace(/^\/\//, "/");
}

/** The inputs that an id says. */
export function parseId(entry: ResourceEntry, id: string): Record<string, string> {
  const names: string[] = [];
  const pattern = entry.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    names.push(name);
    return name === "scope" ? "(.+)" : "([^/]+)";
  });
  const match = new RegExp(`^${pattern}$`, "i").exec(id) ?? [];
  const values = Object.fromEntries(names.map((name, index) => [name, match[index + 1] ?? ""]));
  delete values["subscriptionId"];
  return values;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
