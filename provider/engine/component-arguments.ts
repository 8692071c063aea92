// What a resource validates for the component it belongs to: the component's arguments, once Outputs are values.
import { isDeepStrictEqual } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { ARGUMENT_RULES, type CheckedComponent } from "../../validation/validate-arguments";
import { type ArgumentError, sentence } from "../../values/argument-error";
import { checkFailures, type CheckFailure } from "./core/check-failures";
import { surroundings } from "./surroundings";
import { type JsonObject } from "../../values/json-object";

/** What a component hands to such a resource. */
export interface ComponentArgumentsArgs {
  /** Class name of the component. */
  readonly component: string;
  readonly name: string;
  /** The component's arguments; secrets among them marked as such. */
  readonly arguments: object;
  /** Errors that the component found by asking others. */
  readonly found?: pulumi.Input<readonly object[]>;
  /** The same, refused only while the arguments are new. */
  readonly errorsUntilAccepted?: pulumi.Input<readonly object[]>;
}

/** The same, as values. */
export interface ComponentArguments {
  readonly component: CheckedComponent;
  readonly name: string;
  readonly arguments: JsonObject;
  /** What the component itself found wrong, by asking others; empty or left out: nothing. */
  readonly found?: readonly ArgumentError[];
  /** The same, of what may turn wrong with time: once the arguments were accepted it is only a warning. */
  readonly errorsUntilAccepted?: readonly ArgumentError[];
}

/** A failure for every error; what is not known before the update is validated in the update. */
export function validateComponentArguments(
  olds: Partial<ComponentArguments>,
  news: ComponentArguments,
  print: (line: string) => void = console.log,
): CheckFailure[] {
  const rules = ARGUMENT_RULES[news.component];
  const isAccepted = isDeepStrictEqual(olds.arguments, news.arguments);
  const aging = known(news.errorsUntilAccepted);
  // What a dynamic provider prints, the CLI shows.
  if (isAccepted) for (const each of aging) print(`warning: ${sentence(each)}`);
  return checkFailures([
    ...rules.validate(news.name, news.arguments, surroundings()),
    ...(olds.arguments === undefined ? [] : rules.validateChange(olds.arguments, news.arguments)),
    ...known(news.found),
    ...(isAccepted ? [] : aging),
  ]);
}

/**
 * What the state keeps of them for the next check, which sees its own resource's inputs only
 * (docs/decisions/arguments-in-the-state.md).
 */
export function comparedArguments(given: ComponentArguments): ComponentArguments {
  const { compared } = ARGUMENT_RULES[given.component];
  if (compared === undefined) return given;
  const kept = Object.entries(given.arguments).filter(([name]) => compared.includes(name));
  return { ...given, arguments: Object.fromEntries(kept) };
}

function known(found: ComponentArguments["found"]): readonly ArgumentError[] {
  return Array.isArray(found) ? (found as readonly ArgumentError[]) : [];
}
