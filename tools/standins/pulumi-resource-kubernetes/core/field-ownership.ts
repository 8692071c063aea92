/** Who owns which field of an object, as the API server records it in `metadata.managedFields`. */
import { isRecord } from "../../property-value";
import { type KubeObject, metadataOf } from "./kube-object";

/** One manager's entry. */
export interface ManagedFields {
  readonly manager: string;
  readonly operation: string;
  readonly fieldsV1: Record<string, unknown>;
  readonly [member: string]: unknown;
}

// Objects made by a plain create (this plugin without upsert, kubectl) have their fields owned by
// an Update entry; without taking it over, an apply could never remove one of those fields.
const adoptable: ReadonlySet<string> = new Set([
  "kubectl/Apply",
  "kubectl/Update",
  "before-first-apply/Update",
  "pulumi-kubernetes/Update",
  "pulumi-kubernetes.exe/Update",
  "pulumi-resource-kubernetes/Update",
]);

/** The manager of objects that are created without server-side apply. */
export const creatingManager = "pulumi-kubernetes";

/** The entries of an object. */
export function managedFieldsOf(object: KubeObject): ManagedFields[] {
  const entries = metadataOf(object)["managedFields"];
  return Array.isArray(entries) ? entries.filter(isManagedFields) : [];
}

/** True when this plugin created the object plainly and has not applied to it since. */
export function isCreatedPlainly(object: KubeObject): boolean {
  return managedFieldsOf(object).some(
    (entry) => entry.operation === "Update" && entry.manager.startsWith(creatingManager),
  );
}

/**
 * The entries with those of kubectl and of plain creates merged into `manager`'s own.
 * Undefined when there is nothing to take over.
 *
 * @param apiVersion of the entry, should `manager` have none yet
 */
export function takeOverFields(
  entries: readonly ManagedFields[],
  manager: string,
  apiVersion: string,
): ManagedFields[] | undefined {
  const isTaken = (entry: ManagedFields) =>
    adoptable.has(`${entry.manager}/${entry.operation}`) && entry["subresource"] === undefined;
  const isOwn = (entry: ManagedFields) =>
    entry.manager === manager && entry.operation === "Apply" && entry["subresource"] === undefined;
  const taken = entries.filter((entry) => isTaken(entry) && !isOwn(entry));
  const [first] = taken;
  if (!first) return undefined;
  const own = entries.find(isOwn);
  const merged: ManagedFields = {
    ...(own ?? { ...first, apiVersion }),
    manager,
    operation: "Apply",
    fieldsV1: [...taken, ...(own ? [own] : [])].reduce<Record<string, unknown>>(
      (fields, entry) => mergeFields(fields, entry.fieldsV1),
      {},
    ),
  };
  return [...entries.filter((entry) => !taken.includes(entry) && entry !== own), merged];
}

/** True when another manager than `manager` owns the field at the path, and `manager` does not. */
export function isOwnedByOthersOnly(
  object: KubeObject,
  path: readonly string[],
  manager: string,
): boolean {
  const owners = managedFieldsOf(object).filter((entry) => hasField(entry.fieldsV1, path));
  return owners.length > 0 && owners.every((entry) => entry.manager !== manager);
}

function hasField(fields: Record<string, unknown>, path: readonly string[]): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return true;
  const below = fields[`f:${step}`];
  return isRecord(below) && hasField(below, rest);
}

function mergeFields(
  a: Record<string, unknown>,
  b: Record<string, unknown>,
): Record<string, unknown> {
  const merged = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const present = merged[key];
    merged[key] = isRecord(present) && isRecord(value) ? mergeFields(present, value) : value;
  }
  return merged;
}

function isManagedFields(entry: unknown): entry is ManagedFields {
  return (
    isRecord(entry) &&
    typeof entry["manager"] === "string" &&
    typeof entry["operation"] === "string" &&
    isRecord(entry["fieldsV1"])
  );
}
