// Input errors of a dynamic resource: all of them at once, each with its property and what is legal.
import { shown } from "./argument-problem";
import { UNKNOWN } from "./unknown";

/** One error as Pulumi's `check` reports it. */
export interface CheckFailure {
  /** Always empty: the engine would print the value of a named property, and a kubeconfig is a secret. */
  readonly property: "";
  /** A sentence that names the property, the value and what is legal. */
  readonly reason: string;
}

/** Tells what is legal, or undefined when the value is. */
export type Rule = (value: unknown) => string | undefined;

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

export const isText: Rule = (value) =>
  typeof value === "string" && value !== "" ? undefined : "a non-empty string";

/** A name of a namespace or a container. */
export const isLabelName: Rule = (value) =>
  typeof value === "string" && DNS_LABEL.test(value)
    ? undefined
    : "1 to 63 lower-case letters, digits and hyphens, with no hyphen at either end";

/** A name of most other objects. */
export const isObjectName: Rule = (value) =>
  typeof value === "string" && DNS_SUBDOMAIN.test(value)
    ? undefined
    : "1 to 253 lower-case letters, digits, hyphens and dots, beginning and ending with a letter or digit";

export function isIntegerFrom(low: number, high: number): Rule {
  return (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= low && value <= high
      ? undefined
      : `a whole number from ${low} to ${high}`;
}

/** The rule for a property that may be left out. */
export function optional(rule: Rule): Rule {
  return (value) => (value === undefined ? undefined : rule(value));
}

/** Applies each property's rule to the inputs; unknown values pass. */
export function findFailures(
  inputs: Readonly<Record<string, unknown>>,
  rules: Readonly<Record<string, Rule>>,
): CheckFailure[] {
  return Object.entries(rules).flatMap(([property, rule]) => {
    const value = inputs[property];
    const legal = value === UNKNOWN ? undefined : rule(value);
    if (legal === undefined) return [];
    return [{ property: "", reason: `${property} must be ${legal}: it is ${shown(value)}` }];
  });
}

/** Properties that a live object can't follow: other names would be other objects. */
export function findChangedNames(
  olds: Readonly<Record<string, unknown>>,
  news: Readonly<Record<string, unknown>>,
  properties: readonly string[],
): CheckFailure[] {
  return properties.flatMap((property) => {
    const [old, wanted] = [olds[property], news[property]];
    if (old === undefined || old === UNKNOWN || wanted === UNKNOWN || old === wanted) return [];
    const reason =
      `${property} can't be changed from ${JSON.stringify(old)} to ${JSON.stringify(wanted)}: ` +
      "destroy the resource and create it under its new name";
    return [{ property: "", reason }];
  });
}
