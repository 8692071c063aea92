// Wraps what the vendor's client throws, once: what was attempted, Azure's code and message, no secret.
import { isRestError, type RestError } from "@azure/core-rest-pipeline";
import { AzureError } from "./azure-error";

/** Any text of a certificate or key in PEM, which Azure may quote. */
const PEM = /-----BEGIN [^-]+-----[^-]*(-----END [^-]+-----)?/g;

/**
 * The error for what was attempted.
 * @param secrets texts that must not be shown, whatever Azure quotes
 */
export function azureError(
  attempt: string,
  cause: unknown,
  secrets: readonly string[],
): AzureError {
  if (cause instanceof AzureError) return cause;
  const clean = (text: string) => cleaned(text, secrets);
  if (!isRestError(cause)) {
    // A mistake of the code keeps its stack.
    if (cause instanceof TypeError || cause instanceof RangeError) throw cause;
    const why = clean(whyNot(cause));
    return isSignIn(cause)
      ? new AzureError(`Can't sign in to Azure to ${attempt}: ${why}`, "signIn")
      : new AzureError(`Can't ${attempt}: ${why}`, "refused");
  }
  if (cause.response === undefined) {
    const host = cause.request === undefined ? "Azure" : new URL(cause.request.url).origin;
    const why = clean(cause.message || (cause.code ?? "no answer"));
    return new AzureError(`Can't ${attempt}: ${host} can't be reached: ${why}`, "unreachable");
  }
  const { status, headers } = cause.response;
  const reason = clean(reasonOf(parsed(cause.response.bodyAsText)) ?? `HTTP ${status}`);
  const hint = status === 403 ? " (the credentials lack a right on it)" : "";
  const retryAfterMs = retryAfterOf(headers.get("retry-after"));
  return new AzureError(`Can't ${attempt}: ${reason}${hint}`, "refused", status, retryAfterMs);
}

/** The error for an operation that ended badly; `body` is what its last poll was answered with. */
export function operationError(
  attempt: string,
  cause: unknown,
  body: string | null | undefined,
  secrets: readonly string[],
): AzureError {
  if (isRestError(cause)) return azureError(attempt, cause, secrets);
  const fallback = cause instanceof Error ? cause.message : String(cause);
  const reason = cleaned(reasonOf(parsed(body)) ?? fallback, secrets);
  return new AzureError(`Can't ${attempt}: ${reason}`, "failed");
}

/** Whether the token was refused: it may have expired on the way. */
export function isTokenRefused(error: unknown): error is RestError {
  return isRestError(error) && error.statusCode === 401;
}

/** Milliseconds that a `Retry-After` in seconds or as a date asks for. */
export function retryAfterOf(value: string | undefined | null): number | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** Whether the error is of @azure/identity or of what it stands on, all of which have it in their names. */
function isSignIn(cause: unknown): boolean {
  return cause instanceof Error && /Auth|Credential/.test(cause.name);
}

/** Why there is no token: of a chain of credentials, the first that was there and failed. */
function whyNot(cause: unknown): string {
  const { errors } = cause as { readonly errors?: unknown };
  const tried = Array.isArray(errors) ? errors.filter((each) => each instanceof Error) : [];
  const failed = tried.find(({ name }) => name !== "CredentialUnavailableError");
  if (tried.length > 0 && failed === undefined) {
    return (
      "nobody is signed in: use az login, or set ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET, " +
      "or whatever else @azure/identity's DefaultAzureCredential takes"
    );
  }
  const error = failed ?? cause;
  return error instanceof Error ? error.message : String(error);
}

interface ErrorBody {
  readonly code?: string;
  readonly message?: string;
  readonly details?: readonly ErrorBody[] | null;
}

function reasonOf(error: ErrorBody | undefined): string | undefined {
  if (error === undefined) return undefined;
  const own = [error.code, error.message].filter(Boolean).join(": ");
  const details = (error.details ?? []).map((each) => reasonOf(each)).filter(Boolean);
  const text = [own, ...details].join("; ");
  return text === "" ? undefined : text;
}

function parsed(body: string | null | undefined): ErrorBody | undefined {
  try {
    const value = JSON.parse(body ?? "") as { readonly error?: ErrorBody } & ErrorBody;
    if (typeof value !== "object" || value === null) return undefined;
    return value.error ?? value;
  } catch {
    return undefined;
  }
}

function cleaned(text: string, secrets: readonly string[]): string {
  const shown = secrets
    .filter((secret) => secret !== "")
    .reduce((rest, secret) => rest.replaceAll(secret, "(secret)"), text);
  return shown.replace(PEM, "(secret)").replace(/\s+/g, " ").trim();
}
