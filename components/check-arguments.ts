// The checks of each component's arguments, by the component's name.
import { type ArgumentProblem } from "../provider/core/argument-problem";
import { checkCluster } from "./check-cluster";
import { checkClusterChange } from "./check-cluster-change";
import { checkEndpoint, checkEndpointChange } from "./check-endpoint";
import { checkRouter, checkRouterChange } from "./check-router";

type Arguments = Readonly<Record<string, unknown>>;

interface ArgumentRules {
  readonly check: (name: string, given: Arguments, now: Date) => ArgumentProblem[];
  readonly checkChange: (before: Arguments, after: Arguments) => ArgumentProblem[];
}

export const ARGUMENT_RULES = {
  AmlModelEndpoint: { check: checkEndpoint, checkChange: checkEndpointChange },
  AmlAksCluster: { check: checkCluster, checkChange: checkClusterChange },
  AmlInferenceRouter: { check: checkRouter, checkChange: checkRouterChange },
} as const satisfies Record<string, ArgumentRules>;

/** A component whose arguments are checked. */
export type CheckedComponent = keyof typeof ARGUMENT_RULES;
