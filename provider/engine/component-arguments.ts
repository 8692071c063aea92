// Validates a component's arguments in a resource of the component, where their Outputs have resolved.
import { isDeepStrictEqual } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { ARGUMENT_RULES, type CheckedComponent } from "../../validation/validate-arguments";
import { type ArgumentError, sentence } from "../../values/argument-error";
import { checkFailures, type CheckFailure } from "./core/check-failures";
import { surroundings } from "./surroundings";
import { type JsonObject } from "../../values/json-object";

/** What a component passes to the resource that validates its arguments. */
export interface ComponentArgumentsArgs {
  /** Class name of the component. */
  readonly component: string;
  readonly name: string;
  /** The component's arguments, with secrets marked. */
  readonly arguments: object;
  /** Errors that the component found in live state. */
  readonly found?: pulumi.Input<readonly object[]>;
  /** Such errors that fail only new or changed arguments. */
  readonly errorsUntilAccepted?: pulumi.Input<readonly object[]>;
}

/** ComponentArgumentsArgs, resolved. */
export interface ComponentArguments {
  readonly component: CheckedComponent;
  readonly name: string;
  readonly arguments: JsonObject;
  /** Errors that the component found in live state. */
  readonly found?: readonly ArgumentError[];
  /** Errors that may appear over time: a warning once the arguments have been accepted. */
  readonly errorsUntilAccepted?: readonly ArgumentError[];
}

/** One failure per error. Values that are unknown at preview are validated in the update. */
export function validateComponentArguments(
  olds: Partial<ComponentArguments>,
  news: ComponentArguments,
  print: (line: string) => void = console.log,
): CheckFailure[] {
  const rules = ARGUMENT_RULES[news.component];
  const isAccepted = isDeepStrictEqual(olds.arguments, news.arguments);
  const untilAccepted = knownErrors(news.errorsUntilAccepted);
  // The CLI displays what a dynamic provider prints.
  if (isAccepted) for (const each of untilAccepted) print(`warning: ${sentence(each)}`);
  return checkFailures([
    ...rules.validate(news.name, news.arguments, surroundings()),
    ...(olds.arguments === undefined ? [] : rules.validateChange(olds.arguments, news.arguments)),
    ...knownErrors(news.found),
    ...(isAccepted ? [] : untilAccepted),
  ]);
}

/**
 * The arguments that the state keeps, because the next check compares with them: a check sees only the inputs of its own
 * resource (docs/decisions/arguments-in-the-state.md).
 */
export function comparedArguments(given: ComponentArguments): ComponentArguments {
  const { compared } = ARGUMENT_RULES[given.component];
  if (compared === undefined) return given;
  const kept = Object.entries(given.arguments).filter(([name]) => compared.includes(name));
  return { ...given, arguments: Object.fromEntries(kept) };
}

function knownErrors(errors: ComponentArguments["found"]): readonly ArgumentError[] {
  return Array.isArray(errors) ? (errors as readonly ArgumentError[]) : [];
}
