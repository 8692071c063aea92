// The rules for arguments that hold others: objects, lists and maps.
import { type ArgumentError, illegal } from "./argument-error";
import { anyText } from "./argument-rules";
import {
  type ArgumentRule,
  type ArgumentTable,
  type BesideRule,
  pathTo,
  validateArgument,
  validateArguments,
  validateNames,
} from "./argument-table";
import { isRecord } from "./is-record";

/** What each of these rules can be told. */
interface Options<World = unknown> {
  readonly required?: boolean;
  readonly beside?: BesideRule<World>;
}

/** Names that a map may have; `legal` reads after "must have a name". */
export interface NameForm {
  readonly pattern: RegExp;
  readonly legal?: string;
}

/** An object that maps names to texts: tags, environment variables, labels. */
export function texts(
  { pattern, legal = `like ${pattern}` }: NameForm,
  given: Options & { readonly items?: ArgumentRule } = {},
): ArgumentRule {
  const { items = anyText, ...options } = given;
  const named = (path: string, name: string) =>
    pattern.test(name) ? [] : [{ path, reason: `must have a name ${legal}` }];
  return map("texts", named, items, options);
}

/** An object that maps names of the user's to `what`; a value under an illegal name is validated all the same. */
export function map<World>(
  what: string,
  validateName: (path: string, name: string) => ArgumentError[],
  items: ArgumentRule<World>,
  options: Options = {},
): ArgumentRule<World> {
  const rule = { legal: `map names to ${what}` };
  const item = { ...items, required: true };
  return {
    ...options,
    ...rule,
    items,
    find(path, value, world) {
      if (!isRecord(value)) return illegal(path, rule, value);
      return Object.entries(value).flatMap(([name, each]) => {
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
  /** The value is never shown. */
  readonly secret?: boolean;
  /** Why there are no such arguments, where that is worth a sentence. */
  readonly notArguments?: Readonly<Record<string, string>>;
}

/** An object with these members and no others. */
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
