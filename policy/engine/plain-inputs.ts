// The inputs that a policy pack is given, as values: unknown ones are marked, where the SDK's own view throws.
import { isRecord } from "../../values/is-record";
import { UNKNOWN } from "../../values/unknown";

/** The engine's marks for unknown values: one for each type (@pulumi/policy, proxy.ts). */
const UNKNOWN_OF_TYPES: ReadonlySet<unknown> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** The inputs as they came. Reading a property of the SDK's view throws where it is unknown; its descriptor doesn't. */
export function rawInputs(props: object): Record<string, unknown> {
  const entries = Object.keys(props).map((name): [string, unknown] => [
    name,
    Object.getOwnPropertyDescriptor(props, name)?.value,
  ]);
  return Object.fromEntries(entries);
}

/** The inputs with `UNKNOWN` for every value that isn't known. */
export function plainInputs(props: object): unknown {
  return marked(rawInputs(props));
}

function marked(value: unknown): unknown {
  if (UNKNOWN_OF_TYPES.has(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map(marked);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, marked(member)]));
}
