// ArgumentCheck: validates the Outputs among a component's arguments before any of its children changes.
import type * as pulumi from "@pulumi/pulumi";
import { resourceShell } from "../engine/core/resource-shell";
import { DynamicResource } from "../engine/dynamic-resource";
import { type ComponentArgumentsArgs } from "../engine/component-arguments";

const shell = resourceShell("ArgumentCheck", ["check", "diff", "create"]);

/** Fails with one sentence per illegal argument; otherwise has no effect. */
export class ArgumentCheck extends DynamicResource {
  constructor(name: string, args: ComponentArgumentsArgs, opts?: pulumi.CustomResourceOptions) {
    super(shell, name, { ...args }, opts);
  }
}
