/** Differences between two property bags, path by path, as azure-native shows them. */
import { isRecord, isUnknown, type PropertyMap } from "../../property-value";
import { pathInputs, type ResourceEntry } from "./resource-table";

export interface PropertyDifference {
  /** `networkProfile.serviceCidr`, `agentPoolProfiles[0].count` */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
}

export function diffProperties(before: unknown, after: unknown, path = ""): PropertyDifference[] {
  if (isRecord(before) && isRecord(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) =>
      diffProperties(before[name], after[name], path === "" ? name : `${path}.${name}`),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      diffProperties(before[index], after[index], `${path}[${index}]`),
    );
  }
  if (before === after) return [];
  if (isNothing(before) && isNothing(after)) return [];
  if (isNothing(before)) return [{ path, kind: "add" }];
  return [{ path, kind: isNothing(after) ? "delete" : "update" }];
}

/** True when a difference at this path replaces the resource. */
export function replaces(entry: ResourceEntry, { path }: PropertyDifference): boolean {
  const names = path.replace(/\[\d+\]/g, "").split(".");
  return (
    pathInputs(entry).includes(names[0] ?? "") ||
    names.some((name) => entry.replacedBy.includes(name))
  );
}

/**
 * What a refresh makes of the inputs: what Azure changed since the last update, laid over what the program wrote.
 * Defaults that Azure filled in at once are in both outputs, and so don't show.
 */
export function applyDrift(
  inputs: PropertyMap,
  outputsBefore: PropertyMap,
  outputsNow: PropertyMap,
): PropertyMap {
  const drifted: PropertyMap = { ...inputs };
  for (const name of new Set([...Object.keys(outputsBefore), ...Object.keys(outputsNow)])) {
    const before = outputsBefore[name];
    const now = outputsNow[name];
    if (diffProperties(before, now).length === 0) continue;
    if (isUnknown(inputs[name])) continue;
    const wrote = inputs[name];
    if (isRecord(wrote) && isRecord(before) && isRecord(now))
      drifted[name] = applyDrift(wrote, before, now);
    else if (now === undefined) delete drifted[name];
    else drifted[name] = now;
  }
  return drifted;
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}
