// Arguments whose change replaces the managed cluster, with the AKS properties that they set.
import { regionName } from "../../azure/core/region-name";
import { isRecord } from "../../values/is-record";
import { defaultDnsServiceIp } from "./network-arguments";

type Arguments = Readonly<Record<string, unknown>>;

interface Replacing {
  /** Path of the argument. */
  readonly argument: string;
  /** Path of the live property that it sets; undefined for a part of the cluster's id. */
  readonly property?: string;
  /** What a cluster has whose program did not give it. */
  readonly default?: (args: Arguments) => string;
  /** A live cluster keeps what it has when the argument is taken away. */
  readonly keeps?: boolean;
}

/** Documented in docs/aml-aks-cluster.md. */
const REPLACING: readonly Replacing[] = [
  { argument: "resourceGroupName" },
  { argument: "clusterName", property: "dnsPrefix" },
  { argument: "location", property: "location" },
  { argument: "nodeResourceGroup", property: "nodeResourceGroup", keeps: true },
  {
    argument: "networkPolicy",
    property: "networkProfile.networkPolicy",
    default: () => "none",
    keeps: true,
  },
  {
    argument: "networkDataplane",
    property: "networkProfile.networkDataplane",
    default: () => "azure",
    keeps: true,
  },
  {
    argument: "outboundType",
    property: "networkProfile.outboundType",
    default: () => "loadBalancer",
  },
  {
    argument: "network.serviceCidr",
    property: "networkProfile.serviceCidr",
    default: () => SERVICE_CIDR,
  },
  {
    argument: "network.dnsServiceIp",
    property: "networkProfile.dnsServiceIP",
    default: dnsServiceIp,
  },
  {
    argument: "network.podCidr",
    property: "networkProfile.podCidr",
    default: () => "10.244.0.0/16",
  },
];

const SERVICE_CIDR = "10.0.0.0/16";

function dnsServiceIp(args: Arguments): string {
  const cidr = valueAt(args, "network.serviceCidr");
  return defaultDnsServiceIp(typeof cidr === "string" ? cidr : SERVICE_CIDR);
}

/** Whether the change replaces the cluster: it is deleted and created again. */
export function replacesCluster(before: Arguments, after: Arguments): boolean {
  return REPLACING.some(({ argument, default: otherwise, keeps = false }) => {
    const wanted = valueAt(after, argument) ?? (keeps ? undefined : otherwise?.(after));
    if (wanted === undefined && keeps) return false;
    const old = valueAt(before, argument) ?? otherwise?.(before);
    // A cluster's name is part of the id by which the state knows it: another case is another name there.
    return argument === "clusterName" ? old !== wanted : meaningOf(old) !== meaningOf(wanted);
  });
}

/**
 * Whether the live cluster can be updated in place. Properties that are missing or unknown on either side count as equal.
 * @param live properties of AKS's managed cluster
 * @param wanted the properties that the program declares
 */
export function canBecome(live: object, wanted: object): boolean {
  return REPLACING.every(
    ({ property }) => property === undefined || isSame(live, wanted, property),
  );
}

/** Compares the texts at a path as Azure does; anything else counts as equal. */
export function isSame(live: object, wanted: object, path: string): boolean {
  const [actual, expected] = [valueAt(live, path), valueAt(wanted, path)];
  if (typeof actual !== "string" || typeof expected !== "string") return true;
  return meaningOf(actual) === meaningOf(expected);
}

/** Regions may be written with spaces, and none of these texts has a case that Azure tells apart. */
function meaningOf(value: unknown): unknown {
  return typeof value === "string" ? regionName(value) : value;
}

function valueAt(value: object, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((at, name) => (isRecord(at) ? at[name] : undefined), value);
}
