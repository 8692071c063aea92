// Argument rules for single values: numbers, booleans, choices and strings.
import { illegal } from "./argument-error";
import { type ArgumentRule, type BesideRule } from "./argument-table";

/** Options of every rule. */
interface Options {
  readonly required?: boolean;
  readonly beside?: BesideRule;
}

/** Bounds of a number: `minimum` and `maximum` are inclusive, `above` is exclusive. */
export interface NumberBounds {
  readonly minimum?: number;
  readonly above?: number;
  readonly maximum?: number;
  /** Maximum number of decimal places; 0: whole numbers only. Unset: any number. */
  readonly decimals?: number;
}

/** Whether the value is a number within the bounds. */
export function isNumberIn(value: unknown, bounds: NumberBounds): value is number {
  const { minimum = -Infinity, above = -Infinity, maximum = Infinity, decimals } = bounds;
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  return value >= minimum && value > above && value <= maximum && isInSteps(value, decimals);
}

function isInSteps(value: number, decimals: number | undefined): boolean {
  if (decimals === undefined) return true;
  const scaled = value * 10 ** decimals;
  // In binary, 0.07 × 100 is not 7.
  return decimals === 0 ? Number.isInteger(value) : Math.abs(scaled - Math.round(scaled)) < 1e-6;
}

/** The bounds in words: `0 to 100`, `a whole number of at least 1`, `above 0`. */
function describeBounds({ minimum, above, maximum, decimals }: NumberBounds): string {
  if (minimum === undefined && above === undefined && maximum === undefined) {
    return decimals === 0 ? "a whole number" : "a number";
  }
  const low = above === undefined ? `at least ${minimum ?? 0}` : `above ${above}`;
  const both = above === undefined ? `${minimum ?? 0} to` : `above ${above} and at most`;
  const range = maximum === undefined ? low : `${both} ${maximum}`;
  if (decimals === undefined) return range;
  if (decimals > 0) return `${range} in steps of ${10 ** -decimals}`;
  return maximum === undefined ? `a whole number of ${range}` : `a whole number from ${range}`;
}

type NumberOptions = NumberBounds & Options & { readonly default?: number };

export function number<const Given extends NumberOptions>(given: Given): Given & ArgumentRule {
  const bound = describeBounds(given);
  const rule = { bound, legal: `be ${bound}` };
  return {
    ...given,
    ...rule,
    find: (path, value) => (isNumberIn(value, given) ? [] : illegal(path, rule, value)),
  };
}

/** A whole number within inclusive bounds. */
export function integer<const Given extends NumberOptions>(given: Given) {
  return number({ ...given, decimals: 0 });
}

export function boolean<const Given extends Options & { readonly default?: boolean }>(
  given: Given,
): Given & ArgumentRule {
  const rule = { legal: "be true or false" };
  return {
    ...given,
    ...rule,
    find: (path, value) => (typeof value === "boolean" ? [] : illegal(path, rule, value)),
  };
}

type ChoiceOptions<Choice> = Options & { readonly default?: Choice };

export function choice<const Choice extends string, const Given extends ChoiceOptions<Choice>>(
  choices: readonly Choice[],
  given: Given,
): Given & ArgumentRule & { readonly choices: readonly Choice[] } {
  const rule = { choices, bound: choices.join(", "), legal: `be ${choices.join(" or ")}` };
  const legalValues: readonly unknown[] = choices;
  return {
    ...given,
    ...rule,
    find: (path, value) => (legalValues.includes(value) ? [] : illegal(path, rule, value)),
  };
}

/** `secret`: errors do not contain the value. */
type TextOptions = Options & { readonly default?: string; readonly secret?: boolean };

/** Any non-empty string. */
export function text<const Given extends TextOptions>(given: Given): Given & ArgumentRule {
  const rule = { legal: "be a text that is not empty" };
  return {
    ...given,
    ...rule,
    missing: "is required: it is missing",
    find(path, value) {
      if (typeof value === "string" && value !== "") return [];
      if (given.secret !== true || value === "") return illegal(path, rule, value);
      return [{ path, reason: `must ${rule.legal}: it is something else` }];
    },
  };
}

/** A string of the given form, which `bound` describes. */
export function textLike<const Given extends TextOptions>(
  bound: string,
  form: RegExp | ((given: string) => boolean),
  given: Given,
): Given & ArgumentRule {
  const matches = form instanceof RegExp ? (value: string) => form.test(value) : form;
  const rule = { bound, legal: `be ${bound}` };
  return {
    ...given,
    ...rule,
    find(path, value) {
      if (typeof value === "string" && matches(value)) return [];
      if (given.secret !== true) return illegal(path, rule, value);
      const actual =
        typeof value === "string" ? `has ${value.length} characters` : `is a ${typeof value}`;
      return [{ path, reason: `must ${rule.legal}: it ${actual}` }];
    },
  };
}

/** Any string, also an empty one. Errors do not contain the value: users may pass secrets. */
export const anyText: ArgumentRule = {
  legal: "be a text",
  find: (path, value) =>
    typeof value === "string" ? [] : [{ path, reason: `must be a text: it is a ${typeof value}` }],
};

/** An unsupported argument: every value except `unless` is an error with this reason. */
export function refused<const Unless>(
  reason: string,
  { unless }: { readonly unless?: Unless } = {},
): ArgumentRule & { readonly default: Unless | undefined } {
  return {
    default: unless,
    legal: "be left out",
    find: (path, value) => (value === unless ? [] : [{ path, reason }]),
  };
}
