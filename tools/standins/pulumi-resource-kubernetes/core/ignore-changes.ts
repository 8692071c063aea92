/** What `ignoreChanges` means for an apply: a field that somebody else keeps is left to them. */
import { isRecord } from "../../property-value";
import { isOwnedByOthersOnly } from "./field-ownership";
import { type KubeObject, valueAt } from "./kube-object";
import { parsePath } from "./property-path";

/**
 * The object to apply. A field at an ignored path is left out when only other managers own it, so
 * that nobody fights over it; else it gets the value that lives, so that applying does not unset it.
 * Paths into lists stay as they are written, as in the vendor's plugin.
 */
export function leaveIgnoredFields(
  wanted: KubeObject,
  live: KubeObject,
  ignoreChanges: readonly string[],
  fieldManager: string,
): KubeObject {
  return ignoreChanges.reduce((object, text) => {
    const path = parsePath(text)?.map(String);
    if (!path || path.includes("*")) return object;
    if (isOwnedByOthersOnly(live, path, fieldManager)) return withoutPath(object, path);
    const value = valueAt(live, ...path);
    return value === undefined ? object : withPath(object, path, value);
  }, wanted);
}

function withoutPath(object: KubeObject, path: readonly string[]): KubeObject {
  const [key, ...rest] = path;
  if (key === undefined || !(key in object)) return object;
  const { [key]: value, ...others } = object;
  if (rest.length === 0) return others;
  return isRecord(value) ? { ...others, [key]: withoutPath(value, rest) } : object;
}

function withPath(object: KubeObject, path: readonly string[], value: unknown): KubeObject {
  const [key, ...rest] = path;
  if (key === undefined) return object;
  const below = object[key];
  if (rest.length === 0) return { ...object, [key]: value };
  return { ...object, [key]: withPath(isRecord(below) ? below : {}, rest, value) };
}
