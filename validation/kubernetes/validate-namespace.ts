// What is wrong with the name of a namespace.
import { type ArgumentProblem, shown } from "../../values/argument-problem";
import { UNKNOWN } from "../../values/unknown";

/** A namespace, at most 63 characters (row 22; Kubernetes' DNS label). */
const NAMESPACE = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

export function validateNamespace(path: string, value: unknown): ArgumentProblem[] {
  if (value === undefined || value === UNKNOWN) return [];
  if (typeof value === "string" && NAMESPACE.test(value) && value.length <= 63) return [];
  const legal =
    "must be at most 63 lower-case letters, digits and dashes without a dash at either end";
  return [{ path, reason: `${legal}: it is ${shown(value)}` }];
}
