// The ConfigMap that carries our code into a stock Node image, and the command that starts it there.
import { digest } from "../../../values/digest";
import { type BundleConfigMap, releaseLabels } from "./release";

/** Our code, ready to be published. */
export interface Bundle {
  /** Digest of the uncompressed code: the same code always has the same name. */
  readonly digest: string;
  /** Brotli-compressed code as base64. */
  readonly compressed: string;
}

/** Key of the ConfigMap, i.e. name of the file in the pod. */
const FILE = "code.cjs.br";
/** Where pods mount the ConfigMap. */
export const BUNDLE_PATH = "/opt/aml-inference";

/** Name of the volume in the pod. */
export const BUNDLE_VOLUME = "code";

export function bundleOf(code: string, compressed: Uint8Array): Bundle {
  return { digest: digest(code), compressed: Buffer.from(compressed).toString("base64") };
}

export function bundleConfigMap(
  release: string,
  namespace: string,
  bundle: Bundle,
): BundleConfigMap {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: bundleName(release, bundle.digest),
      namespace,
      labels: releaseLabels(release),
    },
    immutable: true,
    binaryData: { [FILE]: bundle.compressed },
  };
}

export function bundleName(release: string, bundleDigest: string): string {
  return `${release}-${bundleDigest}`;
}

/** The compressed code of a live ConfigMap, if it has any. */
export function compressedCode(configMap: BundleConfigMap): Uint8Array | undefined {
  const data: string | undefined = configMap.binaryData?.[FILE];
  return data === undefined ? undefined : Buffer.from(data, "base64");
}

/** Decompresses the code and runs it as a CommonJS module. */
export const BUNDLE_COMMAND: readonly string[] = [
  "node",
  "-e",
  `module._compile(require("node:zlib").brotliDecompressSync(require("node:fs").readFileSync("${BUNDLE_PATH}/${FILE}")).toString("utf8"),"${BUNDLE_PATH}/code.cjs")`,
];
