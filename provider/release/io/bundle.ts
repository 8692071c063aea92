// Reads the code that the pods run.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Bundle, bundleOf } from "../core/bundle-config-map";

/** Built next to the compiled library: dist/bundles. */
const FOLDER = join(__dirname, "..", "..", "..", "bundles");

const bundles = new Map<string, Promise<Bundle>>();

/**
 * The code called `<name>.cjs`, read once per process.
 * @throws Error with one sentence when the package was not built
 */
export function readBundle(name: string): Promise<Bundle> {
  const known = bundles.get(name) ?? loadBundle(name);
  bundles.set(name, known);
  return known;
}

async function loadBundle(name: string): Promise<Bundle> {
  const code = await readFile(join(FOLDER, `${name}.cjs`), "utf8").catch((cause: unknown) => {
    throw new Error(`The package aml-inference is not built: ${name}.cjs is missing`, { cause });
  });
  return bundleOf(code);
}
