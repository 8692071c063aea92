// What the parsers of this folder share.

/** False for lists and null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of a JSON text; undefined when it isn't JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A result with the property's path, its value and what is legal. */
export function illegal(
  path: string,
  value: unknown,
  legal: string,
): { readonly ok: false; readonly message: string } {
  const shown = value === undefined ? "missing" : (JSON.stringify(value) ?? "?").slice(0, 80);
  return { ok: false, message: `${path} must be ${legal}: it is ${shown}` };
}
