// The validation of each component's arguments, by component name.
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
  /** Arguments that `validateChange` compares with the next run's. Default: all. */
  readonly compared?: readonly string[];
}

const RULES = {
  AmlModelEndpoint: {
    validate: validateEndpoint,
    validateChange: validateEndpointChange,
    compared: ["namespace"],
  },
  AmlAksCluster: { validate: validateCluster, validateChange: validateClusterChange },
  AmlInferenceRouter: {
    validate: validateRouter,
    validateChange: validateRouterChange,
    compared: ["namespace"],
  },
} as const satisfies Record<string, ArgumentRules>;

/** Name of a component whose arguments are validated. */
export type CheckedComponent = keyof typeof RULES;

export const ARGUMENT_RULES: Readonly<Record<CheckedComponent, ArgumentRules>> = RULES;
