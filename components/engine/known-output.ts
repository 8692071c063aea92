// Whether an Output has a value in this run: in a preview, what Azure decides later has none.
import type * as pulumi from "@pulumi/pulumi";
import { UNKNOWN } from "../../values/unknown";

/** False in a preview for values that only the update has; `apply` is never called for those. */
export async function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  // Every Output has it; its published type leaves it out.
  return (output as unknown as { readonly isKnown: Promise<boolean> }).isKnown;
}

/**
 * The value, or what the engine takes for an unknown one, as a promise. The engine doesn't learn which resources a value
 * comes from that is given in this way.
 */
export async function valueOrUnknown(output: pulumi.Output<string>): Promise<string> {
  if (!(await isKnown(output))) return UNKNOWN;
  // Every Output has it; its published type leaves it out.
  return (output as unknown as { promise(): Promise<string> }).promise();
}
