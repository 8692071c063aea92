/** A Kubernetes object as plain JSON, and the few members that every kind has. */
import { isRecord } from "../../property-value";

/** Any object of any kind; nothing is assumed beyond `apiVersion`, `kind` and `metadata`. */
export type KubeObject = Record<string, unknown>;

export function apiVersionOf(object: KubeObject): string {
  return stringOf(object["apiVersion"]);
}

export function kindOf(object: KubeObject): string {
  return stringOf(object["kind"]);
}

/** The API group of the object's version; the core group is empty. */
export function groupOf(object: KubeObject): string {
  const [group, version] = apiVersionOf(object).split("/");
  return version === undefined ? "" : (group ?? "");
}

/** `metadata`, or an empty one. */
export function metadataOf(object: KubeObject): Record<string, unknown> {
  const metadata = object["metadata"];
  return isRecord(metadata) ? metadata : {};
}

/** `metadata.name`, empty when absent. */
export function nameOf(object: KubeObject): string {
  return stringOf(metadataOf(object)["name"]);
}

/** `metadata.namespace`, empty when absent. */
export function namespaceOf(object: KubeObject): string {
  return stringOf(metadataOf(object)["namespace"]);
}

/** One annotation's value. */
export function annotationOf(object: KubeObject, name: string): string | undefined {
  const annotations = metadataOf(object)["annotations"];
  const value = isRecord(annotations) ? annotations[name] : undefined;
  return typeof value === "string" ? value : undefined;
}

/** The object with other members in its metadata; an undefined member is taken out. */
export function withMetadata(object: KubeObject, changes: Record<string, unknown>): KubeObject {
  const metadata = Object.fromEntries(
    Object.entries({ ...metadataOf(object), ...changes }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  return { ...object, metadata };
}

/** The object with one more annotation. */
export function withAnnotation(object: KubeObject, name: string, value: string): KubeObject {
  const annotations = metadataOf(object)["annotations"];
  return withMetadata(object, {
    annotations: { ...(isRecord(annotations) ? annotations : {}), [name]: value },
  });
}

/** The object without one of its members. */
export function without(object: KubeObject, member: string): KubeObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== member));
}

/** The value at a path of member names; undefined when some step is missing. */
export function valueAt(object: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), object);
}

export function isSecretObject(object: KubeObject): boolean {
  return apiVersionOf(object) === "v1" && kindOf(object) === "Secret";
}

export function isConfigMap(object: KubeObject): boolean {
  return apiVersionOf(object) === "v1" && kindOf(object) === "ConfigMap";
}

export function isCustomResourceDefinition(object: KubeObject): boolean {
  return (
    groupOf(object) === "apiextensions.k8s.io" && kindOf(object) === "CustomResourceDefinition"
  );
}

/** The resource's id in the state: `namespace/name`, or the name alone outside of namespaces. */
export function idOf(object: KubeObject): string {
  const namespace = namespaceOf(object);
  return namespace === "" ? nameOf(object) : `${namespace}/${nameOf(object)}`;
}

/** The inverse of `idOf()`. */
export function parseId(id: string): { namespace: string; name: string } {
  const [first = "", second] = id.split("/");
  return second === undefined ? { namespace: "", name: first } : { namespace: first, name: second };
}

function stringOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
