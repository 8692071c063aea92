// An error of the Kubernetes API, wrapped once: what was attempted, at which server, and why it failed.
import { isRecord } from "../../values/is-record";

/** Why a request failed, as far as callers distinguish. */
export type KubeErrorReason =
  | "NotFound"
  | "Conflict"
  | "AlreadyExists"
  | "Forbidden"
  | "Unauthorized"
  | "Unreachable"
  | "Invalid"
  | "Other";

export class KubeError extends Error {
  /** The API server's own message, or why there was no response. */
  readonly detail: string;

  constructor(
    attempt: string,
    readonly reason: KubeErrorReason,
    detail: string,
    { explained = detail, cause }: { readonly explained?: string; readonly cause?: unknown } = {},
  ) {
    super(`Can't ${attempt}: ${explained}`, cause === undefined ? {} : { cause });
    this.name = "KubeError";
    this.detail = detail;
  }
}

/** The error for a status outside 200 to 299; `body` is a Status object, or whatever a proxy in between returned. */
export function answerError(attempt: string, status: number, body: unknown): KubeError {
  const { reason, message } = isRecord(body) ? body : {};
  const reasons: Record<number, KubeErrorReason> = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    409: reason === "AlreadyExists" ? "AlreadyExists" : "Conflict",
    422: "Invalid",
  };
  const kind = reasons[status] ?? "Other";
  const detail = typeof message === "string" ? message : `HTTP ${status}`;
  const hint =
    kind === "Unauthorized"
      ? " (the server rejected the kubeconfig's credentials; have they expired?)"
      : "";
  return new KubeError(attempt, kind, detail, { explained: `${detail}${hint}` });
}

/** The error for a request without a response. */
export function transportError(attempt: string, server: string, cause: unknown): KubeError {
  const detail = cause instanceof Error ? transportReason(cause) : String(cause);
  const explained = `the cluster at ${server} can't be reached: ${detail}`;
  return new KubeError(attempt, "Unreachable", detail, { explained, cause });
}

/** Node's name of the transport's error, e.g. `ECONNRESET`; empty for an error of another kind. */
export function transportCode({ reason, cause }: KubeError): string {
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  return reason === "Unreachable" && typeof code === "string" ? code : "";
}

/** Whether the error is a KubeError for one of the reasons. */
export function isReason(error: unknown, ...reasons: readonly KubeErrorReason[]): boolean {
  return error instanceof KubeError && reasons.includes(error.reason);
}

function transportReason(error: Error & { code?: string; errors?: unknown }): string {
  // Node reports failed attempts at several addresses as an AggregateError with an empty message.
  const first: unknown = Array.isArray(error.errors) ? error.errors[0] : undefined;
  if (first instanceof Error) return first.message;
  return error.message === "" ? (error.code ?? error.name) : error.message;
}
