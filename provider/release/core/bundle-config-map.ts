// The ConfigMap that mounts our code into a stock Node image, and the command that starts the code.
import { createHash } from "node:crypto";
import { digest } from "../../../values/digest";
import { type BundleConfigMap, releaseLabels } from "./release";

/** Our code as one module. */
export interface Bundle {
  /** Digest of the code, and last part of the ConfigMap's name. */
  readonly digest: string;
  /** A CommonJS module. */
  readonly code: string;
}

/** Key in the ConfigMap, and file name in the pod. */
const FILE = "code.cjs";
/** Where pods mount the ConfigMap. */
export const BUNDLE_PATH = "/opt/aml-inference";

/** Name of the volume in the pod. */
export const BUNDLE_VOLUME = "code";

export function bundleOf(code: string): Bundle {
  return { digest: digest(code), code };
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
      name: `${release}-${bundle.digest}`,
      namespace,
      labels: releaseLabels(release),
    },
    immutable: true,
    data: { [FILE]: bundle.code },
  };
}

/** What the pods' first and later processes exit with when the code isn't the released one: EX_CONFIG of sysexits(3). */
export const OTHER_CODE_EXIT = 78;

/**
 * Starts the code, and nothing else: whoever may delete a ConfigMap and make it again could change an immutable one, too.
 * What is compiled is what was read and compared, so that the file may change meanwhile. A program that starts itself
 * again does so with `process.execArgv`, which has the check, and `process.argv[1]`, the file.
 */
export function bundleCommand({ code }: Bundle): readonly string[] {
  const sha256 = createHash("sha256").update(code).digest("hex");
  return ["node", "-e", startWhenEqual(sha256), `${BUNDLE_PATH}/${FILE}`];
}

function startWhenEqual(sha256: string): string {
  const other = `{ level: "error", message: "the code isn't the released one and is not started: \`pulumi up\` brings it back", file, sha256, released }`;
  // In a block, so that the code finds none of these names.
  return `{
const released = "${sha256}", file = process.argv[1];
const code = require("node:fs").readFileSync(file);
const sha256 = require("node:crypto").createHash("sha256").update(code).digest("hex");
if (sha256 === released) module._compile(code.toString(), file);
else { console.log(JSON.stringify(${other})); process.exitCode = ${OTHER_CODE_EXIT}; }
}`;
}
