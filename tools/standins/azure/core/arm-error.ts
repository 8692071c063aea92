/** Errors in Resource Manager's form: `{ error: { code, message, target } }`. */

/** Why a call is refused. */
export interface ArmError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** The property at fault, where the service names it. */
  readonly target?: string;
  /** Seconds after which to try again, where the service says so. */
  readonly retryAfterSeconds?: number;
}

/** A 400 with the code and sentence given. */
export function badRequest(code: string, message: string, target?: string): ArmError {
  return target === undefined
    ? { status: 400, code, message }
    : { status: 400, code, message, target };
}

/** The body of an error's answer. */
export function errorBody(error: ArmError): Record<string, unknown> {
  return {
    error: {
      code: error.code,
      message: error.message,
      ...(error.target === undefined ? {} : { target: error.target }),
    },
  };
}
