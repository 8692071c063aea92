// Whether an Output has a value in this run: in a preview, what Azure decides later has none.
import type * as pulumi from "@pulumi/pulumi";

/** False in a preview for values that only the update has; `apply` is never called for those. */
export async function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  // Every Output has it; its published type leaves it out.
  return (output as unknown as { readonly isKnown: Promise<boolean> }).isKnown;
}
