// What is wrong with a cluster's network: v1's six fields, each mapped or refused, and no two ranges that overlap.
import { type ArgumentProblem, shown } from "../../values/argument-problem";
import {
  isInRange,
  parseIpAddress,
  parseIpRange,
  rangesOverlap,
  type IpRange,
} from "../../azure/core/ip-range";
import { isRecord } from "../../values/is-record";
import { validateNames, validateText } from "../../values/plain-values";
import { UNKNOWN } from "../../values/unknown";

const NETWORK_ARGUMENTS = [
  ...["vnetName", "vnetResourceGroupName", "subnetName", "subnetCidr", "serviceCidr"],
  ...["dnsServiceIp", "podCidr", "dockerBridgeCidr", "loadBalancerSubnetName"],
];

/** AKS's own, for those left out (learn.microsoft.com/azure/aks/azure-cni-overlay). */
export const DEFAULT_SERVICE_CIDR = "10.0.0.0/16";
export const DEFAULT_POD_CIDR = "10.244.0.0/16";

/** Every problem of `network`. */
export function validateClusterNetwork(network: unknown): ArgumentProblem[] {
  if (network === undefined || network === UNKNOWN) return [];
  if (!isRecord(network))
    return [{ path: "network", reason: `must be an object: it is ${shown(network)}` }];
  const optional = { optional: true };
  return [
    ...validateNames("network", network, NETWORK_ARGUMENTS),
    ...validateText("network.vnetName", network["vnetName"]),
    ...validateText("network.vnetResourceGroupName", network["vnetResourceGroupName"], optional),
    ...validateText("network.subnetName", network["subnetName"]),
    ...validateText("network.loadBalancerSubnetName", network["loadBalancerSubnetName"], optional),
    ...validateDockerBridge(network["dockerBridgeCidr"]),
    ...validateRanges(network),
    ...validateDnsService(network),
  ];
}

function validateDockerBridge(value: unknown): ArgumentProblem[] {
  if (value === undefined) return [];
  const reason =
    "has no meaning any more: AKS nodes run containerd, which has no Docker bridge; leave it out";
  return [{ path: "network.dockerBridgeCidr", reason }];
}

const DEFAULTS: Readonly<Record<string, string | undefined>> = {
  subnetCidr: undefined,
  serviceCidr: DEFAULT_SERVICE_CIDR,
  podCidr: DEFAULT_POD_CIDR,
};

function validateRanges(network: Record<string, unknown>): ArgumentProblem[] {
  const problems: ArgumentProblem[] = [];
  const ranges: { path: string; cidr: string; range: IpRange }[] = [];
  for (const [name, fallback] of Object.entries(DEFAULTS)) {
    const cidr = network[name] ?? fallback;
    if (cidr === undefined || cidr === UNKNOWN) continue;
    const path = `network.${name}`;
    const range = typeof cidr === "string" ? parseIpRange(cidr) : undefined;
    if (range === undefined || typeof cidr !== "string") {
      const reason = `must be a range like 10.1.0.0/16, with no bit set behind its prefix: it is ${shown(cidr)}`;
      problems.push({ path, reason });
      continue;
    }
    for (const other of ranges) {
      if (!rangesOverlap(range, other.range)) continue;
      problems.push({
        path,
        reason: `must not overlap ${other.path} ${other.cidr}: it is ${cidr}`,
      });
    }
    ranges.push({ path, cidr, range });
  }
  return problems;
}

function validateDnsService(network: Record<string, unknown>): ArgumentProblem[] {
  const given = network["dnsServiceIp"];
  const cidr = network["serviceCidr"] ?? DEFAULT_SERVICE_CIDR;
  if (given === undefined || given === UNKNOWN || cidr === UNKNOWN) return [];
  const range = typeof cidr === "string" ? parseIpRange(cidr) : undefined;
  const address = typeof given === "string" ? parseIpAddress(given) : undefined;
  if (range === undefined) return [];
  // The first address of the range is the `kubernetes` Service's.
  const inside = address !== undefined && isInRange(address, range) && address > range.first + 1;
  if (inside) return [];
  const reason = `must be an address inside ${shown(cidr)}, and not its first: it is ${shown(given)}`;
  return [{ path: "network.dnsServiceIp", reason }];
}

/** The DNS address of a service range that names none: its tenth, as AKS has it. */
export function defaultDnsServiceIp(serviceCidr: string): string {
  const first = parseIpRange(serviceCidr)?.first ?? 0;
  return [24, 16, 8, 0].map((bits) => Math.floor((first + 10) / 2 ** bits) % 256).join(".");
}
