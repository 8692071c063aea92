// The checks of each component's arguments, by the component's name.
import { type ArgumentError } from "../values/argument-error";
import { type Arguments } from "../values/argument-table";
import { validateCluster } from "./cluster/validate-cluster";
import { validateClusterChange } from "./cluster/validate-cluster-change";
import { validateEndpoint, validateEndpointChange } from "./endpoint/validate-endpoint";
import { type Surroundings } from "./kubernetes/surroundings";
import { validateRouter, validateRouterChange } from "./router/validate-router";

interface ArgumentRules {
  readonly validate: (
    name: string,
    given: Arguments,
    surroundings: Surroundings,
  ) => ArgumentError[];
  readonly validateChange: (before: Arguments, after: Arguments) => ArgumentError[];
}

export const ARGUMENT_RULES = {
  AmlModelEndpoint: { validate: validateEndpoint, validateChange: validateEndpointChange },
  AmlAksCluster: { validate: validateCluster, validateChange: validateClusterChange },
  AmlInferenceRouter: { validate: validateRouter, validateChange: validateRouterChange },
} as const satisfies Record<string, ArgumentRules>;

/** A component whose arguments are checked. */
export type CheckedComponent = keyof typeof ARGUMENT_RULES;
