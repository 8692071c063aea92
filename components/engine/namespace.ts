// A namespace that several components and stacks may share.
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Namespaces that every cluster has. */
const PROVIDED = ["default"];

/**
 * The namespace, created where it is missing and left when the component goes: other endpoints may live there.
 * @returns its name, to be used by what lives in it.
 */
export function createNamespace(
  name: string,
  namespace: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Input<string> {
  if (typeof namespace === "string" && PROVIDED.includes(namespace)) return namespace;
  const created = new k8s.core.v1.Namespace(
    name,
    { metadata: { name: namespace } },
    { ...opts, retainOnDelete: true },
  );
  return created.metadata.name;
}
