// What is wrong with the arguments of an AmlInferenceRouter: every error at once.
import { type ArgumentError, shown } from "../../values/argument-error";
import { type Arguments, validateArguments, validateNames } from "../../values/argument-table";
import { UNKNOWN } from "../../values/unknown";
import { type Surroundings } from "../kubernetes/surroundings";
import { ROUTER_ARGUMENTS } from "./router-arguments";

/** Every error of a router's arguments; empty when they are legal. Values that are not known yet pass. */
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

/** What can't change once the router exists. */
export function validateRouterChange(before: Arguments, after: Arguments): ArgumentError[] {
  const [was, is] = [before, after].map(
    (args) => args["namespace"] ?? ROUTER_ARGUMENTS.namespace.default,
  );
  if (was === UNKNOWN || is === UNKNOWN || was === is) return [];
  const reason = `can't change, since the router and its address would be replaced: it was ${shown(was)} and is ${shown(is)}; declare a second router and remove this one later`;
  return [{ path: "namespace", reason }];
}
