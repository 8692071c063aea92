/** Reading and changing JSON bodies whose shape is not known. */

export type JsonObject = Record<string, unknown>;

/** True for an object of named values: neither an array nor null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a dotted path (`properties.networkProfile.podCidr`); undefined when a step is missing. */
export function valueAt(body: unknown, path: string): unknown {
  let value = body;
  for (const key of path.split(".")) {
    if (!isObject(value)) return undefined;
    value = value[key];
  }
  return value;
}

/** The text at a dotted path; undefined when something else is there. */
export function textAt(body: unknown, path: string): string | undefined {
  const value = valueAt(body, path);
  return typeof value === "string" ? value : undefined;
}

/** The number at a dotted path; undefined when something else is there. */
export function numberAt(body: unknown, path: string): number | undefined {
  const value = valueAt(body, path);
  return typeof value === "number" ? value : undefined;
}

/** The objects in the array at a dotted path; none when something else is there. */
export function objectsAt(body: unknown, path: string): JsonObject[] {
  const value = valueAt(body, path);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The object at a dotted path; empty when something else is there. */
export function objectAt(body: unknown, path: string): JsonObject {
  const value = valueAt(body, path);
  return isObject(value) ? value : {};
}

/** `body` with the value at a dotted path replaced; objects on the way are made. */
export function withValueAt(body: JsonObject, path: string, value: unknown): JsonObject {
  const [key = "", ...rest] = path.split(".");
  if (rest.length === 0) return { ...body, [key]: value };
  const inner = body[key];
  return { ...body, [key]: withValueAt(isObject(inner) ? inner : {}, rest.join("."), value) };
}

/** What `given` says, and `defaults` where it says nothing (or null), object by object. */
export function withDefaults(given: JsonObject, defaults: JsonObject): JsonObject {
  const filled: JsonObject = { ...given };
  for (const [key, value] of Object.entries(defaults)) {
    const present = filled[key];
    if (present === undefined || present === null) filled[key] = value;
    else if (isObject(present) && isObject(value)) filled[key] = withDefaults(present, value);
  }
  return filled;
}

/** RFC 7396: `patch` laid over `body`; null removes. */
export function mergePatch(body: JsonObject, patch: JsonObject): JsonObject {
  const merged: JsonObject = { ...body };
  for (const [key, value] of Object.entries(patch)) {
    const present = merged[key];
    if (value === null) delete merged[key];
    else if (isObject(value)) merged[key] = mergePatch(isObject(present) ? present : {}, value);
    else merged[key] = value;
  }
  return merged;
}

/** True when two JSON values are the same, whatever the order of names. */
export function sameJson(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => sameJson(item, other[index]));
  }
  if (isObject(one) && isObject(other)) {
    return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) =>
      sameJson(one[key], other[key]),
    );
  }
  return one === other;
}

/** `body` without some of its names. */
export function without(body: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}
