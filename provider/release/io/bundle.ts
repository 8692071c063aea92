// Reads the code that the pods run from dist/bundles.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Bundle, bundleOf } from "../core/bundle-config-map";

/** Seen from this file's compiled form in dist/provider/release/io. */
const FOLDER = join(__dirname, "..", "..", "..", "bundles");

const bundles = new Map<string, Promise<Bundle>>();

/**
 * The code in `<name>.cjs`, read once per process.
 * @throws Error with one sentence when the package isn't built
 */
export function readBundle(name: string): Promise<Bundle> {
  const bundle = bundles.get(name) ?? loadBundle(name);
  bundles.set(name, bundle);
  return bundle;
}

async function loadBundle(name: string): Promise<Bundle> {
  const code = await readFile(join(FOLDER, `${name}.cjs`), "utf8").catch((cause: unknown) => {
    throw new Error(`The package aml-inference is not built: ${name}.cjs is missing`, { cause });
  });
  return bundleOf(code);
}
