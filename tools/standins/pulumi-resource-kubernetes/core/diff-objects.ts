/** What differs between the fields that live and the fields that are wanted, path by path. */
import { isRecord } from "../../property-value";
import type { KubeObject } from "./kube-object";
import { formatPath, parsePath, startsWith, type PathStep } from "./property-path";

/** One path that differs. */
export interface PropertyChange {
  readonly path: readonly PathStep[];
  readonly kind: "add" | "update" | "delete";
  /** The change can't be made on the living object. */
  readonly replaces: boolean;
}

/** What decides how a difference counts. */
export interface DiffRules {
  /** Fields whose change replaces the object. */
  readonly immutable: readonly (readonly PathStep[])[];
  /** The resource's `ignoreChanges`, as Pulumi's paths. */
  readonly ignoreChanges: readonly string[];
  /** Kinds of Kubernetes' own drop empty values, so that empty equals absent; others keep them. */
  readonly emptyEqualsAbsent: boolean;
}

/**
 * Compares `live`, cut down to what was written before, with `wanted`.
 * A wanted member that is null counts as absent, as it does in a merge patch.
 */
export function diffObjects(
  live: KubeObject,
  wanted: KubeObject,
  rules: DiffRules,
): PropertyChange[] {
  const changes: PropertyChange[] = [];
  compareMaps([], live, wanted, rules, changes);
  const ignored = rules.ignoreChanges.map(parsePath).filter((path) => path !== undefined);
  return changes.filter((change) => !ignored.some((prefix) => startsWith(change.path, prefix)));
}

/** The text of a change's path, as it stands in a preview. */
export function changedPath(change: PropertyChange): string {
  return formatPath(change.path);
}

function compareMaps(
  path: readonly PathStep[],
  live: Record<string, unknown>,
  wanted: Record<string, unknown>,
  rules: DiffRules,
  changes: PropertyChange[],
): void {
  for (const key of new Set([...Object.keys(live), ...Object.keys(wanted)])) {
    compareValues([...path, key], live[key], wanted[key], rules, changes);
  }
}

function compareValues(
  path: readonly PathStep[],
  live: unknown,
  wanted: unknown,
  rules: DiffRules,
  changes: PropertyChange[],
): void {
  const hasLive = live !== undefined && live !== null;
  const hasWanted = wanted !== undefined && wanted !== null;
  if (!hasLive && !hasWanted) return;
  const add = (kind: PropertyChange["kind"]) =>
    changes.push({ path, kind, replaces: touchesImmutable(path, wanted, rules.immutable) });
  if (!hasWanted) add("delete");
  else if (!hasLive) {
    if (!(rules.emptyEqualsAbsent && isEmpty(path.at(-1), wanted))) add("add");
  } else if (isRecord(live) && isRecord(wanted)) compareMaps(path, live, wanted, rules, changes);
  else if (Array.isArray(live) && Array.isArray(wanted)) {
    for (let i = 0; i < Math.max(live.length, wanted.length); i++) {
      compareValues([...path, i], live[i], wanted[i], rules, changes);
    }
  } else if (live !== wanted) add("update");
}

/** True when the path lies at or below an immutable field, or its new value holds one. */
function touchesImmutable(
  path: readonly PathStep[],
  wanted: unknown,
  immutable: readonly (readonly PathStep[])[],
): boolean {
  return immutable.some(
    (field) =>
      startsWith(path, field) ||
      (field.length > path.length &&
        startsWith(path, field.slice(0, path.length)) &&
        hasPath(wanted, field.slice(path.length))),
  );
}

function hasPath(value: unknown, path: readonly PathStep[]): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return true;
  if (step === "*") return Array.isArray(value) && value.some((item) => hasPath(item, rest));
  return isRecord(value) && step in value && hasPath(value[step], rest);
}

// Maps without a meaning of their own when empty; an empty `emptyDir` or `podSelector` means something.
const plainMaps: ReadonlySet<PathStep | undefined> = new Set([
  ...["annotations", "labels", "matchLabels", "nodeSelector"],
  ...["binaryData", "data", "limits", "requests"],
]);

function isEmpty(name: PathStep | undefined, value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isRecord(value)) return plainMaps.has(name) && Object.keys(value).length === 0;
  return value === "" || value === 0 || value === false;
}
