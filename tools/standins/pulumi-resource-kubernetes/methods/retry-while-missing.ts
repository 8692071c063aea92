/** Retrying a write whose surroundings are still being made. */
import { setTimeout as sleep } from "node:timers/promises";
import { KubeError, isReason } from "../../../../kubernetes/io/kube-error";
import { UnknownKindError } from "../io/unknown-kind-error";

const pausesMs = [250, 500, 1000, 2000, 4000];

/**
 * Calls `write` again while the server says that something is not there: its namespace or its
 * definition, created a moment ago, may not have reached every part of the API server.
 * Five retries in 8 seconds, as long as the user does not cancel.
 */
export async function retryWhileMissing<T>(
  write: () => Promise<T>,
  signal: AbortSignal,
  onRetry: (why: string) => void,
): Promise<T> {
  for (const pauseMs of pausesMs) {
    try {
      return await write();
    } catch (error) {
      if (!isMissing(error) || signal.aborted) throw error;
      onRetry(error instanceof KubeError ? error.detail : error.message);
      // An abort ends the pause; the next failure then ends the retries.
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
    }
  }
  return write();
}

function isMissing(error: unknown): error is KubeError | UnknownKindError {
  return error instanceof UnknownKindError || isReason(error, "NotFound");
}
