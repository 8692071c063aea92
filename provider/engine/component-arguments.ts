// What a resource validates for the component it belongs to: the component's arguments, once Outputs are values.
import { isDeepStrictEqual } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { ARGUMENT_RULES, type CheckedComponent } from "../../validation/validate-arguments";
import { type ArgumentProblem, sentence } from "../../values/argument-problem";
import { type CheckFailure } from "../../values/check-failures";
import { type JsonObject } from "../../values/json-object";

/** What a component hands to such a resource. */
export interface ComponentArgumentsArgs {
  /** Class name of the component. */
  readonly component: string;
  readonly name: string;
  /** The component's arguments; secrets among them marked as such. */
  readonly arguments: object;
  /** Problems that the component found by asking others. */
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
  readonly found?: readonly ArgumentProblem[];
  /** The same, of what may turn wrong with time: once the arguments were accepted it is only a warning. */
  readonly errorsUntilAccepted?: readonly ArgumentProblem[];
}

/** A failure for every problem; what is not known before the update is validated in the update. */
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
  const problems = [
    ...rules.validate(news.name, news.arguments, new Date()),
    ...(olds.arguments === undefined ? [] : rules.validateChange(olds.arguments, news.arguments)),
    ...known(news.found),
    ...(isAccepted ? [] : aging),
  ];
  // The engine would print the value of a named property, so the sentence names it instead.
  return problems.map((each) => ({ property: "", reason: sentence(each) }));
}

function known(found: ComponentArguments["found"]): readonly ArgumentProblem[] {
  return Array.isArray(found) ? (found as readonly ArgumentProblem[]) : [];
}
