// What the ArgumentCheck resource does: validates a component's arguments, whose Outputs are values by now.
import type * as pulumi from "@pulumi/pulumi";
import {
  comparedArguments,
  type ComponentArguments,
  validateComponentArguments,
} from "../engine/component-arguments";

export function check(
  olds: Partial<ComponentArguments>,
  news: ComponentArguments,
): pulumi.dynamic.CheckResult<ComponentArguments> {
  return { inputs: comparedArguments(news), failures: validateComponentArguments(olds, news) };
}

/** Nothing depends on the values, so a change of theirs is not a change of this resource. */
export function diff(): pulumi.dynamic.DiffResult {
  return { changes: false };
}

export function create(): pulumi.dynamic.CreateResult<object> {
  return { id: "checked", outs: {} };
}
