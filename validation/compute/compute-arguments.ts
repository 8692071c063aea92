// The arguments of a WorkspaceCompute (azureml-semantics, section 1; docs/workspace-compute.md).
import { CLOUD_NAMES } from "../../azure/core/azure-access";
import { azureId, MANAGED_CLUSTER, USER_IDENTITY, WORKSPACE } from "../../azure/core/azure-id";
import { azureTags } from "../../azure/core/azure-tags";
import { ClusterPurpose, LoadBalancerType } from "../../contracts/choices";
import { LABEL_NAMES, labelName, labels, quantities } from "../../kubernetes/core/argument-rules";
import { type ArgumentError } from "../../values/argument-error";
import { boolean, choice, integer, text, textLike } from "../../values/argument-rules";
import { list, map, object } from "../../values/object-rules";
import { type Arguments, type ArgumentTable } from "../../values/argument-table";
import { isRecord } from "../../values/is-record";
import { UNKNOWN } from "../../values/unknown";
import { validateSslChoice } from "./validate-compute-ssl";

/** azureml-semantics, row 6. */
const COMPUTE_NAME = /^[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/;
const DOMAIN_NAME =
  /^(\*\.)?(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/i;
const LEAF_DOMAIN_LABEL = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

const INSTANCE_TYPE_ARGUMENTS = {
  nodeSelector: labels,
  resources: object({ requests: quantities, limits: quantities }),
} as const satisfies ArgumentTable;

const IDENTITY_ARGUMENTS = {
  type: choice(["None", "SystemAssigned", "UserAssigned", "SystemAssigned,UserAssigned"], {
    required: true,
  }),
  userAssignedIdentityIds: list(azureId(USER_IDENTITY, {}), { beside: onlyUserAssigned }),
} as const satisfies ArgumentTable;

export const SSL_ARGUMENTS = {
  status: choice(["Disabled", "Enabled", "Auto"], {}),
  cname: textLike("a fully qualified domain name", DOMAIN_NAME, {}),
  certificatePem: text({ secret: true }),
  privateKeyPem: text({ secret: true }),
  leafDomainLabel: textLike(
    "1 to 63 lower-case letters, digits and dashes that start with a letter and end without a dash",
    LEAF_DOMAIN_LABEL,
    {},
  ),
  overwriteExistingDomain: boolean({}),
} as const satisfies ArgumentTable;

/** Arguments with a single value. */
export const PLAIN_ARGUMENTS = {
  workspaceId: azureId(WORKSPACE, { required: true }),
  computeName: textLike(
    "3 to 24 letters, digits and dashes that start with a letter and end with a letter or digit",
    COMPUTE_NAME,
    { required: true },
  ),
  clusterId: azureId(MANAGED_CLUSTER, { required: true }),
  computeType: choice(["Kubernetes", "AKS"], { default: "Kubernetes" }),
  cloud: choice(CLOUD_NAMES, {}),
  timeoutMinutes: integer({ default: 30, minimum: 1, maximum: 240 }),
  namespace: labelName({ default: "default" }),
  defaultInstanceType: text({}),
  description: text({}),
  clusterPurpose: choice(Object.values(ClusterPurpose), {}),
  loadBalancerType: choice(Object.values(LoadBalancerType), {}),
  loadBalancerSubnet: text({}),
} as const satisfies ArgumentTable;

/** Arguments that are objects or maps. */
export const OBJECT_ARGUMENTS = {
  tags: azureTags,
  instanceTypes: map("instance types", validateTypeName, object(INSTANCE_TYPE_ARGUMENTS), {
    beside: hasDefaultType,
  }),
  identity: object(IDENTITY_ARGUMENTS),
  ssl: object(SSL_ARGUMENTS, {
    secret: true,
    notArguments: {
      renew: "is not supported: Azure Resource Manager's model has no such property",
    },
    beside: validateSslChoice,
  }),
} as const satisfies ArgumentTable;

export const COMPUTE_ARGUMENTS = { ...PLAIN_ARGUMENTS, ...OBJECT_ARGUMENTS };

/** Instance types are Kubernetes objects. */
function validateTypeName(path: string, name: string): ArgumentError[] {
  return LABEL_NAMES.pattern.test(name)
    ? []
    : [{ path, reason: `must have a name ${LABEL_NAMES.legal}` }];
}

function hasDefaultType(
  _path: string,
  types: unknown,
  { defaultInstanceType: type }: Arguments,
): ArgumentError[] {
  if (typeof type !== "string" || type === UNKNOWN || !isRecord(types) || type in types) return [];
  const reason = `must be one of instanceTypes, ${Object.keys(types).join(", ")}: it is "${type}"`;
  return [{ path: "defaultInstanceType", reason }];
}

function onlyUserAssigned(path: string, ids: unknown, { type }: Arguments): ArgumentError[] {
  const legalTypes: readonly unknown[] = IDENTITY_ARGUMENTS.type.choices;
  if (!legalTypes.includes(type) || ids === UNKNOWN) return [];
  const needsIds = String(type).includes("UserAssigned");
  const hasIds = Array.isArray(ids) && ids.length > 0;
  if (needsIds === hasIds) return [];
  const when = needsIds ? "at least one id with" : "left out with";
  return [{ path, reason: `must be ${when} identity.type "${String(type)}"` }];
}
