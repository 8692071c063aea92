// What AKS and a subscription offer in a region, read from Azure's own lists.
import { isRecord } from "../../values/is-record";

/** A minor of Kubernetes, as AKS offers it in a region. */
export interface OfferedVersion {
  /** `1.34` */
  readonly minor: string;
  readonly patches: readonly string[];
  readonly isDefault: boolean;
  readonly isPreview: boolean;
  /** `KubernetesOfficial`, `AKSLongTermSupport`. */
  readonly supportPlans: readonly string[];
}

/** A machine size, as the subscription may use it in a region. */
export interface OfferedSize {
  readonly name: string;
  readonly vCpus: number;
  readonly gpus: number;
  readonly zones: readonly string[];
  /** Why the subscription may not use it; undefined when it may. */
  readonly restriction: string | undefined;
}

/** A list that Azure could not be asked for is undefined. */
export interface RegionOffer {
  readonly kubernetes: readonly OfferedVersion[] | undefined;
  readonly sizes: readonly OfferedSize[] | undefined;
}

export const NO_OFFER: RegionOffer = { kubernetes: undefined, sizes: undefined };

/** Reads the answer of `locations/…/kubernetesVersions` (learn.microsoft.com/rest/api/aks/managed-clusters/list-kubernetes-versions), newest first. */
export function readKubernetesVersions(body: unknown): OfferedVersion[] {
  return listAt(body, "values")
    .map((entry) => ({
      minor: textAt(entry, "version"),
      patches: Object.keys(isRecord(entry["patchVersions"]) ? entry["patchVersions"] : {}).sort(
        newestFirst,
      ),
      isDefault: entry["isDefault"] === true,
      isPreview: entry["isPreview"] === true,
      supportPlans: textsAt(entry["capabilities"], "supportPlan"),
    }))
    .sort((one, other) => newestFirst(one.minor, other.minor));
}

/** Reads the machines in the answer of `Microsoft.Compute/skus` (learn.microsoft.com/rest/api/compute/resource-skus/list). */
export function readVmSizes(body: unknown): OfferedSize[] {
  return listAt(body, "value")
    .filter((entry) => entry["resourceType"] === "virtualMachines")
    .map((entry) => {
      const [place] = listAt(entry, "locationInfo");
      const barred = listAt(entry, "restrictions");
      const closed = barred
        .filter(({ type }) => type === "Zone")
        .flatMap(({ restrictionInfo }) => textsAt(restrictionInfo, "zones"));
      // With constrained vCPUs (`E16-4s`) the first is what the machine has, the second what it may use.
      const vCpus = capability(entry, "vCPUsAvailable") ?? capability(entry, "vCPUs") ?? 0;
      return {
        name: textAt(entry, "name"),
        vCpus,
        gpus: capability(entry, "GPUs") ?? 0,
        zones: textsAt(place, "zones").filter((zone) => !closed.includes(zone)),
        restriction: barred
          .filter(({ type }) => type === "Location")
          .map((each) => textAt(each, "reasonCode"))[0],
      };
    });
}

function capability(entry: Record<string, unknown>, name: string): number | undefined {
  const found = listAt(entry, "capabilities").find((each) => each["name"] === name);
  return found === undefined ? undefined : Number(found["value"]);
}

function listAt(value: unknown, name: string): Record<string, unknown>[] {
  const list = isRecord(value) ? value[name] : undefined;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

function textAt(value: Record<string, unknown>, name: string): string {
  const found = value[name];
  return typeof found === "string" ? found : "";
}

function textsAt(value: unknown, name: string): string[] {
  const list = isRecord(value) ? value[name] : undefined;
  return Array.isArray(list) ? list.map(String) : [];
}

function newestFirst(one: string, other: string): number {
  return other.localeCompare(one, "en", { numeric: true });
}
