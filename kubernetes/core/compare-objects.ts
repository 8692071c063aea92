// Compares two versions of a Kubernetes object: the paths that an apply would change.
import { fieldPath, itemName, itemPath } from "./field-path";
import { type Json, type KubeObject } from "./kube-object";
import { without } from "../../values/without";

/** Metadata fields that describe the object's history, not its content. */
const HISTORY = ["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp"];

/** Annotations that controllers write. */
const CONTROLLER_ANNOTATIONS = ["deployment.kubernetes.io/revision"];

/**
 * The paths whose values differ between the live object and the result of a server-side apply (its dry run). Status,
 * history and the paths in `ignored` (owned by the scalers) don't count. Sorted; empty when nothing differs.
 */
export function differingPaths(
  live: KubeObject,
  applied: KubeObject,
  ignored: readonly string[] = [],
): string[] {
  const paths: string[] = [];
  collect("", content(live), content(applied), paths);
  return paths.filter((path) => !ignored.includes(path)).sort();
}

/** The object without the fields that an apply doesn't change. */
function content(object: KubeObject): Json {
  const { metadata } = object;
  const kept = Object.entries(metadata).filter(([field]) => !HISTORY.includes(field));
  const annotations = Object.entries(metadata.annotations ?? {}).filter(
    ([name]) => !CONTROLLER_ANNOTATIONS.includes(name),
  );
  const described = { ...Object.fromEntries(kept), annotations: Object.fromEntries(annotations) };
  return { ...without(object, "status"), metadata: described };
}

function collect(path: string, left: Json | undefined, right: Json | undefined, out: string[]) {
  if (isList(left) && isList(right)) collectItems(path, left, right, out);
  else if (isMap(left) && isMap(right)) {
    for (const field of new Set([...Object.keys(left), ...Object.keys(right)])) {
      collect(fieldPath(path, field), left[field], right[field], out);
    }
  } else if (!sameLeaf(left, right)) out.push(path);
}

/** Matches named items by name, so that an added item doesn't shift the others. */
function collectItems(path: string, left: readonly Json[], right: readonly Json[], out: string[]) {
  const named = [...left, ...right].every((item) => itemName(item) !== undefined);
  const key = (item: Json, index: number) => (named ? (itemName(item) ?? "") : String(index));
  const rightByKey = new Map(right.map((item, index) => [key(item, index), item]));
  const leftKeys = new Set(left.map(key));
  left.forEach((item, index) => {
    collect(itemPath(path, item, index), item, rightByKey.get(key(item, index)), out);
  });
  right.forEach((item, index) => {
    if (!leftKeys.has(key(item, index))) out.push(itemPath(path, item, index));
  });
}

/** To Kubernetes, an absent value, an empty map and an empty list are equal. */
function sameLeaf(left: Json | undefined, right: Json | undefined): boolean {
  return left === right || (isEmpty(left) && isEmpty(right));
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isMap(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
