// Arguments whose change replaces the managed cluster, with the AKS properties that they set.
import { isRecord } from "../../values/is-record";

type Arguments = Readonly<Record<string, unknown>>;

/** Path of the argument and path of the live property that it sets (documented in docs/aml-aks-cluster.md). */
const REPLACING: readonly (readonly [argument: string, property: string | undefined])[] = [
  // Part of the cluster's id.
  ["resourceGroupName", undefined],
  ["clusterName", "dnsPrefix"],
  ["location", "location"],
  ["outboundType", "networkProfile.outboundType"],
  ["network.serviceCidr", "networkProfile.serviceCidr"],
  ["network.dnsServiceIp", "networkProfile.dnsServiceIP"],
  ["network.podCidr", "networkProfile.podCidr"],
];

/** Whether the change replaces the cluster: it is deleted and created again. */
export function replacesCluster(before: Arguments, after: Arguments): boolean {
  return REPLACING.some(([argument]) => valueAt(before, argument) !== valueAt(after, argument));
}

/**
 * Whether the live cluster can be updated in place. Properties that are missing or unknown on either side count as equal.
 * @param live properties of AKS's managed cluster
 * @param wanted the properties that the program declares
 */
export function canBecome(live: object, wanted: object): boolean {
  return REPLACING.every(
    ([, property]) => property === undefined || isSame(live, wanted, property),
  );
}

/** Compares the strings at a path; anything else counts as equal. */
export function isSame(live: object, wanted: object, path: string): boolean {
  const [actual, expected] = [valueAt(live, path), valueAt(wanted, path)];
  return typeof actual !== "string" || typeof expected !== "string" || actual === expected;
}

function valueAt(value: object, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((at, name) => (isRecord(at) ? at[name] : undefined), value);
}
