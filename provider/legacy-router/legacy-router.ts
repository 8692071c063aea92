// LegacyRouter: what Azure ML v1's router left in the cluster, named at every preview, removed when asked.
import * as pulumi from "@pulumi/pulumi";
import { resourceShell } from "../engine/core/resource-shell";
import { DynamicResource } from "../engine/dynamic-resource";

const shell = resourceShell("LegacyRouter", ["check", "diff", "create", "update"]);

export interface LegacyRouterArgs {
  /** Text of the kubeconfig. A secret in the state whatever is passed. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Whether what is found is removed. */
  readonly remove: pulumi.Input<boolean>;
}

/** Nothing in itself: without leftovers, and with `remove` false, it never changes; deleting it touches nothing. */
export class LegacyRouter extends DynamicResource {
  constructor(name: string, args: LegacyRouterArgs, opts?: pulumi.CustomResourceOptions) {
    const props = { ...args, kubeconfig: pulumi.secret(args.kubeconfig) };
    super(shell, name, props, opts);
  }
}
