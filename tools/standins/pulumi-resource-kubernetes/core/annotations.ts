/** The annotations by which a program steers this plugin, as the vendor's plugin documents them. */
import { annotationOf, apiVersionOf, kindOf, type KubeObject } from "./kube-object";

const autonamed = "pulumi.com/autonamed";
const skipAwait = "pulumi.com/skipAwait";
const patchForce = "pulumi.com/patchForce";
const patchFieldManager = "pulumi.com/patchFieldManager";
const timeoutSeconds = "pulumi.com/timeoutSeconds";
const deletionPropagationPolicy = "pulumi.com/deletionPropagationPolicy";

export const autonamedAnnotation = autonamed;

/** True when the name was made up by `check`. */
export function isAutonamed(object: KubeObject): boolean {
  return annotationOf(object, autonamed) === "true";
}

/** True when create and update return without waiting for readiness. */
export function skipsAwait(object: KubeObject): boolean {
  return annotationOf(object, skipAwait) === "true";
}

// The vendor's plugin honours skipAwait on deletion for these kinds alone.
const skippableOnDelete: ReadonlySet<string> = new Set([
  "v1/Namespace",
  "v1/Pod",
  "v1/ReplicationController",
  "apps/v1/DaemonSet",
  "apps/v1/Deployment",
  "apps/v1/StatefulSet",
  "batch/v1/Job",
]);

/** True when a deletion returns without waiting until the object is gone. */
export function skipsAwaitOnDelete(object: KubeObject): boolean {
  return skipsAwait(object) && skippableOnDelete.has(`${apiVersionOf(object)}/${kindOf(object)}`);
}

/** True when fields of other managers are taken over. */
export function forcesPatch(object: KubeObject): boolean {
  return annotationOf(object, patchForce) === "true";
}

/** The field manager that the program asks for. */
export function requestedFieldManager(object: KubeObject): string | undefined {
  return annotationOf(object, patchFieldManager) || undefined;
}

/** How long to wait for readiness or deletion, when neither the resource's options nor an annotation say. */
const defaultTimeoutMs = 10 * 60 * 1000;

/**
 * How long to wait, in milliseconds.
 *
 * @param optionSeconds the timeout of the resource's options; 0 when it has none. It wins.
 */
export function timeoutMsOf(object: KubeObject, optionSeconds: number): number {
  if (optionSeconds > 0) return optionSeconds * 1000;
  const text = annotationOf(object, timeoutSeconds);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) * 1000 : defaultTimeoutMs;
}

/** What happens to an object's dependents when it goes; in the foreground unless annotated. */
export function propagationPolicyOf(object: KubeObject): "Foreground" | "Background" | "Orphan" {
  const policy = annotationOf(object, deletionPropagationPolicy)?.toLowerCase();
  if (policy === "orphan") return "Orphan";
  return policy === "background" ? "Background" : "Foreground";
}
