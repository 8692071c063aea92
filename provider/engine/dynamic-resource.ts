// The base of the dynamic resources: a custom resource whose code its shell names.
import * as pulumi from "@pulumi/pulumi";
import { type ResourceShell } from "./core/resource-shell";

/** What `pulumi.dynamic.Resource` is, but for the serializer: the shell's text is ready. */
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
