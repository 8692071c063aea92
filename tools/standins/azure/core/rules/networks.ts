/** What AKS refuses about a cluster's network. */
import { type ArmError, badRequest } from "../arm-error";
import { overlaps, parseRange } from "../ipv4-range";
import { type JsonObject, numberAt, objectAt, objectsAt, textAt, valueAt } from "../json";
import { concerns, type Refusal, type Situation } from "../rule";

const CLUSTERS = "Microsoft.ContainerService/managedClusters";
const POOLS = `${CLUSTERS}/agentPools`;
const type = CLUSTERS;
const CNI = "learn.microsoft.com/azure/aks/configure-azure-cni";

const serviceRangeFree: Refusal = {
  name: "service-range-free",
  source: `${CNI}: the service range overlaps no subnet; error ServiceCidrOverlapExistingSubnetsCidr`,
  methods: ["PUT"],
  type,
  refuse({ request, store }) {
    const serviceCidr =
      textAt(request.body, "properties.networkProfile.serviceCidr") ?? "10.0.0.0/16";
    const services = parseRange(serviceCidr);
    if (!services) {
      return badRequest(
        "InvalidParameter",
        `The service CIDR '${serviceCidr}' is invalid.`,
        "networkProfile.serviceCidr",
      );
    }
    for (const pool of objectsAt(request.body, "properties.agentPoolProfiles")) {
      const subnetId = textAt(pool, "vnetSubnetID");
      const prefix = subnetId && textAt(store.get(subnetId)?.body, "properties.addressPrefix");
      const subnet = prefix && parseRange(prefix);
      if (subnet && overlaps(services, subnet)) {
        return badRequest(
          "ServiceCidrOverlapExistingSubnetsCidr",
          `The specified service CIDR ${serviceCidr} is conflicted with an existing subnet CIDR ${prefix}`,
          "networkProfile.serviceCIDR",
        );
      }
    }
    return undefined;
  },
};

const dnsServiceInRange: Refusal = {
  name: "dns-service-in-range",
  source: `${CNI}: the DNS service's address lies inside the service range and is not its first`,
  methods: ["PUT"],
  type,
  refuse({ request }) {
    const address = textAt(request.body, "properties.networkProfile.dnsServiceIP");
    const range = parseRange(
      textAt(request.body, "properties.networkProfile.serviceCidr") ?? "10.0.0.0/16",
    );
    const dns = address && parseRange(`${address}/32`);
    if (!address || !range || (dns && dns.first > range.first + 1 && dns.first < range.last)) {
      return undefined;
    }
    return badRequest(
      "InvalidParameter",
      `The DNS service IP '${address}' must lie inside the service CIDR and can't be its first address.`,
      "networkProfile.dnsServiceIP",
    );
  },
};

const subnetExists: Refusal = {
  name: "subnet-exists",
  source:
    "learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-not-found: InvalidResourceReference",
  methods: ["PUT"],
  refuse({ request, store }) {
    const asked = [
      textAt(request.body, "properties.vnetSubnetID"),
      ...objectsAt(request.body, "properties.agentPoolProfiles").map((pool) =>
        textAt(pool, "vnetSubnetID"),
      ),
    ];
    const missing = asked.find((id) => id !== undefined && !store.get(id));
    if (missing === undefined) return undefined;
    return badRequest(
      "InvalidResourceReference",
      `Resource ${missing} referenced by resource ${request.path.text} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
    );
  },
};

/** The nodes that a pool may have at once: its greatest count, and the one that an upgrade adds. */
function mostNodes(pool: JsonObject): number {
  const scaled = pool["enableAutoScaling"] === true ? numberAt(pool, "maxCount") : undefined;
  return (scaled ?? numberAt(pool, "count") ?? 1) + 1;
}

/** The pools of a cluster after a call: those that it writes, and the others as they are. */
function poolsAfter({ request, store }: Situation): JsonObject[] {
  const isPool = concerns({ type: POOLS }, request.path.type);
  const clusterId = isPool ? (request.path.parentId ?? "") : request.path.text;
  const asked = isPool
    ? [{ ...objectAt(request.body, "properties"), name: request.path.name }]
    : objectsAt(request.body, "properties.agentPoolProfiles");
  const live = store
    .list(POOLS, clusterId)
    .map(({ name, body }): JsonObject => ({ ...objectAt(body, "properties"), name }));
  const written = asked.map((pool): JsonObject => {
    const before = live.find(({ name }) => name === pool["name"]);
    return { ...before, ...pool };
  });
  return [...live.filter(({ name }) => !asked.some((pool) => pool["name"] === name)), ...written];
}

/** The cluster's network after a call. */
function networkAfter({ request, existing, store }: Situation): JsonObject {
  const isPool = concerns({ type: POOLS }, request.path.type);
  const stored = isPool ? store.get(request.path.parentId ?? "") : existing;
  const asked = isPool ? {} : objectAt(request.body, "properties.networkProfile");
  return { ...objectAt(stored?.body, "properties.networkProfile"), ...asked };
}

const rangesLargeEnough: Refusal = {
  name: "ranges-large-enough",
  source:
    "error InsufficientSubnetSize: github.com/Azure/AKS-Construction/issues/701 and github.com/Azure/AKS/issues/4467; learn.microsoft.com/azure/aks/concepts-network-ip-address-planning: 256 addresses of the pod range a node with overlay, else maxPods and one of the subnet",
  methods: ["PUT"],
  refuse(situation) {
    const { request, store } = situation;
    if (![CLUSTERS, POOLS].some((type) => concerns({ type }, request.path.type))) return undefined;
    const network = networkAfter(situation);
    const pools = poolsAfter(situation);
    const isOverlay =
      network["networkPluginMode"] === "overlay" || network["networkPlugin"] === "kubenet";
    if (isOverlay) {
      const cidr = textAt(network, "podCidr") ?? "10.244.0.0/16";
      const needed = pools.reduce((sum, pool) => sum + mostNodes(pool) * 256, 0);
      const error = tooSmall(needed, cidr, "networkProfile.podCIDR", 0);
      if (error) return error;
    }
    const subnets = new Set(pools.flatMap((pool) => textAt(pool, "vnetSubnetID") ?? []));
    for (const id of subnets) {
      const cidr = textAt(store.get(id)?.body, "properties.addressPrefix");
      if (cidr === undefined) continue;
      const needed = pools
        .filter((pool) => textAt(pool, "vnetSubnetID") === id)
        .reduce((sum, pool) => {
          const perNode = isOverlay ? 1 : (numberAt(pool, "maxPods") ?? 30) + 1;
          return sum + mostNodes(pool) * perNode;
        }, 0);
      const error = tooSmall(needed, cidr, id.split("/").at(-1) ?? "", RESERVED);
      if (error) return error;
    }
    return undefined;
  },
};

// learn.microsoft.com/azure/virtual-network/virtual-networks-faq: Azure keeps five addresses of each subnet.
const RESERVED = 5;

function tooSmall(needed: number, cidr: string, name: string, kept: number): ArmError | undefined {
  const range = parseRange(cidr);
  const available = range === undefined ? 0 : range.last - range.first + 1 - kept;
  return needed <= available
    ? undefined
    : badRequest(
        "InsufficientSubnetSize",
        `Pre-allocated IPs ${needed} exceeds IPs available ${available} in Subnet Cidr ${cidr}, Subnet Name ${name}. If Autoscaler is enabled, the max-count from each nodepool is counted towards this total (which means that pre-allocated IPs count represents a theoretical max value, not the actual number of IPs requested). http://aka.ms/aks/insufficientsubnetsize`,
        name,
      );
}

const podRangeFree: Refusal = {
  name: "pod-range-free",
  source:
    "error NetworkProfileCIDROverlapVNET: github.com/Azure/AKS-Construction/issues/403; learn.microsoft.com/azure/aks/azure-cni-overlay: the pod range overlaps neither the virtual network nor the service range",
  methods: ["PUT"],
  type: CLUSTERS,
  refuse(situation) {
    const network = networkAfter(situation);
    const podCidr = textAt(network, "podCidr");
    const pods = podCidr === undefined ? undefined : parseRange(podCidr);
    if (!pods || podCidr === undefined) return undefined;
    const serviceCidr = textAt(network, "serviceCidr") ?? "10.0.0.0/16";
    const networks = objectsAt(situation.request.body, "properties.agentPoolProfiles").flatMap(
      (pool) => addressSpaceOf(situation, textAt(pool, "vnetSubnetID")),
    );
    const taken = [serviceCidr, ...networks].find((cidr) => {
      const range = parseRange(cidr);
      return range !== undefined && overlaps(pods, range);
    });
    return taken === undefined
      ? undefined
      : badRequest(
          "NetworkProfileCIDROverlapVNET",
          `NetworkProfile CIDR ${podCidr} overlaps with reserved VNET CIDR ${taken}`,
          "networkProfile.podCIDR",
        );
  },
};

function addressSpaceOf({ store }: Situation, subnetId: string | undefined): string[] {
  const network = store.get((subnetId ?? "").split(/\/subnets\//i)[0] ?? "");
  const prefixes = valueAt(network?.body, "properties.addressSpace.addressPrefixes");
  return Array.isArray(prefixes) ? prefixes.map(String) : [];
}

export const networkRules: readonly Refusal[] = [
  serviceRangeFree,
  dnsServiceInRange,
  subnetExists,
  rangesLargeEnough,
  podRangeFree,
];
