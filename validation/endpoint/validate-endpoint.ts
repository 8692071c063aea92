// Validates the arguments of an AmlModelEndpoint and reports all errors at once.
import { type ArgumentError, shown } from "../../values/argument-error";
import { type Arguments, validateArguments, validateNames } from "../../values/argument-table";
import { UNKNOWN } from "../../values/unknown";
import { type Surroundings } from "../kubernetes/surroundings";
import { ENDPOINT_ARGUMENTS } from "./endpoint-arguments";
import { validateServiceName } from "./names";

/** All errors of an endpoint's arguments. Unknown values are not validated. */
export function validateEndpoint(
  name: string,
  endpoint: Arguments,
  surroundings: Surroundings,
): ArgumentError[] {
  return [
    ...validateServiceName("the endpoint", name),
    ...validateNames("", endpoint, Object.keys(ENDPOINT_ARGUMENTS)),
    ...validateArguments("", endpoint, ENDPOINT_ARGUMENTS, surroundings),
  ];
}

/** Errors of changes that an existing endpoint can't make: another namespace would be another endpoint. */
export function validateEndpointChange(before: Arguments, after: Arguments): ArgumentError[] {
  const [was, is] = [before, after].map(
    (args) => args["namespace"] ?? ENDPOINT_ARGUMENTS.namespace.default,
  );
  if (was === UNKNOWN || is === UNKNOWN || was === is) return [];
  const reason = `can't change, since every replica would be replaced at once: it was ${shown(was)} and is ${shown(is)}; declare a second endpoint and remove this one later`;
  return [{ path: "namespace", reason }];
}
