// What an engine asks of a resource first: whether its inputs are what they must be.
import { type Surroundings } from "../../validation/kubernetes/surroundings";
import { validateArguments } from "../../values/argument-table";
import { type JsonObject } from "../../values/json-object";
import { checkFailures } from "./core/check-failures";
import { type CheckResult } from "./core/resource-operations";
import { surroundings } from "./surroundings";

/** Adds defaults and validates by the table; the inputs match their type only when there are no failures. */
export function checkInputs<Inputs>(
  given: object,
  defaults: JsonObject,
  table: Parameters<typeof validateArguments<Surroundings>>[2],
): Promise<CheckResult<Inputs>> {
  const inputs: JsonObject = { ...defaults, ...given };
  const failures = checkFailures(validateArguments("", inputs, table, surroundings()));
  return Promise.resolve({ inputs: inputs as unknown as Inputs, failures });
}
