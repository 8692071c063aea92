/** Names with a random tail, as Pulumi gives them to resources that the program left unnamed. */
import { createHash, randomBytes } from "node:crypto";

/**
 * `prefix` followed by eight hexadecimal digits.
 *
 * @param seed the engine's random seed for the resource; with it the same call gives the same name,
 * so that preview and update agree. Without it (empty) the tail is random.
 */
export function uniqueName(prefix: string, seed: Uint8Array): string {
  const tail =
    seed.length > 0 ? createHash("sha256").update(prefix).update(seed).digest() : randomBytes(4);
  return prefix + tail.subarray(0, 4).toString("hex");
}
