// The part of `check` that every dynamic resource of a cluster shares: its kubeconfig.
import { type CheckFailure } from "../../values/check-failures";
import { UNKNOWN } from "../../values/unknown";
import { readKubeConfig } from "../../kubernetes/io/kube-config";

/** No failure for an unknown kubeconfig; the reason never quotes it. */
export function validateKubeConfig(kubeconfig: unknown): CheckFailure[] {
  if (kubeconfig === UNKNOWN) return [];
  if (typeof kubeconfig !== "string" || kubeconfig === "") {
    return [{ property: "", reason: "kubeconfig must be the text of a kubeconfig" }];
  }
  const result = readKubeConfig(kubeconfig);
  return result.ok ? [] : [{ property: "", reason: result.message }];
}
