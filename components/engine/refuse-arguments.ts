// How a component refuses its arguments: one exception that names every error.
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../../provider/argument-check/argument-check";
import { type ComponentArgumentsArgs } from "../../provider/engine/component-arguments";
import { type ArgumentError, sentence } from "../../values/argument-error";
import { type CheckedComponent } from "../../validation/validate-arguments";
import { UNKNOWN } from "../../values/unknown";

/**
 * Throws when there are errors. The plain CLI shows the message, once and without a stack trace, beside the
 * component that it belongs to.
 */
export function refuseArguments(
  component: pulumi.ComponentResource,
  errors: readonly ArgumentError[],
): void {
  if (errors.length === 0) return;
  const count = errors.length === 1 ? "1 problem" : `${errors.length} problems`;
  const lines = errors.map((error) => `  ${sentence(error)}`);
  const message = `the arguments have ${count}, nothing was changed:\n${lines.join("\n")}`;
  throw new pulumi.ResourceError(message, component, true);
}

/** The arguments as they are known while the program runs: what is an Output or a promise counts as unknown. */
export function knownArguments(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, known(value)]));
}

function known(value: unknown): unknown {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return UNKNOWN;
  if (Array.isArray(value)) return value.map(known);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, known(member)]));
}

/**
 * Validates what the arguments hold inside Outputs, once they are values. Children that depend on the result change
 * only when all is legal.
 * @param found problems that the component itself found
 */
export function validateOutputs(
  component: pulumi.ComponentResource,
  kind: CheckedComponent,
  name: string,
  args: object,
  found: Pick<ComponentArgumentsArgs, "found" | "errorsUntilAccepted"> = {},
): pulumi.Resource {
  const inputs = { component: kind, name, arguments: args, ...found };
  return new ArgumentCheck(name, inputs, { parent: component });
}
