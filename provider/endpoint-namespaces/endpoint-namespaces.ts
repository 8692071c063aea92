// EndpointNamespaces: the rights of router and autoscaler in the namespaces of endpoints.
import * as pulumi from "@pulumi/pulumi";
import { resourceShell } from "../engine/core/resource-shell";
import { DynamicResource } from "../engine/dynamic-resource";

const shell = resourceShell("EndpointNamespaces", [
  "check",
  "diff",
  "create",
  "read",
  "update",
  "delete",
]);

export interface EndpointNamespacesArgs {
  /** Text of the kubeconfig. Always a secret in the state. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Namespace of the router. */
  readonly routerNamespace: pulumi.Input<string>;
  /** Namespaces beside those of endpoints that stacks declare or that were served before. Default: none. */
  readonly allowedNamespaces?: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * RoleBindings in each of these namespaces that exists. An EndpointRoute makes those of its own namespace; this resource
 * heals them, and takes back what nobody has a use for. Deleting it takes all of them back.
 */
export class EndpointNamespaces extends DynamicResource {
  constructor(name: string, args: EndpointNamespacesArgs, opts?: pulumi.CustomResourceOptions) {
    super(shell, name, { ...args, kubeconfig: pulumi.secret(args.kubeconfig) }, opts);
  }
}
