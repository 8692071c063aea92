// The checks of each component's arguments, by the component's name.
import { type ArgumentProblem } from "../values/argument-problem";
import { validateCluster } from "./cluster/validate-cluster";
import { validateClusterChange } from "./cluster/validate-cluster-change";
import { validateEndpoint, validateEndpointChange } from "./endpoint/validate-endpoint";
import { validateRouter, validateRouterChange } from "./router/validate-router";

type Arguments = Readonly<Record<string, unknown>>;

interface ArgumentRules {
  readonly validate: (name: string, given: Arguments, now: Date) => ArgumentProblem[];
  readonly validateChange: (before: Arguments, after: Arguments) => ArgumentProblem[];
}

export const ARGUMENT_RULES = {
  AmlModelEndpoint: { validate: validateEndpoint, validateChange: validateEndpointChange },
  AmlAksCluster: { validate: validateCluster, validateChange: validateClusterChange },
  AmlInferenceRouter: { validate: validateRouter, validateChange: validateRouterChange },
} as const satisfies Record<string, ArgumentRules>;

/** A component whose arguments are checked. */
export type CheckedComponent = keyof typeof ARGUMENT_RULES;
