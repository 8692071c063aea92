// Computes SHA-256 digests and reads listings of them.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

/** The digest that a `sha256sum` listing has for a file name, in lower case. */
export function digestOf(listing: string, fileName: string): string | undefined {
  for (const line of listing.split("\n")) {
    const [digest, name] = line.trim().split(/\s+\*?/);
    if (name === fileName && digest !== undefined && /^[0-9a-f]{64}$/i.test(digest)) {
      return digest.toLowerCase();
    }
  }
  return undefined;
}

/** The SHA-256 of a file, in lower-case hexadecimal. */
export async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
