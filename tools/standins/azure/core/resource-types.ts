/** The resource types that the stand-in knows: API versions, and how long their work takes. */

export interface ResourceType {
  readonly type: string;
  readonly apiVersions: readonly string[];
  /** The resource has a `location`. */
  readonly located: boolean;
  /** Azure's own seconds of work per verb; undefined for a type that answers at once. */
  readonly seconds?: { readonly create: number; readonly update: number; readonly delete: number };
}

// The versions that the pinned packages speak: @azure/arm-containerservice 25.5.0, @azure/arm-machinelearning 2.1.1
// and @pulumi/azure-native 3.28.0 (the doc comment of each resource class).
const containerService = [
  "2025-08-01",
  "2025-09-01",
  "2025-10-01",
  "2026-01-01",
  "2026-02-01",
  "2026-03-01",
  "2026-04-01",
  "2026-05-01",
  "2026-06-01",
];
const machineLearning = ["2022-10-01", "2023-04-01", "2023-10-01", "2024-04-01", "2025-12-01"];

const resourceTypes: readonly ResourceType[] = [
  {
    type: "Microsoft.ContainerService/managedClusters",
    apiVersions: containerService,
    located: true,
    seconds: { create: 60, update: 60, delete: 60 },
  },
  {
    type: "Microsoft.ContainerService/managedClusters/agentPools",
    apiVersions: containerService,
    located: false,
    seconds: { create: 60, update: 60, delete: 60 },
  },
  {
    type: "Microsoft.ContainerService/managedClusters/maintenanceConfigurations",
    apiVersions: containerService,
    located: false,
  },
  {
    type: "Microsoft.MachineLearningServices/workspaces",
    apiVersions: machineLearning,
    located: true,
    seconds: { create: 30, update: 30, delete: 30 },
  },
  {
    type: "Microsoft.MachineLearningServices/workspaces/computes",
    apiVersions: machineLearning,
    located: false,
    seconds: { create: 60, update: 60, delete: 60 },
  },
  { type: "Microsoft.Authorization/roleAssignments", apiVersions: ["2022-04-01"], located: false },
  {
    type: "Microsoft.ManagedIdentity/userAssignedIdentities",
    apiVersions: ["2023-01-31", "2024-11-30"],
    located: true,
  },
  {
    type: "Microsoft.Network/publicIPAddresses",
    apiVersions: ["2024-05-01", "2024-10-01"],
    located: true,
    seconds: { create: 30, update: 30, delete: 30 },
  },
  {
    type: "Microsoft.Network/virtualNetworks",
    apiVersions: ["2024-05-01", "2024-10-01"],
    located: true,
    seconds: { create: 30, update: 30, delete: 30 },
  },
  {
    type: "Microsoft.Network/virtualNetworks/subnets",
    apiVersions: ["2024-05-01", "2024-10-01"],
    located: false,
    seconds: { create: 30, update: 30, delete: 30 },
  },
  {
    type: "Microsoft.OperationalInsights/workspaces",
    apiVersions: ["2023-09-01"],
    located: true,
    seconds: { create: 30, update: 30, delete: 30 },
  },
  { type: "Microsoft.ContainerRegistry/registries", apiVersions: ["2023-07-01"], located: true },
  {
    type: "Microsoft.Resources/resourceGroups",
    apiVersions: ["2021-04-01", "2024-03-01", "2024-07-01", "2024-11-01"],
    located: true,
  },
  {
    type: "Microsoft.Resources/subscriptions",
    apiVersions: ["2022-12-01"],
    located: false,
  },
  { type: "Microsoft.Compute/skus", apiVersions: ["2021-07-01"], located: false },
  {
    type: "Microsoft.ContainerService/locations/kubernetesVersions",
    apiVersions: containerService,
    located: false,
  },
];

/** The entry of a type, compared without case. */
export function findResourceType(type: string): ResourceType | undefined {
  return resourceTypes.find((each) => each.type.toLowerCase() === type.toLowerCase());
}
