// What the ArgumentCheck resource does: judges a component's arguments, whose Outputs are values by now.
import type * as pulumi from "@pulumi/pulumi";
import { sentence } from "../../components/argument-problem";
import { ARGUMENT_RULES, type CheckedComponent } from "../../components/check-arguments";

export interface ArgumentCheckInputs {
  readonly component: CheckedComponent;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** A failure for every problem; what is not known before the update is judged in the update. */
export function check(
  olds: Partial<ArgumentCheckInputs>,
  news: ArgumentCheckInputs,
): pulumi.dynamic.CheckResult<ArgumentCheckInputs> {
  const rules = ARGUMENT_RULES[news.component];
  const problems = [
    ...rules.check(news.name, news.arguments, new Date()),
    ...(olds.arguments === undefined ? [] : rules.checkChange(olds.arguments, news.arguments)),
  ];
  // The engine would print the value of a named property, so the sentence names it instead.
  return {
    inputs: news,
    failures: problems.map((each) => ({ property: "", reason: sentence(each) })),
  };
}

/** Nothing depends on the values, so a change of theirs is not a change of this resource. */
export function diff(): pulumi.dynamic.DiffResult {
  return { changes: false };
}

export function create(): pulumi.dynamic.CreateResult<object> {
  return { id: "checked", outs: {} };
}
