/** What AKS refuses about a cluster's network. */
import { badRequest } from "../arm-error";
import { overlaps, parseRange } from "../ipv4-range";
import { objectsAt, textAt } from "../json";
import type { Refusal } from "../rule";

const type = "Microsoft.ContainerService/managedClusters";
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

export const networkRules: readonly Refusal[] = [serviceRangeFree, dnsServiceInRange, subnetExists];
