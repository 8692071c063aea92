// The ConfigMap that carries our code into a stock Node image, and the command that starts it there.
import { digest } from "../../../values/digest";
import { type BundleConfigMap, releaseLabels } from "./release";

/** Our code, ready to be published. */
export interface Bundle {
  /** The same code always has the same name. */
  readonly digest: string;
  /** A CommonJS module. */
  readonly code: string;
}

/** Key of the ConfigMap, i.e. name of the file in the pod. */
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
