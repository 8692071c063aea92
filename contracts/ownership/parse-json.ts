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

/** What is said of a value that isn't legal. */
export interface Illegal {
  readonly ok: false;
  readonly message: string;
}

/** A result with the property's path, its value, shortened, and what is legal. */
export function illegal(path: string, value: unknown, legal: string): Illegal {
  return { ok: false, message: `${path} must be ${legal}: it is ${show(value)}` };
}

function show(value: unknown): string {
  if (value === undefined) return "missing";
  try {
    return (JSON.stringify(value) ?? "?").slice(0, 80);
  } catch {
    return "nested too deeply";
  }
}

/** A whole number from `least`. */
export function isCount(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && Number(value) >= least;
}
