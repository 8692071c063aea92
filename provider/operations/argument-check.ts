// What the ArgumentCheck resource does: judges a component's arguments, whose Outputs are values by now.
import { isDeepStrictEqual } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { type ArgumentProblem, sentence } from "../core/argument-problem";
import { ARGUMENT_RULES, type CheckedComponent } from "../../components/check-arguments";
import { type CheckFailure } from "../core/check-failures";

export interface ArgumentCheckInputs {
  readonly component: CheckedComponent;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** What the component itself found wrong, by asking others; empty or left out: nothing. */
  readonly found?: readonly ArgumentProblem[];
  /** The same, of what may turn wrong with time: once the arguments were accepted it is only said. */
  readonly foundAtFirst?: readonly ArgumentProblem[];
}

/** A failure for every problem; what is not known before the update is judged in the update. */
export function check(
  olds: Partial<ArgumentCheckInputs>,
  news: ArgumentCheckInputs,
): pulumi.dynamic.CheckResult<ArgumentCheckInputs> {
  return { inputs: news, failures: judge(olds, news) };
}

/** The failures, for a resource that judges a component's arguments beside what it does. */
export function judge(
  olds: Partial<ArgumentCheckInputs>,
  news: ArgumentCheckInputs,
  print: (line: string) => void = console.log,
): CheckFailure[] {
  const rules = ARGUMENT_RULES[news.component];
  const isAccepted = isDeepStrictEqual(olds.arguments, news.arguments);
  const aging = known(news.foundAtFirst);
  // What a dynamic provider prints, the CLI shows.
  if (isAccepted) for (const each of aging) print(`warning: ${sentence(each)}`);
  const problems = [
    ...rules.check(news.name, news.arguments, new Date()),
    ...(olds.arguments === undefined ? [] : rules.checkChange(olds.arguments, news.arguments)),
    ...known(news.found),
    ...(isAccepted ? [] : aging),
  ];
  // The engine would print the value of a named property, so the sentence names it instead.
  return problems.map((each) => ({ property: "", reason: sentence(each) }));
}

function known(found: ArgumentCheckInputs["found"]): readonly ArgumentProblem[] {
  return Array.isArray(found) ? (found as readonly ArgumentProblem[]) : [];
}

/** Nothing depends on the values, so a change of theirs is not a change of this resource. */
export function diff(): pulumi.dynamic.DiffResult {
  return { changes: false };
}

export function create(): pulumi.dynamic.CreateResult<object> {
  return { id: "checked", outs: {} };
}
