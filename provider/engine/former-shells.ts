// Entry points for the shells in states of earlier versions, which call a module's functions instead of `operations`.
import { type ResourceOperations } from "./core/resource-operations";

/**
 * The functions to export beside `operations`, for resources whose earlier shells call them. A refresh runs the shell in
 * the state, until an update replaces it by the current one.
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
