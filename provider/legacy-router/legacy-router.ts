// LegacyRouter: the leftovers of Azure ML v1's router in the cluster, reported at every preview, removed on request.
import * as pulumi from "@pulumi/pulumi";
import { resourceShell } from "../engine/core/resource-shell";
import { DynamicResource } from "../engine/dynamic-resource";

const shell = resourceShell("LegacyRouter", ["check", "diff", "create", "update"]);

export interface LegacyRouterArgs {
  /** Text of the kubeconfig. Always a secret in the state. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Whether the leftovers are removed. */
  readonly remove: pulumi.Input<boolean>;
}

/** Owns no objects: it never changes without leftovers or with `remove` false, and deleting it deletes nothing. */
export class LegacyRouter extends DynamicResource {
  constructor(name: string, args: LegacyRouterArgs, opts?: pulumi.CustomResourceOptions) {
    const props = { ...args, kubeconfig: pulumi.secret(args.kubeconfig) };
    super(shell, name, props, opts);
  }
}
