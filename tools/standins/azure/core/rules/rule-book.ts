/** All rules, and which of them are on. */
import type { Behaviour, Filling, Masking, Refusal } from "../rule";
import { agentPoolRules } from "./agent-pools";
import { behaviours } from "./behaviours";
import { callRules } from "./calls";
import { clusterPropertyRules } from "./cluster-properties";
import { concurrencyRules } from "./concurrency";
import { fillings } from "./defaults";
import { kubernetesVersionRules } from "./kubernetes-versions";
import { computeSecretsHidden, machineLearningRules } from "./machine-learning";
import { managedClusterRules } from "./managed-clusters";
import { networkRules } from "./networks";
import { poolPropertyRules } from "./pool-properties";
import { roleAssignmentRules } from "./role-assignments";

export interface RuleBook {
  readonly refusals: readonly Refusal[];
  readonly fillings: readonly Filling[];
  readonly maskings: readonly Masking[];
  isOn(behaviour: Behaviour): boolean;
}

// In the order in which Azure looks: the call, then what is going on, then what is asked for.
const refusals: readonly Refusal[] = [
  ...callRules,
  ...concurrencyRules,
  ...managedClusterRules,
  ...clusterPropertyRules,
  ...agentPoolRules,
  ...poolPropertyRules,
  ...kubernetesVersionRules,
  ...networkRules,
  ...roleAssignmentRules,
  ...machineLearningRules,
];
const maskings: readonly Masking[] = [computeSecretsHidden];

/** The name and source of every rule. */
export const allRules: readonly Behaviour[] = [
  ...refusals,
  ...fillings,
  ...maskings,
  ...Object.values(behaviours),
];

/** The rules without those named in `off`; an unknown name is a mistake in a test and throws. */
export function openRuleBook(off: readonly string[] = []): RuleBook {
  const unknown = off.filter((name) => !allRules.some((rule) => rule.name === name));
  if (unknown.length > 0) throw new Error(`no rule has the name ${unknown.join(", ")}`);
  const isOn = (rule: Behaviour): boolean => !off.includes(rule.name);
  return {
    refusals: refusals.filter(isOn),
    fillings: fillings.filter(isOn),
    maskings: maskings.filter(isOn),
    isOn,
  };
}
