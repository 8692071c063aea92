// Kubernetes objects as plain JSON, and how sentences call them.

/** Any JSON value. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface ObjectMeta {
  readonly name: string;
  readonly namespace: string;
  readonly uid?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly { readonly uid: string; readonly kind: string }[];
  readonly managedFields?: readonly ManagedFields[];
}

/** Who owns which fields (server-side apply). */
export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly fieldsV1?: Json;
}

/** A namespaced object with whatever its kind adds. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** `<Kind>/<name>`: how states, previews and sentences call an object. */
export function objectKey(object: KubeObject): string {
  return `${object.kind}/${object.metadata.name}`;
}
