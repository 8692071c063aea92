// Reads the code that the pods run, and recognises it in a live ConfigMap.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { type Bundle, bundleName, bundleOf, compressedCode } from "../core/bundle-config-map";
import { digest } from "../../../values/digest";
import { type BundleConfigMap, type Release } from "../core/release";
import { type KubeClient, locatorOf } from "../../../kubernetes/io/kube-client";

/** Built next to the compiled library: dist/bundles. */
const FOLDER = join(__dirname, "..", "..", "..", "bundles");

const bundles = new Map<string, Promise<Bundle>>();

/**
 * The code called `<name>.cjs.br`, read once per process.
 * @throws Error with one sentence when the package was not built
 */
export function readBundle(name: string): Promise<Bundle> {
  const known = bundles.get(name) ?? loadBundle(name);
  bundles.set(name, known);
  return known;
}

async function loadBundle(name: string): Promise<Bundle> {
  const file = join(FOLDER, `${name}.cjs.br`);
  const compressed = await readFile(file).catch((cause: unknown) => {
    throw new Error(`The package aml-inference is not built: ${name}.cjs.br is missing`, { cause });
  });
  return bundleOf(brotliDecompressSync(compressed).toString("utf8"), compressed);
}

/** The release with the live ConfigMap's bytes where they are the same code: another build compresses differently. */
export async function withLiveBundle(client: KubeClient, release: Release): Promise<Release> {
  const { bundle } = release;
  const live = await client.read<BundleConfigMap>(locatorOf(bundle), bundle.metadata.name);
  const compressed = live && compressedCode(live);
  if (live === undefined || compressed === undefined) return release;
  if (bundleName(release.name, codeDigest(compressed)) !== bundle.metadata.name) return release;
  return { ...release, bundle: { ...bundle, binaryData: live.binaryData } };
}

function codeDigest(compressed: Uint8Array): string {
  try {
    return digest(brotliDecompressSync(compressed).toString("utf8"));
  } catch {
    return "not brotli";
  }
}
