// A rule's configuration: what the profile, the program and the configuration file say, in that order.
import { isRecord } from "../../values/is-record";
import { listed } from "./sentences";
import { type Rule, type Setting } from "./rule";

type Settings = Readonly<Record<string, unknown>>;

export interface Configuration {
  readonly config: Settings;
  /** One sentence for each setting that is of no use; its default holds. */
  readonly problems: readonly string[];
}

export function configure(rule: Rule, ...given: readonly Settings[]): Configuration {
  const known = rule.settings as Readonly<Record<string, Setting<unknown>>>;
  const config = Object.fromEntries(
    Object.entries(known).map(([name, setting]) => [name, setting.default]),
  );
  const problems: string[] = [];
  for (const [name, value] of given.flatMap((each) => Object.entries(each))) {
    const setting = Object.hasOwn(known, name) ? known[name] : undefined;
    if (setting === undefined) {
      problems.push(
        `${name} must be a setting of this policy (${listed(Object.keys(known))}): there is none of that name`,
      );
    } else if (!fits(setting, value)) {
      problems.push(`${name} must be ${formOf(setting)}: it is ${JSON.stringify(value)}`);
    } else config[name] = value;
  }
  return { config, problems };
}

function fits({ schema }: Setting<unknown>, value: unknown): boolean {
  switch (schema.type) {
    case "array":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    case "object":
      return isRecord(value);
    case "number":
      return (
        typeof value === "number" &&
        value >= (schema.minimum ?? -Infinity) &&
        value <= (schema.maximum ?? Infinity)
      );
    case "string":
      return typeof value === "string" && (schema.enum?.includes(value) ?? true);
    case "boolean":
      return typeof value === "boolean";
  }
}

function formOf({ schema }: Setting<unknown>): string {
  if (schema.enum !== undefined) return listed(schema.enum);
  if (schema.type === "array") return "a list of texts";
  const { minimum, maximum } = schema;
  const bounds = [
    ...(minimum === undefined ? [] : [`at least ${minimum}`]),
    ...(maximum === undefined ? [] : [`at most ${maximum}`]),
  ];
  return [`a ${schema.type}`, ...bounds].join(", ").replace("a object", "an object");
}
