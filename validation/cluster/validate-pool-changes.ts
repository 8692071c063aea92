// Validates changes of a live node pool's properties that AKS can't make in place.
import { type ArgumentError, shown } from "../../values/argument-error";
import { isRecord } from "../../values/is-record";
import { UNKNOWN } from "../../values/unknown";
import { POOL_ARGUMENTS, SYSTEM_POOL_ARGUMENTS } from "./node-arguments";

type Arguments = Readonly<Record<string, unknown>>;

/** `az aks nodepool update` has no options for them, and AKS answers PropertyChangeNotAllowed. */
const FIXED_OF_NODES = ["vmSize", "osDiskType", "osDiskSizeGb", "maxPods", "encryptionAtHost"];
const FIXED_OF_POOLS = [...FIXED_OF_NODES, "zones", "subnetName", "spot"];

/**
 * Errors of the system pool and of the further pools. Their names are given, so a new pool can't replace an old one of
 * the same name without an outage. The agents' name is derived: a change of such a property makes another pool.
 */
export function validatePoolChanges(before: Arguments, after: Arguments): ArgumentError[] {
  return [...validateSystemPoolChange(before, after), ...validateFurtherPools(before, after)];
}

function validateSystemPoolChange(before: Arguments, after: Arguments): ArgumentError[] {
  const [old, now] = [before["systemPool"] ?? {}, after["systemPool"]];
  if (!isRecord(old) || !isRecord(now)) return [];
  const remedy = "add a pool of mode System with these settings to pools";
  return FIXED_OF_NODES.flatMap((name) => {
    const initial = name === "vmSize" ? SYSTEM_POOL_ARGUMENTS.vmSize.default : initialOf(name);
    return fixed(`systemPool.${name}`, old[name] ?? initial, now[name], remedy);
  });
}

function validateFurtherPools(before: Arguments, after: Arguments): ArgumentError[] {
  const [olds, news] = [before["pools"], after["pools"]];
  if (!Array.isArray(olds) || !Array.isArray(news)) return [];
  const remedy =
    "give the pool another name: the new one is made before the old one is drained and deleted";
  return news.flatMap((pool: unknown, index) => {
    const old: unknown = olds.find(
      (each: unknown) => isRecord(each) && isRecord(pool) && each["name"] === pool["name"],
    );
    if (!isRecord(old) || !isRecord(pool)) return [];
    return FIXED_OF_POOLS.flatMap((name) =>
      fixed(
        `pools[${index}].${name}`,
        old[name] ?? initialOf(name),
        pool[name] ?? (name === "spot" ? initialOf(name) : undefined),
        remedy,
      ),
    );
  });
}

/** What a pool has that was made without the setting; undefined where AKS or the cluster's arguments decide. */
function initialOf(name: string): unknown {
  if (name === "spot") return "none";
  return name === "encryptionAtHost" ? POOL_ARGUMENTS.encryptionAtHost.default : undefined;
}

/**
 * The error of a change. A setting that is taken away stays as it is in Azure, and so does one that was not given before
 * when it is what AKS chose: Azure says so.
 */
function fixed(path: string, old: unknown, wanted: unknown, remedy: string): ArgumentError[] {
  const values = [old, wanted];
  if (values.includes(undefined) || values.includes(UNKNOWN)) return [];
  if (meaningOf(old) === meaningOf(wanted)) return [];
  const reason = `can't be changed in a pool that exists: it was ${shown(old)} and is ${shown(wanted)}; ${remedy}`;
  return [{ path, reason }];
}

/** Sizes are compared without regard to case, zones without regard to order. */
function meaningOf(value: unknown): string {
  const ordered = Array.isArray(value) ? [...(value as unknown[])].map(String).sort() : value;
  return JSON.stringify(ordered).toLowerCase();
}
