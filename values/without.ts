// Copies of objects without some of their fields.

/** A copy without the named fields. */
export function without<T extends object, K extends keyof T>(
  object: T,
  ...fields: readonly K[]
): Omit<T, K> {
  const kept = Object.entries(object).filter(([field]) => !fields.includes(field as K));
  return Object.fromEntries(kept) as Omit<T, K>;
}

/** A copy without fields that are undefined or null. */
export function withoutNulls<T extends object>(object: T): T {
  const kept = Object.entries(object).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(kept) as T;
}

/**
 * A copy without members that are undefined or null, at any depth of plain objects and lists. Entries of lists stay, and
 * what is no plain object stays as it is: a resource, an Output, a promise.
 */
export function withoutNullsInside<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutNullsInside) as T;
  if (!isPlainObject(value)) return value;
  const kept = Object.entries(value).flatMap(([name, member]: [string, unknown]) =>
    member === undefined || member === null ? [] : [[name, withoutNullsInside(member)] as const],
  );
  return Object.fromEntries(kept) as T;
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
