// Validates the arguments of an AmlInferenceRouter and reports all errors at once.
import { type ArgumentError, shown } from "../../values/argument-error";
import { type Arguments, validateArguments, validateNames } from "../../values/argument-table";
import { UNKNOWN } from "../../values/unknown";
import { type Surroundings } from "../kubernetes/surroundings";
import { ROUTER_ARGUMENTS } from "./router-arguments";

/** All errors of a router's arguments. Unknown values are not validated. */
export function validateRouter(
  _name: string,
  router: Arguments,
  surroundings: Surroundings,
): ArgumentError[] {
  return [
    ...validateNames("", router, Object.keys(ROUTER_ARGUMENTS)),
    ...validateArguments("", router, ROUTER_ARGUMENTS, surroundings),
  ];
}

/** Errors of changes that an existing router can't make. */
export function validateRouterChange(before: Arguments, after: Arguments): ArgumentError[] {
  const [was, is] = [before, after].map(
    (args) => args["namespace"] ?? ROUTER_ARGUMENTS.namespace.default,
  );
  if (was === UNKNOWN || is === UNKNOWN || was === is) return [];
  const reason = `can't change, since the router and its address would be replaced: it was ${shown(was)} and is ${shown(is)}; declare a second router and remove this one later`;
  return [{ path: "namespace", reason }];
}
