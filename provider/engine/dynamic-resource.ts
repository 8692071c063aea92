// The base class of the dynamic resources: a custom resource whose shell names its code.
import * as pulumi from "@pulumi/pulumi";
import { type ResourceShell } from "./core/resource-shell";

/** Like `pulumi.dynamic.Resource`, but with the shell's text in place of a serialized provider. */
export abstract class DynamicResource extends pulumi.CustomResource {
  constructor(
    { type, text }: ResourceShell,
    name: string,
    props: pulumi.Inputs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      `pulumi-nodejs:dynamic/aml-inference:${type}`,
      name,
      { ...props, __provider: text },
      opts,
    );
  }
}
