/** What AKS refuses in a node pool, whether it comes inline with its cluster or alone. */
import { type ArmError, badRequest } from "../arm-error";
import { type JsonObject, numberAt, objectAt, objectsAt, textAt, valueAt } from "../json";
import type { Refusal, Situation } from "../rule";
import { changeRefused, isChange } from "./managed-clusters";

const CLUSTERS = "Microsoft.ContainerService/managedClusters";
const POOLS = `${CLUSTERS}/agentPools`;
const REST = "learn.microsoft.com/rest/api/aks/agent-pools/create-or-update";

/** A pool in a request, with what exists of it. */
export interface AskedPool {
  readonly name: string;
  readonly properties: JsonObject;
  readonly location: string;
  readonly before: JsonObject | undefined;
}

/** The pools that a call writes: one for a pool's own PUT, all inline ones for a cluster's. */
function askedPools({ request, existing, store }: Situation): AskedPool[] {
  const { path, body } = request;
  if (path.type.toLowerCase() === POOLS.toLowerCase()) {
    const cluster = store.get(path.parentId ?? "");
    const properties = body["properties"];
    return [
      {
        name: path.name ?? "",
        properties: typeof properties === "object" ? { ...properties } : {},
        location: textAt(cluster?.body, "location") ?? "",
        before: existing?.body,
      },
    ];
  }
  if (path.type.toLowerCase() !== CLUSTERS.toLowerCase()) return [];
  return objectsAt(body, "properties.agentPoolProfiles").map((pool) => {
    const name = textAt(pool, "name") ?? "";
    const before = store.get(`${path.text}/agentPools/${name}`)?.body;
    return { name, properties: pool, location: textAt(body, "location") ?? "", before };
  });
}

/** A rule about every pool that a call writes, alone or with its cluster. */
export function poolRule(
  name: string,
  source: string,
  refuse: (pool: AskedPool, situation: Situation) => ArmError | undefined,
): Refusal {
  return {
    name,
    source,
    methods: ["PUT"],
    refuse: (situation) => {
      for (const pool of askedPools(situation)) {
        const error = refuse(pool, situation);
        if (error) return error;
      }
      return undefined;
    },
  };
}

const poolNameForm = poolRule(
  "pool-name-form",
  "@azure/arm-containerservice, `agentPoolName`: ^[a-z][a-z0-9]{0,11}$ (6 for Windows)",
  (pool) =>
    /^[a-z][a-z0-9]{0,11}$/.test(pool.name)
      ? undefined
      : badRequest(
          "InvalidParameter",
          `The agent pool name '${pool.name}' is invalid: it must be 1 to 12 lower-case letters and digits and start with a letter.`,
          "agentPoolProfile.name",
        ),
);

const poolSizeOffered = poolRule(
  "pool-size-offered",
  "learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/vmsizenotsupported-error",
  (pool, { regions }) => {
    const size = textAt(pool.properties, "vmSize");
    if (size === undefined || regions.sizes.some((each) => equalText(each.name, size)))
      return undefined;
    return badRequest(
      "VMSizeNotSupported",
      `The VM size of ${size} is not allowed in your subscription in location '${pool.location}'. The available VM sizes are ${regions.sizes.map((each) => each.name).join(", ")}. For more details, please visit https://aka.ms/cpu-quota`,
      "properties.vmSize",
    );
  },
);

const systemPoolLarge = poolRule(
  "system-pool-large",
  "learn.microsoft.com/azure/aks/use-system-pools: system pools need at least 2 vCPUs and 4 GB, and no B-series",
  (pool, { regions }) => {
    if (pool.properties["mode"] !== "System") return undefined;
    const size = textAt(pool.properties, "vmSize") ?? "";
    const known = regions.sizes.find((each) => equalText(each.name, size));
    if (known && known.vCpus >= 2 && known.memoryGb >= 4) return undefined;
    return badRequest(
      "InvalidParameter",
      `The VM size ${size} is not allowed for system pool '${pool.name}': it needs at least 2 vCPUs and 4 GB of memory.`,
      "properties.vmSize",
    );
  },
);

const poolCountInBounds = poolRule(
  "pool-count-in-bounds",
  `${REST}: count lies between minCount and maxCount when enableAutoScaling is true`,
  ({ name, properties }) => {
    if (properties["enableAutoScaling"] !== true) {
      return properties["minCount"] === undefined && properties["maxCount"] === undefined
        ? undefined
        : badRequest(
            "InvalidParameter",
            `Agent pool '${name}': minCount and maxCount need enableAutoScaling.`,
            "properties.minCount",
          );
    }
    const min = numberAt(properties, "minCount");
    const max = numberAt(properties, "maxCount");
    const count = numberAt(properties, "count");
    if (min !== undefined && max !== undefined && min <= max) {
      if (count === undefined || (count >= min && count <= max)) return undefined;
    }
    return badRequest(
      "InvalidParameter",
      `Agent pool '${name}': the value of parameter count (${count ?? "null"}) must be between minCount (${min ?? "null"}) and maxCount (${max ?? "null"}).`,
      "properties.count",
    );
  },
);

const poolZonesOffered = poolRule(
  "pool-zones-offered",
  "learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/availabilityzonenotsupported-error",
  (pool, { regions }) => {
    const zones = pool.properties["availabilityZones"];
    const offered = regions.zones[pool.location.replace(/\s/g, "").toLowerCase()] ?? [];
    if (!Array.isArray(zones)) return undefined;
    const missing = zones.filter((zone) => !offered.includes(String(zone)));
    if (missing.length === 0) return undefined;
    return badRequest(
      "AvailabilityZoneNotSupported",
      `Preflight validation check for resource(s) for agent pool '${pool.name}' failed. The zone(s) '${missing.join(",")}' for resource '${pool.name}' is not supported. The supported zones for location '${pool.location}' are '${offered.join(",")}'.`,
      "properties.availabilityZones",
    );
  },
);

const spotIsUserPool = poolRule(
  "spot-is-user-pool",
  "learn.microsoft.com/azure/aks/spot-node-pool, «Limitations»: a spot pool can't be a system pool",
  ({ name, properties }) =>
    properties["scaleSetPriority"] === "Spot" && properties["mode"] === "System"
      ? badRequest(
          "InvalidParameter",
          `Spot agent pool '${name}' can't be a system pool.`,
          "properties.mode",
        )
      : undefined,
);

// Each is refused by the service with PropertyChangeNotAllowed: `az aks nodepool update` has no option for them.
const FIXED = [
  "vmSize",
  "availabilityZones",
  "osDiskSizeGB",
  "osDiskType",
  "osType",
  "maxPods",
  "vnetSubnetID",
  "scaleSetPriority",
  "gpuInstanceProfile",
  "enableNodePublicIP",
  ...["type", "podSubnetID", "kubeletDiskType", "workloadRuntime", "hostGroupID"],
  ...["enableEncryptionAtHost", "enableUltraSSD", "scaleSetEvictionPolicy", "spotMaxPrice"],
  ...["proximityPlacementGroupID", "nodePublicIPPrefixID", "capacityReservationGroupID"],
  ...["kubeletConfig", "linuxOSConfig", "gpuProfile", "messageOfTheDay"],
];

const poolFixedProperties = poolRule(
  "pool-fixed-properties",
  `${REST} and error PropertyChangeNotAllowed; learn.microsoft.com/azure/aks/resize-node-pool: the size of a pool's machines can't be changed`,
  ({ before, properties }) => {
    const wanted = { properties };
    const changed = FIXED.find((path) => isChange(before, wanted, `properties.${path}`));
    return changed === undefined ? undefined : changeRefused(`properties.${changed}`);
  },
);

const poolsInOneNetwork = poolRule(
  "pools-in-one-network",
  "learn.microsoft.com/azure/aks/node-pool-unique-subnet: all subnets of node pools belong to the same virtual network",
  ({ name, properties }, { request, store }) => {
    const { path } = request;
    const isPool = path.type.toLowerCase() === POOLS.toLowerCase();
    const wanted = networkOf(properties);
    const others = store
      .list(POOLS, isPool ? path.parentId : path.text)
      .filter(
        (pool) => pool.name !== name && networkOf(objectAt(pool.body, "properties")) !== wanted,
      );
    return others.length === 0
      ? undefined
      : badRequest(
          "InvalidParameter",
          `Agent pool '${name}': all or none of the agent pools must set vnetSubnetID, and all subnets must belong to the same virtual network.`,
          "properties.vnetSubnetID",
        );
  },
);

/** The virtual network of a pool's subnet; empty for the one that AKS manages. */
function networkOf(properties: JsonObject): string {
  return (textAt(properties, "vnetSubnetID") ?? "").split(/\/subnets\//i)[0]?.toLowerCase() ?? "";
}

const lastSystemPoolStays: Refusal = {
  name: "last-system-pool-stays",
  source:
    "learn.microsoft.com/azure/aks/use-system-pools: the last system pool can't be deleted, nor become a user pool",
  methods: ["DELETE", "PUT"],
  type: POOLS,
  refuse({ request, existing, store }) {
    if (valueAt(existing?.body, "properties.mode") !== "System") return undefined;
    const mode = textAt(request.body, "properties.mode");
    if (request.method === "PUT" && (mode === undefined || mode === "System")) return undefined;
    const others = store
      .list(POOLS, request.path.parentId)
      .filter(
        (pool) =>
          pool.name !== existing?.name && valueAt(pool.body, "properties.mode") === "System",
      );
    return others.length > 0
      ? undefined
      : badRequest("BadRequest", "There has to be at least one system agent pool.");
  },
};

function equalText(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

export const agentPoolRules: readonly Refusal[] = [
  poolNameForm,
  poolSizeOffered,
  systemPoolLarge,
  poolCountInBounds,
  poolZonesOffered,
  spotIsUserPool,
  poolFixedProperties,
  poolsInOneNetwork,
  lastSystemPoolStays,
];
