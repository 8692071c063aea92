// A table of arguments: a rule for each, from which their validation, their defaults and their documentation come.
import { type ArgumentError } from "./argument-error";
import { type JsonObject } from "./json-object";
import { UNKNOWN } from "./unknown";

/** Arguments as values, by name. */
export type Arguments = JsonObject;

/** The arguments of one object; `World` is what its rules must know beside the values, such as the time. */
export type ArgumentTable<World = unknown> = Readonly<Record<string, ArgumentRule<World>>>;

/** What the arguments beside one demand of it, called whether or not it is given; `siblings` holds it, too. */
export type BesideRule<World = unknown> = (
  path: string,
  value: unknown,
  siblings: Arguments,
  world: World,
) => ArgumentError[];

/** What one argument must be. */
export interface ArgumentRule<World = unknown> {
  /** What is legal, as it reads after "must". */
  readonly legal: string;
  /** What is legal of the type's values, in words that the documents repeat. */
  readonly bound?: string;
  readonly choices?: readonly string[];
  readonly required?: boolean;
  /** What is said when a required argument is missing, instead of what is legal. */
  readonly missing?: string;
  readonly default?: unknown;
  /** The arguments of an object. */
  readonly members?: ArgumentTable<World>;
  /** The rule for each item of a list (`path[0]`), or of a map (`path.name`). */
  readonly items?: ArgumentRule<World>;
  /** Errors of a value that is given and known. */
  readonly find: (path: string, value: unknown, world: World) => ArgumentError[];
  readonly beside?: BesideRule<World>;
}

/** Not given; an unknown value is. */
export function isUnset(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** What is wrong with one argument, the others apart; an unknown value passes. */
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

/** Every error of the arguments that the table has; `path` is the path of the object that holds them. */
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

/** Names that no argument has: a slip of the pen must not pass as a default. */
export function validateNames(
  path: string,
  values: Arguments,
  known: readonly string[],
  why: Readonly<Record<string, string>> = {},
): ArgumentError[] {
  return Object.keys(values)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      path: pathTo(path, name),
      reason: why[name] ?? `is not an argument; there are ${known.join(", ")}`,
    }));
}

/** Properties that identify a live object: under other names it would be another. */
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

/** The path of a member; top-level arguments have their name alone. */
export function pathTo(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
