// An error of Azure: what was attempted, Azure's code and message, in one sentence without secrets.

/**
 * - `refused`: Azure answered with an error.
 * - `failed`: an operation that Azure had taken on ended badly.
 * - `unreachable`: there was no answer.
 * - `signIn`: no token could be had.
 * - `late`: it took longer than it may.
 */
export type AzureErrorKind = "refused" | "failed" | "unreachable" | "signIn" | "late";

export class AzureError extends Error {
  constructor(
    message: string,
    readonly kind: AzureErrorKind,
    /** HTTP status of a refusal, else 0. */
    readonly status = 0,
    /** What Azure's `Retry-After` says, in milliseconds; undefined without one. */
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "AzureError";
  }
}

/** Whether Azure says that there is no such thing; a subscription out of reach says nothing about it. */
export function isGone(error: unknown): boolean {
  return error instanceof AzureError && error.status === 404 && !/Subscription/.test(error.message);
}
