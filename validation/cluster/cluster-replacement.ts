// What replaces a managed cluster: the arguments whose change does, and AKS's properties that are made of them.
import { isRecord } from "../../values/is-record";

type Arguments = Readonly<Record<string, unknown>>;

/** The one table (docs/aml-aks-cluster.md shows it): path of the argument, path of the property of a live cluster. */
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

/** Whether a change from the one to the other deletes the cluster and makes it anew. */
export function replacesCluster(before: Arguments, after: Arguments): boolean {
  return REPLACING.some(([argument]) => valueAt(before, argument) !== valueAt(after, argument));
}

/**
 * Whether a live cluster can become what the program asks for without being replaced. What either side does not say,
 * or is not known yet, is no difference.
 * @param live properties of AKS's managed cluster
 * @param wanted the same, as the program declares them
 */
export function canBecome(live: object, wanted: object): boolean {
  return REPLACING.every(
    ([, property]) => property === undefined || isSame(live, wanted, property),
  );
}

/** Compares the texts at a path. */
export function isSame(live: object, wanted: object, path: string): boolean {
  const [is, asked] = [valueAt(live, path), valueAt(wanted, path)];
  return typeof is !== "string" || typeof asked !== "string" || is === asked;
}

function valueAt(value: object, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((at, name) => (isRecord(at) ? at[name] : undefined), value);
}
