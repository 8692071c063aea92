/** What a conflict of field managers means. */
import type { KubeError } from "../../../../kubernetes/io/kube-error";

/** One sentence: who wanted the field, who has it, and what the program can do. */
export function explainConflict(error: KubeError, fieldManager: string): string {
  return (
    `server-side apply field conflict detected: the resource managed by field manager ` +
    `"${fieldManager}" had an apply conflict: ${error.detail.split("\n").join(" ")} ` +
    `(annotate it with pulumi.com/patchForce: "true", or set enablePatchForce on the provider, to take ` +
    `the field over)`
  );
}
