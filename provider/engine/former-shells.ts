// What the shells of earlier code call, whose text states still hold: functions of the module instead of `operations`.
import { type ResourceOperations } from "./core/resource-operations";

/**
 * The functions, to be exported beside the `operations` of the resources that had them. A refresh compares by the text
 * in the state, until an update has written the one of today.
 */
export function formerFunctions<Inputs extends object, Outputs extends object>(
  operations: ResourceOperations<Inputs, Outputs>,
) {
  return {
    check: (olds: object, news: object) => operations.check(olds, news),
    diff: (olds: Outputs, news: Inputs) => operations.diff("", olds, news),
    create: (inputs: Inputs) => operations.create(inputs),
    // Old outputs and new inputs, or the new inputs alone.
    update: (...given: readonly object[]) =>
      operations.update?.("", given[0] as Outputs, given.at(-1) as Inputs),
  };
}
