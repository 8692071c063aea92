/** What a subscription says of itself: its regions, machine sizes and Kubernetes versions. */
import { type Answer, answer } from "./answer";
import type { Regions } from "./regions";

/** Answers the reads that name no resource; undefined when the path is none of them. */
export function answerSubscription(
  path: string,
  filter: string,
  regions: Regions,
): Answer | undefined {
  const match = /^\/subscriptions\/([^/]+)(\/.*)?$/i.exec(path);
  if (!match) return undefined;
  const [, id = "", rest = ""] = match;
  if (rest === "") return answer(200, subscription(id));
  if (/^\/locations$/i.test(rest)) return answer(200, { value: locations(id, regions) });
  if (/^\/providers\/Microsoft\.Compute\/skus$/i.test(rest)) {
    return answer(200, { value: skus(/location eq '([^']+)'/i.exec(filter)?.[1], regions) });
  }
  const versions =
    /^\/providers\/Microsoft\.ContainerService\/locations\/([^/]+)\/kubernetesVersions$/i;
  if (versions.test(rest)) return answer(200, { values: kubernetesVersions(regions) });
  return undefined;
}

function subscription(id: string) {
  return {
    id: `/subscriptions/${id}`,
    subscriptionId: id,
    displayName: "stand-in",
    state: "Enabled",
  };
}

// Shape: learn.microsoft.com/rest/api/resources/subscriptions/list-locations.
function locations(id: string, regions: Regions) {
  return Object.entries(regions.zones).map(([name, zones]) => ({
    id: `/subscriptions/${id}/locations/${name}`,
    name,
    type: "Region",
    displayName: name,
    regionalDisplayName: name,
    metadata: { regionType: "Physical" },
    ...(zones.length === 0
      ? {}
      : {
          availabilityZoneMappings: zones.map((zone) => ({
            logicalZone: zone,
            physicalZone: `${name}-az${zone}`,
          })),
        }),
  }));
}

// Shape: learn.microsoft.com/rest/api/compute/resource-skus/list.
function skus(location: string | undefined, regions: Regions) {
  const names = location === undefined ? Object.keys(regions.zones) : [location];
  return names.flatMap((name) =>
    regions.sizes.map((size) => ({
      resourceType: "virtualMachines",
      name: size.name,
      tier: "Standard",
      size: size.name.replace("Standard_", ""),
      locations: [name],
      locationInfo: [{ location: name, zones: regions.zones[name] ?? [] }],
      capabilities: [
        { name: "vCPUs", value: String(size.vCpus) },
        { name: "MemoryGB", value: String(size.memoryGb) },
        { name: "GPUs", value: String(size.gpus) },
      ],
      restrictions: [],
    })),
  );
}

// Shape: @azure/arm-containerservice, KubernetesVersionListResult.
function kubernetesVersions(regions: Regions) {
  return regions.kubernetes.map((minor) => ({
    version: minor.version,
    isDefault: minor.isDefault,
    capabilities: { supportPlan: minor.supportPlans },
    patchVersions: Object.fromEntries(minor.patches.map((patch) => [patch, { upgrades: [] }])),
  }));
}
