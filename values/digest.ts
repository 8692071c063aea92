// Short digests of content, for names of immutable objects and for comparison with the state.
import { createHash } from "node:crypto";

/** The first 16 hex digits of the content's SHA-256. */
export function digest(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}

/** The digest of a JSON value, independent of the order of its keys. */
export function digestOf(value: unknown): string {
  return digest(canonical(value));
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value)
    .filter(([, below]) => below !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, below]) => `${JSON.stringify(key)}:${canonical(below)}`);
  return `{${entries.join(",")}}`;
}
