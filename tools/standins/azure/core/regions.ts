/** What differs from region to region: zones, machine sizes, Kubernetes versions. */

export interface VmSize {
  readonly name: string;
  readonly vCpus: number;
  readonly memoryGb: number;
  readonly gpus: number;
}

export interface KubernetesMinor {
  /** `1.34` */
  readonly version: string;
  readonly patches: readonly string[];
  readonly isDefault: boolean;
  /** Older minors are supported in the long-term plan only. */
  readonly supportPlans: readonly string[];
}

export interface Regions {
  /** Availability zones by region; a region without an entry does not exist. */
  readonly zones: Readonly<Record<string, readonly string[]>>;
  readonly sizes: readonly VmSize[];
  readonly kubernetes: readonly KubernetesMinor[];
}

const size = (name: string, vCpus: number, memoryGb: number, gpus = 0): VmSize => ({
  name,
  vCpus,
  memoryGb,
  gpus,
});

/**
 * A small part of the real list.
 *
 * Zones: learn.microsoft.com/azure/reliability/availability-zones-region-support. Sizes: the size pages under
 * learn.microsoft.com/azure/virtual-machines/sizes. Versions: learn.microsoft.com/azure/aks/supported-kubernetes-versions
 * (three minors at a time, older ones in the long-term plan).
 */
export const someRegions: Regions = {
  zones: {
    westeurope: ["1", "2", "3"],
    northeurope: ["1", "2", "3"],
    eastus: ["1", "2", "3"],
    koreacentral: ["1", "2", "3"],
    northcentralus: [],
    westus: [],
  },
  sizes: [
    size("Standard_B1s", 1, 1),
    size("Standard_B2s", 2, 4),
    size("Standard_D2s_v5", 2, 8),
    size("Standard_D4s_v5", 4, 16),
    size("Standard_D8s_v5", 8, 32),
    size("Standard_D16s_v5", 16, 64),
    size("Standard_D3_v2", 4, 14),
    size("Standard_D4ds_v5", 4, 16),
    size("Standard_E4s_v5", 4, 32),
    size("Standard_F4s_v2", 4, 8),
    size("Standard_NC4as_T4_v3", 4, 28, 1),
    size("Standard_NC24ads_A100_v4", 24, 220, 1),
  ],
  kubernetes: [
    {
      version: "1.35",
      patches: ["1.35.1", "1.35.0"],
      isDefault: false,
      supportPlans: ["KubernetesOfficial", "AKSLongTermSupport"],
    },
    {
      version: "1.34",
      patches: ["1.34.4", "1.34.2"],
      isDefault: true,
      supportPlans: ["KubernetesOfficial", "AKSLongTermSupport"],
    },
    {
      version: "1.33",
      patches: ["1.33.8", "1.33.6"],
      isDefault: false,
      supportPlans: ["KubernetesOfficial", "AKSLongTermSupport"],
    },
    {
      version: "1.30",
      patches: ["1.30.14"],
      isDefault: false,
      supportPlans: ["AKSLongTermSupport"],
    },
  ],
};

/** The newest patch of a version given as a minor (`1.34`) or a patch (`1.34.2`); undefined when not offered. */
export function resolveKubernetesVersion(regions: Regions, version: string): string | undefined {
  const minor = regions.kubernetes.find(
    (each) => version.split(".").slice(0, 2).join(".") === each.version,
  );
  if (version.split(".").length === 2) return minor?.patches[0];
  return minor?.patches.find((patch) => patch === version);
}

/** The newest patch of the default minor. */
export function defaultKubernetesVersion(regions: Regions): string {
  return regions.kubernetes.find((each) => each.isDefault)?.patches[0] ?? "";
}

/** True when the version is offered outside the long-term plan. */
export function isGenerallySupported(regions: Regions, version: string): boolean {
  const minor = version.split(".").slice(0, 2).join(".");
  return regions.kubernetes.some(
    (each) => each.version === minor && each.supportPlans.includes("KubernetesOfficial"),
  );
}

/** The minor of a version: 34 for `1.34` and `1.34.2`. */
export function minorOf(version: string): number {
  return Number(version.split(".")[1] ?? 0);
}

/** Below zero when the first version is the older one, zero for the same, above zero for a newer one. */
export function compareVersions(one: string, other: string): number {
  const others = other.split(".");
  for (const [index, part] of one.split(".").entries()) {
    const difference = Number(part) - Number(others[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
