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
