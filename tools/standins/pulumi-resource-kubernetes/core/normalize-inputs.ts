/** Inputs in the form in which the API server gives them back, so that equal things compare equal. */
import { containsUnknown, isRecord } from "../../property-value";
import {
  groupOf,
  isConfigMap,
  isCustomResourceDefinition,
  isSecretObject,
  type KubeObject,
  metadataOf,
  valueAt,
  withMetadata,
  without,
} from "./kube-object";
import { canonicalQuantity } from "./quantity";

const readOnlyMetadata = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

/**
 * The inputs as the server would write them: a Secret's `stringData` as `data`, quantities in their
 * one form, no read-only metadata. Objects with unknown values keep the form they have.
 */
export function normalizeInputs(inputs: KubeObject): KubeObject {
  const normalized = containsUnknown(inputs) ? inputs : normalizeKind(inputs);
  if (!("metadata" in normalized) || !isRecord(normalized["metadata"])) return normalized;
  const metadata = metadataOf(normalized);
  if (!readOnlyMetadata.some((key) => key in metadata)) return normalized;
  return withMetadata(
    normalized,
    Object.fromEntries(readOnlyMetadata.map((key) => [key, undefined])),
  );
}

const builtInGroups: ReadonlySet<string> = new Set([
  ...["", "admissionregistration.k8s.io", "apps", "autoscaling", "batch", "certificates.k8s.io"],
  ...["coordination.k8s.io", "discovery.k8s.io", "events.k8s.io", "flowcontrol.apiserver.k8s.io"],
  ...["networking.k8s.io", "node.k8s.io", "policy", "rbac.authorization.k8s.io"],
  ...["resource.k8s.io", "scheduling.k8s.io", "storage.k8s.io"],
]);

/** True for the kinds that Kubernetes itself defines: their schema drops empty fields. */
export function isBuiltInKind(object: KubeObject): boolean {
  return builtInGroups.has(groupOf(object));
}

function normalizeKind(inputs: KubeObject): KubeObject {
  if (isSecretObject(inputs)) return normalizeSecret(inputs);
  if (isCustomResourceDefinition(inputs)) return normalizeDefinition(inputs);
  if (isConfigMap(inputs) || !isBuiltInKind(inputs)) return inputs;
  return normalizeQuantities(inputs);
}

/** The server encodes `stringData` into `data`, over what is there; base64 is written without breaks. */
function normalizeSecret(inputs: KubeObject): KubeObject {
  const { stringData, ...rest } = inputs;
  const data: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(isRecord(rest["data"]) ? rest["data"] : {})) {
    // What is not base64 goes to the server as it is, which says so.
    const isBase64 = typeof value === "string" && /^[A-Za-z0-9+/\s]*=?\s*=?\s*$/.test(value);
    data[key] = isBase64 ? Buffer.from(value, "base64").toString("base64") : value;
  }
  for (const [key, value] of Object.entries(isRecord(stringData) ? stringData : {})) {
    data[key] = Buffer.from(String(value)).toString("base64");
  }
  return Object.keys(data).length > 0 ? { ...rest, data } : rest;
}

/** The server drops the deprecated `preserveUnknownFields: false`, and writes the status itself. */
function normalizeDefinition(inputs: KubeObject): KubeObject {
  const rest = without(inputs, "status");
  const spec = rest["spec"];
  if (!isRecord(spec) || valueAt(spec, "preserveUnknownFields") !== false) return rest;
  return { ...rest, spec: without(spec, "preserveUnknownFields") };
}

// Members of Kubernetes' own kinds that map resource names to quantities, and those that are one.
const quantityMaps: ReadonlySet<string> = new Set([
  ...["limits", "requests", "hard", "capacity", "overhead"],
  ...["default", "defaultRequest", "max", "min", "maxLimitRequestRatio"],
]);
const quantities: ReadonlySet<string> = new Set(["sizeLimit", "divisor", "averageValue"]);
const freeMaps: ReadonlySet<string> = new Set([
  "annotations",
  "labels",
  "matchLabels",
  "nodeSelector",
]);

function normalizeQuantities(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, normalizeMember(key, value)]),
  );
}

function normalizeMember(key: string, value: unknown): unknown {
  if (freeMaps.has(key)) return value;
  if (Array.isArray(value)) {
    return value.map((item: unknown) => (isRecord(item) ? normalizeQuantities(item) : item));
  }
  if (!isRecord(value)) return quantities.has(key) ? canonicalQuantity(value) : value;
  if (!quantityMaps.has(key)) return normalizeQuantities(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, amount]) => [name, canonicalQuantity(amount)]),
  );
}
