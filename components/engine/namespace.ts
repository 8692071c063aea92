// A namespace that several components and stacks may share.
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Namespaces that every cluster has. They are not created. */
const PROVIDED = ["default"];

/**
 * The namespace, created where it is missing, and retained when the component is deleted: other endpoints may use it.
 * @returns what the objects in it depend on
 */
export function createNamespace(
  name: string,
  namespace: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
  labels?: Record<string, string>,
): pulumi.Resource[] {
  if (typeof namespace === "string" && PROVIDED.includes(namespace)) return [];
  const metadata = { name: namespace, ...(labels === undefined ? {} : { labels }) };
  return [new k8s.core.v1.Namespace(name, { metadata }, { ...opts, retainOnDelete: true })];
}
