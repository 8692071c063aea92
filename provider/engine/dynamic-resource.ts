// The base class of the dynamic resources: a custom resource whose shell names its code.
import * as pulumi from "@pulumi/pulumi";
import { type ResourceShell } from "./core/resource-shell";
import { whyProviderLacksLibrary } from "./io/library-for-provider";

/**
 * Like `pulumi.dynamic.Resource`, but with the shell's text in place of a serialized provider.
 * @throws RunError when the dynamic provider can't find this package
 */
export abstract class DynamicResource extends pulumi.CustomResource {
  constructor(
    { type, text }: ResourceShell,
    name: string,
    props: pulumi.Inputs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    expectLibraryForProvider();
    super(
      `pulumi-nodejs:dynamic/aml-inference:${type}`,
      name,
      { ...props, __provider: text },
      opts,
    );
  }
}

/** Checks it once per program, and only where the language host started it: other hosts choose the provider's folder. */
function expectLibraryForProvider(): void {
  if (isExpected || !pulumi.runtime.hasEngine() || process.env["PULUMI_CONFIG"] === undefined) {
    return;
  }
  const reason = whyProviderLacksLibrary({
    folder: process.cwd(),
    plugAndPlay: process.versions["pnp"],
    nodeOptions: process.env["NODE_OPTIONS"],
  });
  if (reason !== undefined) throw new pulumi.RunError(reason);
  isExpected = true;
}

let isExpected = false;
