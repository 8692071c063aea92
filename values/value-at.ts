// Values inside of objects whose shape is not known.
import { isRecord } from "./is-record";

/** The value at a dotted path (`networkProfile.podCidr`); undefined when a step is missing. */
export function valueAt(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((at, name) => (isRecord(at) ? at[name] : undefined), value);
}

/** The members of an object that are texts; none of anything else. */
export function textsIn(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );
}
