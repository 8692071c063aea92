// Kubernetes objects as plain JSON: what they all have, where they are found, and how sentences name them.

/** Any JSON value. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface ListedMeta {
  readonly name: string;
  /** Absent for objects that are the cluster's. */
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly { readonly uid: string; readonly kind: string }[];
  readonly managedFields?: readonly ManagedFields[];
}

export interface ObjectMeta extends ListedMeta {
  readonly namespace: string;
}

/** Who owns which fields (server-side apply). */
export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly fieldsV1?: Json;
}

/** An object as lists have it: without `apiVersion` and `kind`. */
export interface ListedObject {
  readonly metadata: ListedMeta;
}

/** A namespaced object with whatever its kind adds. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** A kind, and the namespace of its objects where they have one. */
export interface ObjectLocator {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
}

export function locatorOf({ apiVersion, kind, metadata }: KubeObject): ObjectLocator {
  return { apiVersion, kind, namespace: metadata.namespace };
}

/** `<Kind>/<name>`: how states, previews and sentences call an object. */
export function objectKey(object: KubeObject): string {
  return `${object.kind}/${object.metadata.name}`;
}

/** `<Kind>/<name> in namespace <namespace>`. */
export function describeObject({ kind, namespace }: ObjectLocator, name: string): string {
  return namespace === undefined ? `${kind}/${name}` : `${kind}/${name} in namespace ${namespace}`;
}
