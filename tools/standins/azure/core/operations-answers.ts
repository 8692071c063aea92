/** How a long operation is followed: its status, and its result. */
import { type Answer, answer, refusal } from "./answer";
import { errorBody } from "./arm-error";
import type { Clock } from "./clock";
import type { Operation, Store } from "./store";

/** Azure's own pace of polling, in seconds. */
export const POLL_SECONDS = 20;

/** Headers that tell a client where to follow an operation. */
export function operationHeaders(
  base: string,
  operation: Operation,
  type: string,
  apiVersion: string,
  clock: Clock,
  withLocation: boolean,
): Record<string, string> {
  const subscription = operation.resourceId.split("/")[2] ?? "";
  const namespace = type.split("/")[0] ?? "";
  const prefix = `${base}/subscriptions/${subscription}/providers/${namespace}/locations/global`;
  const query = `?api-version=${apiVersion}`;
  return {
    "azure-asyncoperation": `${prefix}/operations/${operation.id}${query}`,
    ...(withLocation ? { location: `${prefix}/operationresults/${operation.id}${query}` } : {}),
    "retry-after": String(clock.askToWait(POLL_SECONDS)),
  };
}

/** Answers a poll; undefined when the path is not an operation's. */
export function answerOperation(
  path: string,
  store: Store,
  clock: Clock,
  viewOf: (resourceId: string) => unknown,
): Answer | undefined {
  const match = /\/locations\/[^/]+\/(operations|operationresults)\/([0-9a-f-]+)$/i.exec(path);
  if (!match) return undefined;
  const operation = store.operation(match[2] ?? "");
  if (!operation) {
    return refusal(
      { status: 404, code: "NotFound", message: "The operation was not found." },
      (seconds) => seconds,
    );
  }
  const isStatus = match[1]?.toLowerCase() === "operations";
  return isStatus ? statusOf(operation, clock) : resultOf(operation, clock, viewOf);
}

function statusOf(operation: Operation, clock: Clock): Answer {
  const body = {
    id: operation.id,
    name: operation.id,
    startTime: new Date(operation.startedAtMs).toISOString(),
    status: "InProgress",
  };
  if (!operation.settled) {
    return answer(200, body, { "retry-after": String(clock.askToWait(POLL_SECONDS)) });
  }
  const endTime = new Date(operation.endsAtMs).toISOString();
  if (operation.failure) {
    return answer(200, { ...body, endTime, status: "Failed", ...errorBody(operation.failure) });
  }
  return answer(200, { ...body, endTime, status: "Succeeded" });
}

function resultOf(
  operation: Operation,
  clock: Clock,
  viewOf: (resourceId: string) => unknown,
): Answer {
  if (!operation.settled) {
    return answer(202, undefined, { "retry-after": String(clock.askToWait(POLL_SECONDS)) });
  }
  if (operation.failure) return refusal(operation.failure, (seconds) => seconds);
  return operation.verb === "delete" ? answer(204) : answer(200, viewOf(operation.resourceId));
}
