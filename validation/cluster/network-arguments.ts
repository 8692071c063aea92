// The arguments of a cluster's `network`: v1's six fields, each supported or rejected, and the address ranges.
import { NetworkDataplane, NetworkPolicy } from "../../contracts/choices";
import { type ArgumentError, shown } from "../../values/argument-error";
import {
  isInRange,
  parseIpAddress,
  parseIpRange,
  rangesOverlap,
  type IpRange,
} from "../../azure/core/ip-range";
import { choice, refused, text, textLike } from "../../values/argument-rules";
import { type Arguments, type ArgumentTable, isUnset } from "../../values/argument-table";
import { isRecord } from "../../values/is-record";
import { UNKNOWN } from "../../values/unknown";

function range<const Given extends { readonly default?: string }>(given: Given) {
  const bound = "a range like 10.1.0.0/16, with no host bits set";
  return textLike(bound, (cidr) => parseIpRange(cidr) !== undefined, given);
}

/** Defaults are those of AKS (learn.microsoft.com/azure/aks/azure-cni-overlay). */
export const NETWORK_ARGUMENTS = {
  vnetName: text({ required: true }),
  vnetResourceGroupName: text({}),
  subnetName: text({ required: true }),
  subnetCidr: range({}),
  serviceCidr: range({ default: "10.0.0.0/16" }),
  dnsServiceIp: {
    legal: "be an address inside serviceCidr, and not its first",
    find: () => [],
    beside: insideServiceCidr,
  },
  podCidr: range({ default: "10.244.0.0/16" }),
  dockerBridgeCidr: refused(
    "has no meaning any more: AKS nodes run containerd, which has no Docker bridge; leave it out",
  ),
  loadBalancerSubnetName: text({}),
} as const satisfies ArgumentTable;

/** The network inside the cluster, with or without a network of the user's own. Defaults are those of AKS. */
export const POD_NETWORK_ARGUMENTS = {
  networkPlugin: {
    bound: "azure",
    legal: "be azure",
    default: "azure",
    find: (path, value) =>
      value === "azure" ? [] : [{ path, reason: `must be azure: ${whyNotPlugin(value)}` }],
  },
  networkPolicy: choice(Object.values(NetworkPolicy), {
    default: NetworkPolicy.None,
    beside: fitsDataplane,
  }),
  networkDataplane: choice(Object.values(NetworkDataplane), { default: NetworkDataplane.Azure }),
} as const satisfies ArgumentTable;

// azure.microsoft.com/updates?id=485172; learn.microsoft.com/azure/aks/use-byo-cni.
function whyNotPlugin(plugin: unknown): string {
  if (plugin === "kubenet") {
    return "Azure retires kubenet on 31 March 2028; pods get addresses of their own (network.podCidr) with azure, too, whose mode is overlay";
  }
  if (plugin === "none") {
    return "with none, no pod could start before somebody installs a network";
  }
  return `it is ${shown(plugin)}`;
}

/** learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium: its policies need its data plane, and it takes no others. */
function fitsDataplane(path: string, given: unknown, args: Arguments): ArgumentError[] {
  const policy = given ?? NetworkPolicy.None;
  const dataplane = args["networkDataplane"] ?? NetworkDataplane.Azure;
  if (policy === UNKNOWN || dataplane === UNKNOWN) return [];
  const { Cilium, None } = NetworkPolicy;
  if (policy === Cilium && dataplane !== NetworkDataplane.Cilium) {
    return [{ path, reason: "cilium needs networkDataplane cilium" }];
  }
  if (dataplane !== NetworkDataplane.Cilium || policy === Cilium || policy === None) return [];
  return [
    { path, reason: `must be cilium or none with networkDataplane cilium: it is ${shown(policy)}` },
  ];
}

/** Errors of overlapping address ranges. Ranges that are not given have their defaults. */
export function validateRanges(path: string, network: unknown): ArgumentError[] {
  if (!isRecord(network)) return [];
  const errors: ArgumentError[] = [];
  const ranges: { path: string; cidr: string; range: IpRange }[] = [];
  for (const name of ["subnetCidr", "serviceCidr", "podCidr"] as const) {
    const cidr = network[name] ?? NETWORK_ARGUMENTS[name].default;
    const parsed = typeof cidr === "string" ? parseIpRange(cidr) : undefined;
    if (parsed === undefined || typeof cidr !== "string") continue;
    const at = `${path}.${name}`;
    for (const other of ranges) {
      if (!rangesOverlap(parsed, other.range)) continue;
      const reason = `must not overlap ${other.path} ${other.cidr}: it is ${cidr}`;
      errors.push({ path: at, reason });
    }
    ranges.push({ path: at, cidr, range: parsed });
  }
  return errors;
}

function insideServiceCidr(path: string, given: unknown, network: Arguments): ArgumentError[] {
  const cidr = network["serviceCidr"] ?? NETWORK_ARGUMENTS.serviceCidr.default;
  if (isUnset(given) || given === UNKNOWN) return [];
  const parsed = typeof cidr === "string" ? parseIpRange(cidr) : undefined;
  const address = typeof given === "string" ? parseIpAddress(given) : undefined;
  if (parsed === undefined) return [];
  // The first address of the range belongs to the `kubernetes` Service.
  if (address !== undefined && isInRange(address, parsed) && address > parsed.first + 1) return [];
  const reason = `must be an address inside ${shown(cidr)}, and not its first: it is ${shown(given)}`;
  return [{ path, reason }];
}

/** Default DNS address of a service range: the tenth address, as in AKS. */
export function defaultDnsServiceIp(serviceCidr: string): string {
  const first = parseIpRange(serviceCidr)?.first ?? 0;
  return [24, 16, 8, 0].map((bits) => Math.floor((first + 10) / 2 ** bits) % 256).join(".");
}
