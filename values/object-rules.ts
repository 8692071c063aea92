// Argument rules for objects, lists and maps.
import { type ArgumentError, illegal } from "./argument-error";
import { anyText } from "./argument-rules";
import {
  type ArgumentRule,
  type ArgumentTable,
  type BesideRule,
  isUnset,
  pathTo,
  validateArgument,
  validateArguments,
  validateNames,
} from "./argument-table";
import { isRecord } from "./is-record";

/** Options of every rule in this file. */
interface Options<World = unknown> {
  readonly required?: boolean;
  readonly beside?: BesideRule<World>;
}

/** Legal names of a map's entries. `legal` completes the sentence after "must have a name". */
export interface NameForm {
  readonly pattern: RegExp;
  readonly legal?: string;
}

/** A map of strings, e.g. tags, environment variables or labels. */
export function texts(
  { pattern, legal = `like ${pattern}` }: NameForm,
  given: Options & { readonly items?: ArgumentRule } = {},
): ArgumentRule {
  const { items = anyText, ...options } = given;
  const validateName = (path: string, name: string) =>
    pattern.test(name) ? [] : [{ path, reason: `must have a name ${legal}` }];
  return map("texts", validateName, items, options);
}

/**
 * A map whose names the user chooses. Names and values are validated independently.
 * @param valuesName what the values are, in the plural, for error messages
 */
export function map<World>(
  valuesName: string,
  validateName: (path: string, name: string) => ArgumentError[],
  items: ArgumentRule<World>,
  options: Options = {},
): ArgumentRule<World> {
  const rule = { legal: `map names to ${valuesName}` };
  const item = { ...items, required: true };
  return {
    ...options,
    ...rule,
    items,
    find(path, value, world) {
      if (!isRecord(value)) return illegal(path, rule, value);
      const given = Object.entries(value).filter(([, each]) => !isUnset(each));
      return given.flatMap(([name, each]) => {
        const at = pathTo(path, name);
        return [...validateName(at, name), ...validateArgument(at, each, item, world)];
      });
    },
  };
}

export function list<World>(
  items: ArgumentRule<World>,
  options: Options = {},
): ArgumentRule<World> {
  const rule = { legal: "be a list" };
  return {
    ...options,
    ...rule,
    ...(items.bound === undefined ? {} : { bound: items.bound }),
    items,
    find(path, value, world) {
      if (!Array.isArray(value)) return illegal(path, rule, value);
      return value.flatMap((each: unknown, index) =>
        validateArgument(`${path}[${index}]`, each, { ...items, required: true }, world),
      );
    },
  };
}

interface ObjectOptions<World> extends Options<World> {
  /** Errors do not contain the value. */
  readonly secret?: boolean;
  /** Reasons why some names are no arguments, by name. */
  readonly notArguments?: Readonly<Record<string, string>>;
}

/** An object with exactly these arguments. */
export function object<World>(
  members: ArgumentTable<World>,
  given: ObjectOptions<World> = {},
): ArgumentRule<World> {
  const rule = { legal: "be an object" };
  return {
    ...given,
    ...rule,
    members,
    find(path, value, world) {
      if (isRecord(value)) {
        return [
          ...validateNames(path, value, Object.keys(members), given.notArguments),
          ...validateArguments(path, value, members, world),
        ];
      }
      if (given.secret !== true) return illegal(path, rule, value);
      return [{ path, reason: `must ${rule.legal}: it is a ${typeof value}` }];
    },
  };
}
