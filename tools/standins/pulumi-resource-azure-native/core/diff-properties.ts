/** Differences between two bags of inputs, path by path, and which of them replace: azure-native's `Diff`. */
import { isRecord, type PropertyMap } from "../../property-value";
import { pathInputs, type ResourceEntry } from "./resource-table";

export interface PropertyDifference {
  /** `networkProfile.serviceCidr`, `agentPoolProfiles[0].count`, `tags.["a.b"]` */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  readonly replaces: boolean;
}

/** Where a value stands: its path as it is shown, and the names on the way with `[]` behind those of lists. */
interface Place {
  readonly path: string;
  readonly names: readonly string[];
}

/** Marks the inputs of a resource whose name the plugin made up. */
export const CREATE_BEFORE_DELETE = "__createBeforeDelete";

/**
 * What an update would change. Source: pulumi/pulumi-azure-native `provider/pkg/provider/diff.go`, `diff()`,
 * `calculateDetailedDiff()` and `calculateChangesAndReplacements()`: lists are compared by index, and a list's added
 * and removed elements replace nothing.
 *
 * @param outputs of the last update: a property that Azure had filled in with the same value replaces nothing when it
 * is declared for the first time
 */
export function diffInputs(
  entry: ResourceEntry,
  before: PropertyMap,
  after: PropertyMap,
  outputs: PropertyMap,
): PropertyDifference[] {
  const olds = withApiVersion(before, outputs);
  return diffObjects(entry, olds, after, { path: "", names: [] })
    .filter(({ path }) => !isEqualForAzure(path, olds, after))
    .map((difference) => {
      const { path, kind } = difference;
      const isKnown = kind === "add" && path in after && isSame(outputs[path], after[path]);
      return isKnown ? { ...difference, replaces: false } : difference;
    });
}

/** True when the new one must wait until the old one is gone: unless the plugin had made up the name. */
export function deletesFirst(
  differences: readonly PropertyDifference[],
  before: PropertyMap,
): boolean {
  const flag = before[CREATE_BEFORE_DELETE];
  return typeof flag === "boolean" ? !flag : differences.some(({ replaces }) => replaces);
}

/** A state from before the inputs had the API version: the outputs have it. */
function withApiVersion(before: PropertyMap, outputs: PropertyMap): PropertyMap {
  const version = outputs["azureApiVersion"];
  return before["azureApiVersion"] === undefined && version !== undefined
    ? { ...before, azureApiVersion: version }
    : before;
}

function diffObjects(
  entry: ResourceEntry,
  before: PropertyMap,
  after: PropertyMap,
  place: Place,
): PropertyDifference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .filter((name) => !name.startsWith("__"))
    .flatMap((name) => diffMembers(entry, before[name], after[name], inside(place, name)));
}

function diffMembers(
  entry: ResourceEntry,
  before: unknown,
  after: unknown,
  place: Place,
): PropertyDifference[] {
  const replaces = isReplaceKey(entry, place.names);
  const { path } = place;
  if (isNothing(before) && isNothing(after)) return [];
  if (isNothing(before)) return [{ path, kind: "add", replaces }];
  if (isNothing(after)) return [{ path, kind: "delete", replaces }];
  return diffValues(entry, before, after, place);
}

function diffValues(
  entry: ResourceEntry,
  before: unknown,
  after: unknown,
  place: Place,
): PropertyDifference[] {
  const { path } = place;
  const replaces = isReplaceKey(entry, place.names);
  if (Array.isArray(before) && Array.isArray(after)) return diffLists(entry, before, after, place);
  if (isRecord(before) && isRecord(after)) {
    const found = diffObjects(entry, before, after, place);
    if (!replaces || found.length === 0) return found;
    const marked = found.map((each) =>
      each.kind === "update" ? { ...each, replaces: true } : each,
    );
    return marked.some((each) => each.replaces)
      ? marked
      : [{ path, kind: "update", replaces }, ...marked];
  }
  return areEqual(before, after) ? [] : [{ path, kind: "update", replaces }];
}

function diffLists(
  entry: ResourceEntry,
  before: readonly unknown[],
  after: readonly unknown[],
  { path, names }: Place,
): PropertyDifference[] {
  const length = Math.max(before.length, after.length);
  return Array.from({ length }, (_, index) => index).flatMap((index): PropertyDifference[] => {
    const element = `${path}[${index}]`;
    if (index >= before.length) return [{ path: element, kind: "add", replaces: false }];
    if (index >= after.length) return [{ path: element, kind: "delete", replaces: false }];
    const last = names.at(-1) ?? "";
    const place = { path: element, names: [...names.slice(0, -1), `${last}[]`] };
    return diffValues(entry, before[index], after[index], place);
  });
}

function inside({ path, names }: Place, name: string): Place {
  const shown = name.includes(".") ? `["${name}"]` : name;
  return { path: path === "" ? shown : `${path}.${shown}`, names: [...names, name] };
}

/** What fills the path replaces at the top, and what the table names replaces there and one level below. */
function isReplaceKey(entry: ResourceEntry, names: readonly string[]): boolean {
  const [first = "", second] = names;
  if (names.length === 1) {
    return pathInputs(entry).includes(first) || entry.replacedBy.includes(first);
  }
  return names.length === 2 && entry.replacedBy.includes(second ?? "");
}

/** Some properties at the top say the same in other words (`applyAzureSpecificDiff()`). */
function isEqualForAzure(path: string, before: PropertyMap, after: PropertyMap): boolean {
  const top = path.split(/[.[]/)[0] ?? "";
  const [old, wanted] = [before[top], after[top]];
  if (typeof old === "string" && typeof wanted === "string") {
    if (top === "resourceGroupName") return old.toLowerCase() === wanted.toLowerCase();
    if (top === "location") return locationName(old) === locationName(wanted);
  }
  return top === "sku" && isSameClusterSku(old, wanted);
}

function locationName(location: string): string {
  return location.replaceAll(" ", "").toLowerCase();
}

/** AKS renamed `Basic` to `Base` and `Paid` to `Standard` (pulumi/pulumi-azure-native issue 2600). */
function isSameClusterSku(before: unknown, after: unknown): boolean {
  if (!isRecord(before) || !isRecord(after)) return false;
  if (![before, after].every((sku) => Object.keys(sku).sort().join() === "name,tier")) return false;
  const renamed = (value: unknown) =>
    value === "Basic" ? "Base" : value === "Paid" ? "Standard" : value;
  return ["name", "tier"].every((key) => renamed(before[key]) === renamed(after[key]));
}

/**
 * What a refresh makes of the inputs: what Azure changed since the last update, laid over what the program wrote
 * (`applyDiff()` and `applyValueDiff()`). Defaults that Azure filled in at once are in both outputs, and so don't show.
 * Lists are laid over each other by index, and the new length holds.
 */
export function applyDrift(
  inputs: PropertyMap,
  outputsBefore: PropertyMap,
  outputsNow: PropertyMap,
): PropertyMap {
  const drifted: PropertyMap = { ...inputs };
  for (const name of new Set([...Object.keys(outputsBefore), ...Object.keys(outputsNow)])) {
    const [before, now] = [outputsBefore[name], outputsNow[name]];
    if (isSame(before, now)) continue;
    if (isNothing(now)) delete drifted[name];
    else if (isNothing(before) || !(name in inputs)) drifted[name] = now;
    else drifted[name] = driftOf(inputs[name], before, now);
  }
  return drifted;
}

function driftOf(wrote: unknown, before: unknown, now: unknown): unknown {
  if (isRecord(wrote) && isRecord(before) && isRecord(now)) return applyDrift(wrote, before, now);
  if (Array.isArray(wrote) && Array.isArray(before) && Array.isArray(now)) {
    return now.map((item: unknown, index): unknown =>
      index < wrote.length && index < before.length
        ? driftOf(wrote[index], before[index], item)
        : item,
    );
  }
  return now;
}

/** Deep equality, in which the ids of Azure's resources have no case. */
function areEqual(one: unknown, other: unknown): boolean {
  return isSame(one, other, idText);
}

/** Deep equality; nothing is null and undefined. */
function isSame(one: unknown, other: unknown, meaning = (text: string) => text): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return (
      one.length === other.length && one.every((item, index) => isSame(item, other[index], meaning))
    );
  }
  if (isRecord(one) && isRecord(other)) {
    const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    return names.every((name) => isSame(one[name], other[name], meaning));
  }
  if (typeof one === "string" && typeof other === "string") return meaning(one) === meaning(other);
  return one === other || (isNothing(one) && isNothing(other));
}

/** An id inside a resource group in lower case; any other text as it is (`normalizeAzureId()`). */
function idText(text: string): string {
  return /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/[^/]+\/./i.test(text)
    ? text.toLowerCase()
    : text;
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}
