// The ConfigMap that mounts our code into a stock Node image, and the command that starts the code.
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

export const BUNDLE_COMMAND: readonly string[] = ["node", `${BUNDLE_PATH}/${FILE}`];
