// An object without some of its fields.

/** A copy that lacks the named fields. */
export function without<T extends object, K extends keyof T>(
  object: T,
  ...fields: readonly K[]
): Omit<T, K> {
  const kept = Object.entries(object).filter(([field]) => !fields.includes(field as K));
  return Object.fromEntries(kept) as Omit<T, K>;
}
