// An error of the Kubernetes API, wrapped once: what was attempted, at which server, and why it failed.

/** Why a request failed, as far as callers decide on it. */
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
  constructor(
    message: string,
    readonly reason: KubeErrorReason,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "KubeError";
  }
}

/** The error for an answer outside 200 to 299. */
export function answerError(attempt: string, status: number, body: string): KubeError {
  const { reason, message } = parseStatus(body);
  const known: Record<number, KubeErrorReason> = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    409: reason === "AlreadyExists" ? "AlreadyExists" : "Conflict",
    422: "Invalid",
  };
  const kind = known[status] ?? "Other";
  const hint =
    kind === "Unauthorized"
      ? " (the kubeconfig's credentials are refused; have they expired?)"
      : "";
  return new KubeError(`Can't ${attempt}: ${message ?? `HTTP ${status}`}${hint}`, kind);
}

/** The error for a request that got no answer. */
export function transportError(attempt: string, server: string, cause: unknown): KubeError {
  const why = cause instanceof Error ? transportReason(cause) : String(cause);
  const message = `Can't ${attempt}: the cluster at ${server} can't be reached: ${why}`;
  return new KubeError(message, "Unreachable", { cause });
}

/** Whether the error says that the object or its kind is not there. */
export function isReason(error: unknown, ...reasons: readonly KubeErrorReason[]): boolean {
  return error instanceof KubeError && reasons.includes(error.reason);
}

function transportReason(error: Error & { code?: string; errors?: unknown }): string {
  // Node joins the attempts at several addresses in an AggregateError with an empty message.
  const first: unknown = Array.isArray(error.errors) ? error.errors[0] : undefined;
  if (first instanceof Error) return first.message;
  return error.message === "" ? (error.code ?? error.name) : error.message;
}

function parseStatus(body: string): { reason?: string; message?: string } {
  try {
    const status = JSON.parse(body) as { reason?: string; message?: string };
    return typeof status === "object" && status !== null ? status : {};
  } catch {
    return {};
  }
}
