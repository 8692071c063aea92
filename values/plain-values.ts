// Checks of single values: type, bounds and choice. Each returns the problems that it finds.
import { type ArgumentProblem, shown } from "./argument-problem";
import { isRecord } from "./is-record";
import { UNKNOWN } from "./unknown";

/** A value to judge, or nothing to judge: unset (where that is legal) or not known yet. */
function absent(value: unknown): boolean {
  return value === undefined || value === null || value === UNKNOWN;
}

/** Bounds of a number; both ends belong to it, except that `above` does not. */
export interface NumberRule {
  readonly default?: number;
  readonly minimum?: number;
  readonly above?: number;
  readonly maximum?: number;
  /** Digits after the point; 0 is a whole number. Unset: any. */
  readonly decimals?: number;
}

/** The rule in words: `0 to 100`, `a whole number of at least 1`, `above 0`. */
function describeNumberRule(rule: NumberRule): string {
  const range =
    rule.maximum === undefined
      ? rule.above !== undefined
        ? `above ${rule.above}`
        : `at least ${rule.minimum ?? 0}`
      : rule.above !== undefined
        ? `above ${rule.above} and at most ${rule.maximum}`
        : `${rule.minimum ?? 0} to ${rule.maximum}`;
  if (rule.decimals === undefined) return range;
  if (rule.decimals > 0) return `${range} in steps of ${10 ** -rule.decimals}`;
  return rule.maximum === undefined ? `a whole number of ${range}` : `a whole number from ${range}`;
}

export function validateNumber(path: string, value: unknown, rule: NumberRule): ArgumentProblem[] {
  if (absent(value)) return [];
  const scale = 10 ** (rule.decimals ?? 0);
  const legal =
    typeof value === "number" &&
    Number.isFinite(value) &&
    (rule.minimum === undefined || value >= rule.minimum) &&
    (rule.above === undefined || value > rule.above) &&
    (rule.maximum === undefined || value <= rule.maximum) &&
    (rule.decimals === undefined || Math.abs(value * scale - Math.round(value * scale)) < 1e-6);
  if (legal) return [];
  const given = typeof value === "number" ? String(value) : shown(value);
  return [{ path, reason: `must be ${describeNumberRule(rule)}: it is ${given}` }];
}

export function validateBoolean(path: string, value: unknown): ArgumentProblem[] {
  if (absent(value) || typeof value === "boolean") return [];
  return [{ path, reason: `must be true or false: it is ${shown(value)}` }];
}

/** A string that is not empty; required unless `optional`. Never shows the value when `secret`. */
export function validateText(
  path: string,
  value: unknown,
  options: { optional?: boolean; secret?: boolean } = {},
): ArgumentProblem[] {
  if (value === UNKNOWN || (absent(value) && options.optional === true)) return [];
  if (typeof value === "string" && value !== "") return [];
  if (absent(value)) return [{ path, reason: "is required: it is missing" }];
  const given = options.secret === true && value !== "" ? "something else" : shown(value);
  return [{ path, reason: `must be a text that is not empty: it is ${given}` }];
}

/** For a value without which nothing can be done. */
export function validatePresent(path: string, value: unknown): ArgumentProblem[] {
  return absent(value) && value !== UNKNOWN ? [{ path, reason: "is required: it is missing" }] : [];
}

export function validateChoice(
  path: string,
  value: unknown,
  choices: readonly string[],
): ArgumentProblem[] {
  if (absent(value) || (typeof value === "string" && choices.includes(value))) return [];
  return [{ path, reason: `must be ${choices.join(" or ")}: it is ${shown(value)}` }];
}

/** An object that maps names to texts (tags, environment variables, node selectors). Never shows the texts. */
export function validateTexts(path: string, value: unknown, nameRule: RegExp): ArgumentProblem[] {
  if (absent(value)) return [];
  if (!isRecord(value)) return [{ path, reason: `must map names to texts: it is ${shown(value)}` }];
  return Object.entries(value).flatMap(([name, text]) => {
    const at = `${path}.${name}`;
    if (!nameRule.test(name)) return [{ path: at, reason: `must have a name like ${nameRule}` }];
    if (typeof text === "string" || text === UNKNOWN) return [];
    return [{ path: at, reason: `must be a text: it is a ${typeof text}` }];
  });
}

/** Names that no argument has: a slip of the pen must not pass as a default. */
export function validateNames(
  path: string,
  value: object,
  known: readonly string[],
): ArgumentProblem[] {
  return Object.keys(value)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      path: path === "" ? name : `${path}.${name}`,
      reason: `is not an argument; there are ${known.join(", ")}`,
    }));
}
