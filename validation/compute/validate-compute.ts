// Input errors of a WorkspaceCompute: names, ids, and what belongs to which type of compute.
import {
  isAzureId,
  MANAGED_CLUSTER,
  sameAzureId,
  USER_IDENTITY,
  WORKSPACE,
} from "../../azure/core/azure-id";
import { CLOUD_NAMES } from "../../azure/core/azure-access";
import { validateInstanceTypes } from "./validate-instance-types";
import {
  findFailures,
  isIntegerFrom,
  isLabelName,
  isText,
  optional,
  type Rule,
} from "../../values/check-failures";
import { AKS_ONLY, type ComputeSettings, IDENTIFYING, KUBERNETES_ONLY } from "./compute-settings";
import { isRecord } from "../../values/is-record";
import { type JsonObject } from "../../values/json-object";
import { UNKNOWN } from "../../values/unknown";

/** azureml-semantics, row 6. */
const COMPUTE_NAME = /^[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/;
const IDENTITY_TYPES = ["None", "SystemAssigned", "UserAssigned", "SystemAssigned,UserAssigned"];

const isComputeName: Rule = (value) =>
  typeof value === "string" && COMPUTE_NAME.test(value)
    ? undefined
    : "3 to 24 letters, digits and dashes that start with a letter and end with a letter or digit";

export function isOneOf(...choices: readonly string[]): Rule {
  return (value) =>
    typeof value === "string" && choices.includes(value) ? undefined : choices.join(" or ");
}

const RULES: Readonly<Record<string, Rule>> = {
  workspaceId: isAzureId(WORKSPACE),
  computeName: isComputeName,
  clusterId: isAzureId(MANAGED_CLUSTER),
  computeType: optional(isOneOf("Kubernetes", "AKS")),
  cloud: optional(isOneOf(...CLOUD_NAMES)),
  timeoutMinutes: optional(isIntegerFrom(1, 240)),
  namespace: optional(isLabelName),
  defaultInstanceType: optional(isText),
  description: optional(isText),
  clusterPurpose: optional(isOneOf("FastProd", "DenseProd", "DevTest")),
  loadBalancerType: optional(isOneOf("PublicIp", "InternalLoadBalancer")),
  loadBalancerSubnet: optional(isText),
};

// What the dynamic provider adds itself, beside the arguments.
const OUR_OWN = [
  ...["__provider", "drift", "computeId", "provisioningState", "isAttachedCompute", "tlsDigest"],
];
/** Every argument of a WorkspaceCompute. */
export const COMPUTE_ARGUMENTS: readonly string[] = [
  ...Object.keys(RULES),
  ...["instanceTypes", "tags", "identity", "ssl"],
];

/** Every problem but those of `ssl`, a sentence each; unknown values pass. */
export function validateCompute(inputs: JsonObject): string[] {
  return [
    ...validateNames(inputs),
    ...findFailures(inputs, RULES).map(({ reason }) => reason),
    ...validateType(inputs),
    ...validateTags(inputs["tags"]),
    ...validateInstanceTypes(inputs["instanceTypes"], inputs["defaultInstanceType"]),
    ...validateIdentity(inputs["identity"]),
    ...validateSubnet(inputs),
  ];
}

/** What can't follow a change: a v1 compute that is let go of can't be made again. */
export function validateChange(olds: Partial<ComputeSettings>, news: JsonObject): string[] {
  const becomesAks = olds.computeType !== undefined && news["computeType"] === "AKS";
  if (olds.computeType !== "AKS" && !becomesAks) return [];
  return IDENTIFYING.flatMap((property) => {
    const [old, wanted] = [olds[property], news[property]];
    if (old === undefined || old === UNKNOWN || wanted === UNKNOWN || old === wanted) return [];
    if (typeof wanted === "string" && property !== "computeType" && sameAzureId(old, wanted)) {
      return [];
    }
    return (
      `${property} can't be changed from "${old}" to ${shown(wanted)}: the compute would be detached, ` +
      "and Azure makes no new computes of type AKS; destroy this resource, which detaches it, and declare " +
      'another with computeType "Kubernetes"'
    );
  });
}

/** The sentence about a value that is not legal. */
export function problem(path: string, legal: string, value: unknown): string {
  return `${path} must be ${legal}: it is ${shown(value)}`;
}

function shown(value: unknown): string {
  return value === undefined || value === null ? "missing" : JSON.stringify(value);
}

function validateNames(inputs: JsonObject): string[] {
  return Object.keys(inputs)
    .filter((name) => !COMPUTE_ARGUMENTS.includes(name) && !OUR_OWN.includes(name))
    .map((name) => `${name} is not an argument; there are ${COMPUTE_ARGUMENTS.join(", ")}`);
}

function validateType(inputs: JsonObject): string[] {
  const type = inputs["computeType"];
  if (type !== "Kubernetes" && type !== "AKS") return [];
  const foreign: readonly string[] = type === "AKS" ? KUBERNETES_ONLY : AKS_ONLY;
  const why =
    type === "AKS"
      ? "only ssl and the load balancer of a v1 compute can change"
      : "only v1 computes have it";
  return foreign
    .filter((property) => inputs[property] !== undefined)
    .map((property) => `${property} must be left out with computeType "${type}": ${why}`);
}

function validateTags(tags: unknown): string[] {
  if (tags === undefined || tags === UNKNOWN) return [];
  if (!isRecord(tags)) return [problem("tags", "names with texts", tags)];
  return Object.entries(tags).flatMap(([name, value]) => {
    // learn.microsoft.com/azure/azure-resource-manager/management/tag-resources, limitations.
    if (name === "" || name.length > 512 || /[<>%&\\?/]/.test(name)) {
      return `tags.${name} must have a name of 1 to 512 characters without < > % & \\ ? /`;
    }
    if (value === UNKNOWN || (typeof value === "string" && value.length <= 256)) return [];
    return problem(`tags.${name}`, "a text of at most 256 characters", value);
  });
}

function validateIdentity(identity: unknown): string[] {
  if (identity === undefined || identity === UNKNOWN) return [];
  if (!isRecord(identity)) return [problem("identity", "an object with a type", identity)];
  const { type, userAssignedIdentityIds: ids = [] } = identity;
  if (type === UNKNOWN || ids === UNKNOWN) return [];
  const legal = isOneOf(...IDENTITY_TYPES)(type);
  if (legal !== undefined) return [problem("identity.type", legal, type)];
  if (!Array.isArray(ids)) return [problem("identity.userAssignedIdentityIds", "a list", ids)];
  const wants = String(type).includes("UserAssigned");
  if (wants !== ids.length > 0) {
    const when = wants ? "at least one id with" : "left out with";
    return [`identity.userAssignedIdentityIds must be ${when} identity.type "${String(type)}"`];
  }
  return ids.flatMap((id: unknown, index) => {
    const rule = id === UNKNOWN ? undefined : isAzureId(USER_IDENTITY)(id);
    return rule === undefined
      ? []
      : problem(`identity.userAssignedIdentityIds[${index}]`, rule, id);
  });
}

function validateSubnet(inputs: JsonObject): string[] {
  const { loadBalancerType: type, loadBalancerSubnet: subnet } = inputs;
  if (subnet === undefined || type === "InternalLoadBalancer" || type === UNKNOWN) return [];
  const rest = `it is ${shown(subnet)} with loadBalancerType ${shown(type)}`;
  return [
    `loadBalancerSubnet must be left out unless loadBalancerType is "InternalLoadBalancer": ${rest}`,
  ];
}
