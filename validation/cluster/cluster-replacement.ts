// Arguments whose change replaces the managed cluster.
import { regionName } from "../../azure/core/region-name";
import { valueAt } from "../../values/value-at";
import { defaultDnsServiceIp } from "./network-arguments";

type Arguments = Readonly<Record<string, unknown>>;

interface Replacing {
  /** Path of the argument. */
  readonly argument: string;
  /** What a cluster has whose program did not give it. */
  readonly default?: (args: Arguments) => string;
  /** A live cluster keeps what it has when the argument is taken away. */
  readonly keeps?: boolean;
}

/** Documented in docs/aml-aks-cluster.md. */
const REPLACING: readonly Replacing[] = [
  { argument: "resourceGroupName" },
  { argument: "clusterName" },
  { argument: "location" },
  { argument: "nodeResourceGroup", keeps: true },
  {
    argument: "networkPolicy",
    default: () => "none",
    keeps: true,
  },
  {
    argument: "networkDataplane",
    default: () => "azure",
    keeps: true,
  },
  {
    argument: "outboundType",
    default: () => "loadBalancer",
  },
  {
    argument: "network.serviceCidr",
    default: () => SERVICE_CIDR,
  },
  {
    argument: "network.dnsServiceIp",
    default: dnsServiceIp,
  },
  {
    argument: "network.podCidr",
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

/** Regions may be written with spaces, and none of these texts has a case that Azure tells apart. */
function meaningOf(value: unknown): unknown {
  return typeof value === "string" ? regionName(value) : value;
}
