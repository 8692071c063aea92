// Kubernetes objects as plain JSON: their common fields, their locators, and their names in messages.

/** Any JSON value. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface ListedMeta {
  readonly name: string;
  /** Absent for cluster-scoped objects. */
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  /** What must be removed before an object that is being deleted ends. */
  readonly finalizers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly ManagedFields[];
}

export interface OwnerReference {
  readonly kind: string;
  readonly name?: string;
  readonly uid: string;
  /** True for the one owner that manages the object. */
  readonly controller?: boolean;
}

export interface ObjectMeta extends ListedMeta {
  readonly namespace: string;
}

/** Ownership of fields (server-side apply). */
export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  /** When the manager last changed a field, to the second. */
  readonly time?: string;
  readonly fieldsV1?: Json;
}

/** An object as a list returns it: without `apiVersion` and `kind`. */
export interface ListedObject {
  readonly metadata: ListedMeta;
}

/** A namespaced object, with the fields of its kind. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** A kind and, for a namespaced kind, the namespace. */
export interface ObjectLocator {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
}

export function locatorOf({ apiVersion, kind, metadata }: KubeObject): ObjectLocator {
  return { apiVersion, kind, namespace: metadata.namespace };
}

/** `<Kind>/<name>`: identifies an object in states, previews and messages. */
export function objectKey(object: KubeObject): string {
  return `${object.kind}/${object.metadata.name}`;
}

/** `<Kind>/<name> in namespace <namespace>`. */
export function describeObject({ kind, namespace }: ObjectLocator, name: string): string {
  return namespace === undefined ? `${kind}/${name}` : `${kind}/${name} in namespace ${namespace}`;
}

/** The owner that manages the object. */
export function controllerOf(object: ListedObject): Required<OwnerReference> | undefined {
  const owner = object.metadata.ownerReferences?.find(({ controller }) => controller === true);
  return owner && { name: "", controller: true, ...owner };
}

/** Whether there is no such object, or its deletion has begun. */
export function isDeleted(live: KubeObject | undefined): live is undefined {
  return live === undefined || live.metadata.deletionTimestamp !== undefined;
}
