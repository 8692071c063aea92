/** Why a create or an update failed, as the vendor's plugin says it. */
import { isReason, KubeError } from "../../../../kubernetes/io/kube-error";
import { UnknownKindError } from "../io/unknown-kind-error";

export interface FailedWrite {
  readonly operation: "creation" | "update";
  readonly urn: string;
  readonly fieldManager: string;
  /** The sentence for what the API server refused, from its explanation. */
  readonly sentence: (explanation: string, error: KubeError) => string;
}

/** An error whose message explains the failure; an error of anything but the API server comes back as it is. */
export function describeFailure(error: unknown, failed: FailedWrite): unknown {
  const { operation, urn, fieldManager, sentence } = failed;
  if (error instanceof UnknownKindError) {
    return new Error(
      `${operation} of resource "${urn}" failed because the Kubernetes API server reported that the ` +
        `apiVersion for this resource does not exist. Verify that any required CRDs have been ` +
        `created: ${error.message}`,
      { cause: error },
    );
  }
  if (!(error instanceof KubeError)) return error;
  const explanation = isReason(error, "Conflict")
    ? explainConflict(error, fieldManager)
    : error.detail;
  return new Error(sentence(explanation, error), { cause: error });
}

/** One sentence: which field manager wanted the field, which has it, and what the program can do. */
function explainConflict(error: KubeError, fieldManager: string): string {
  return (
    `server-side apply field conflict detected: the resource managed by field manager ` +
    `"${fieldManager}" had an apply conflict: ${error.detail.split("\n").join(" ")} ` +
    `(annotate it with pulumi.com/patchForce: "true", or set enablePatchForce on the provider, to take ` +
    `the field over)`
  );
}
