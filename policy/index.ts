// What a platform team imports from aml-inference-policies.
export { policies, type PoliciesOptions, type PolicyChoice } from "./engine/policies";
export { PROFILES, type Profile } from "./core/catalog/profiles";
export { POLICY_NAMES, type PolicyName } from "./core/rules";
export { type Level } from "./core/rule";
