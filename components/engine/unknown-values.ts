// What a component does about a value that can't be known: unknown in a preview, one sentence in an update.
//
// An exception in an `apply` would be reported by every resource that uses the value, and by those that use these, as
// `error serializing property "a": error serializing property "b": …`.
import * as pulumi from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output";

/** Ends the program with one sentence beside the component. Whoever waits for the value waits until then. */
function endProgram(component: pulumi.Resource, sentence: string): Promise<never> {
  void Promise.reject(new pulumi.ResourceError(sentence, component, true));
  return new Promise(() => undefined);
}

/**
 * For an `apply`, in place of a value that can't be known. A preview goes on with an unknown value and warns; an update
 * ends with the sentence.
 */
export async function unknownBecause(component: pulumi.Resource, sentence: string): Promise<never> {
  if (!pulumi.runtime.isDryRun()) return endProgram(component, sentence);
  await pulumi.log.warn(sentence, component);
  // An Output whose value is this one is unknown; the types don't say so.
  return unknown as never;
}
