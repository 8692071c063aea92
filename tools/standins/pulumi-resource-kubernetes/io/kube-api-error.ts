/** What a Kubernetes API server answered instead of an object. */
import { isRecord } from "../../property-value";
import type { KubeObject } from "../core/kube-object";

/** A request that failed. The message is the server's own, or says that it could not be reached. */
export class KubeApiError extends Error {
  /**
   * @param httpStatus 0 when there was no answer
   * @param reason Kubernetes' own word, such as `AlreadyExists`
   */
  constructor(
    message: string,
    readonly httpStatus: number,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "KubeApiError";
  }

  /** An error without an answer: no connection, no trust, no credentials. */
  static unreachable(cause: unknown): KubeApiError {
    return new KubeApiError(innermostMessage(cause), 0, "Unreachable", { cause });
  }

  /** An answer that is not a success. */
  static fromAnswer(
    httpStatus: number,
    answer: KubeObject | undefined,
    text: string,
  ): KubeApiError {
    const { message, reason } = answer ?? {};
    return new KubeApiError(
      typeof message === "string" ? message : `HTTP status ${httpStatus}: ${text.slice(0, 200)}`,
      httpStatus,
      typeof reason === "string" ? reason : "",
    );
  }

  get isNotFound(): boolean {
    return this.httpStatus === 404;
  }

  get isForbidden(): boolean {
    return this.httpStatus === 403;
  }

  get isUnauthorized(): boolean {
    return this.httpStatus === 401;
  }

  get isAlreadyExists(): boolean {
    return this.reason === "AlreadyExists";
  }

  /** Another field manager owns what was to be applied. */
  get isConflict(): boolean {
    return this.httpStatus === 409 && !this.isAlreadyExists;
  }

  /** A field that can't be changed was to be changed. */
  get isImmutableField(): boolean {
    return this.httpStatus === 422 && this.message.includes("field is immutable");
  }
}

/** The server has no such kind: often a custom resource whose definition is not there. */
export class UnknownKindError extends Error {
  constructor(apiVersion: string, kind: string) {
    super(`no matches for kind "${kind}" in version "${apiVersion}"`);
    this.name = "UnknownKindError";
  }
}

/** The cause that tells most: fetch wraps what went wrong in "fetch failed". */
function innermostMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError) return innermostMessage(cause.errors[0]);
  if (cause instanceof Error) return innermostMessage(cause);
  const code = isRecord(error) ? error["code"] : undefined;
  return error.message || (typeof code === "string" ? code : error.name);
}
