/** What the stand-in answers to a call. */
import { type ArmError, errorBody } from "./arm-error";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** An answer with a JSON body, or with none. */
export function answer(
  status: number,
  body?: unknown,
  headers: Record<string, string> = {},
): Answer {
  return body === undefined ? { status, headers } : { status, headers, body };
}

/** An error's answer. */
export function refusal(error: ArmError, askToWait: (seconds: number) => number): Answer {
  const headers: Record<string, string> = { "x-ms-failure-cause": "gateway" };
  if (error.retryAfterSeconds !== undefined) {
    headers["retry-after"] = String(askToWait(error.retryAfterSeconds));
  }
  return { status: error.status, headers, body: errorBody(error) };
}
