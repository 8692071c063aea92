// Argument tables: one rule per argument, the source of its validation, default and documentation.
import { type ArgumentError } from "./argument-error";
import { type JsonObject } from "./json-object";
import { UNKNOWN } from "./unknown";

/** Values of arguments by name. */
export type Arguments = JsonObject;

/** The rules of one object's arguments. `World` is what they need besides the values, e.g. the current time. */
export type ArgumentTable<World = unknown> = Readonly<Record<string, ArgumentRule<World>>>;

/** Validates an argument against its siblings, also when it is not given. `siblings` includes the argument itself. */
export type BesideRule<World = unknown> = (
  path: string,
  value: unknown,
  siblings: Arguments,
  world: World,
) => ArgumentError[];

/** The rule of one argument. */
export interface ArgumentRule<World = unknown> {
  /** What is legal; completes the sentence after "must". */
  readonly legal: string;
  /** Which values of the type are legal, in the words of the documentation. */
  readonly bound?: string;
  readonly choices?: readonly string[];
  readonly required?: boolean;
  /** Reason of the error when a required argument is missing. Default: made from `legal`. */
  readonly missing?: string;
  readonly default?: unknown;
  /** The rules of an object's arguments. */
  readonly members?: ArgumentTable<World>;
  /** The rule for each item of a list (`path[0]`), or of a map (`path.name`). */
  readonly items?: ArgumentRule<World>;
  /** Errors of a value that is given and known. Does not look at siblings. */
  readonly find: (path: string, value: unknown, world: World) => ArgumentError[];
  readonly beside?: BesideRule<World>;
}

/** True for undefined and null. An unknown value counts as given. */
export function isUnset(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** Errors of one argument, without its `beside` rule. Unknown values are not validated. */
export function validateArgument<World>(
  path: string,
  value: unknown,
  rule: ArgumentRule<World>,
  world: World,
): ArgumentError[] {
  if (value === UNKNOWN) return [];
  if (!isUnset(value)) return rule.find(path, value, world);
  if (rule.required !== true) return [];
  return [{ path, reason: rule.missing ?? `must ${rule.legal}: it is missing` }];
}

/**
 * Errors of all arguments in the table.
 * @param path path of the object with the arguments; empty for top-level arguments
 */
export function validateArguments<World>(
  path: string,
  values: Arguments,
  table: ArgumentTable<World>,
  world: World,
): ArgumentError[] {
  return Object.entries(table).flatMap(([name, rule]) => {
    const at = pathTo(path, name);
    const own = validateArgument(at, values[name], rule, world);
    return [...own, ...(rule.beside?.(at, values[name], values, world) ?? [])];
  });
}

/**
 * An error for each name that is no argument: a misspelled argument must not silently take its default.
 * @param why reasons for names that deserve one of their own
 */
export function validateNames(
  path: string,
  values: Arguments,
  legalNames: readonly string[],
  why: Readonly<Record<string, string>> = {},
): ArgumentError[] {
  return Object.keys(values)
    .filter((name) => !legalNames.includes(name))
    .map((name) => ({
      path: pathTo(path, name),
      reason: why[name] ?? `is not an argument; the arguments are ${legalNames.join(", ")}`,
    }));
}

/** An error for each changed property. The properties identify a live object, so they are immutable. */
export function validateUnchanged(
  before: Arguments,
  after: Arguments,
  properties: readonly string[],
): ArgumentError[] {
  return properties.flatMap((path) => {
    const [old, wanted] = [before[path], after[path]];
    if (old === undefined || old === UNKNOWN || wanted === UNKNOWN || old === wanted) return [];
    const change = `from ${JSON.stringify(old)} to ${JSON.stringify(wanted)}`;
    const remedy = "destroy the resource and create it under its new name";
    return [{ path, reason: `can't be changed ${change}: ${remedy}` }];
  });
}

/** The path of a member. `path` is empty for top-level arguments. */
export function pathTo(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
