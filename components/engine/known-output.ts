// Whether an Output has a value in this run: in a preview, what Azure is yet to say has none.
import type * as pulumi from "@pulumi/pulumi";

/** False in a preview for what only the update will tell; `apply` is never called for that. */
export async function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  // Every Output has it; its published type leaves it out.
  return (output as unknown as { readonly isKnown: Promise<boolean> }).isKnown;
}
