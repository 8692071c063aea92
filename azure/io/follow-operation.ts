// Follows a long operation of Azure to its end, through the vendor's poller.
import { type AzureMachineLearningWorkspaces } from "@azure/arm-machinelearning";
import { type AzureConnection } from "./azure-connection";
import { AzureError } from "./azure-error";
import { type Report } from "../../runtime/progress";
import { isTokenRefused, operationError, retryAfterOf } from "./wrap-azure-error";

/** Pause between two polls where Azure doesn't say, in milliseconds. */
export const POLL_MS = 5_000;

/** What this package uses of the vendor's poller. */
interface Poller {
  poll(): Promise<void>;
  isDone(): boolean;
  /** Its state, from which another one can go on. */
  toString(): string;
}

interface RawResponse {
  readonly headers: { get(name: string): string | undefined };
  readonly bodyAsText?: string | null;
}

/** Options of the vendor's `begin…` methods. */
export interface PollOptions {
  readonly onResponse: (response: RawResponse) => void;
  readonly resumeFrom?: string;
}

export interface OperationToFollow {
  readonly azure: AzureConnection;
  readonly subscriptionId: string;
  /** What the operation does, for errors. */
  readonly attempt: string;
  readonly begin: (client: AzureMachineLearningWorkspaces, options: PollOptions) => Promise<Poller>;
  /** Called before each wait, with the state that Azure reports. */
  readonly report: Report;
}

/**
 * Begins the operation and returns when it has succeeded. Pauses as `Retry-After` says; a token that expires midway is
 * renewed, and a new poller goes on where the former one was.
 * @throws AzureError
 */
export async function followOperation(operation: OperationToFollow): Promise<void> {
  const { azure, subscriptionId, attempt, report } = operation;
  let last: RawResponse | undefined;
  const onResponse = (response: RawResponse) => {
    last = response;
  };
  const work = <T>(step: (client: AzureMachineLearningWorkspaces) => Promise<T>): Promise<T> =>
    azure.call(subscriptionId, attempt, async (client) => {
      try {
        return await step(client);
      } catch (cause) {
        if (isTokenRefused(cause)) throw cause;
        throw operationError(attempt, cause, last?.bodyAsText, azure.options.secrets);
      }
    });

  let poller = await work((client) => operation.begin(client, { onResponse }));
  while (!poller.isDone()) {
    report(stateIn(last?.bodyAsText));
    const late = `Can't ${attempt} in the time that timeoutMinutes gives: Azure is still at work on it, and the next run goes on from there`;
    const pause = retryAfterOf(last?.headers.get("retry-after")) ?? POLL_MS;
    await azure.wait(pause, new AzureError(late, "late"));
    const resumeFrom = poller.toString();
    let isFresh = true;
    poller = await work(async (client) => {
      if (!isFresh) return operation.begin(client, { onResponse, resumeFrom });
      isFresh = false;
      await poller.poll();
      return poller;
    });
  }
}

/** The state in the answer to a write or to a poll. */
function stateIn(body: string | null | undefined): string {
  const match = /"(?:status|provisioningState)"\s*:\s*"(\w+)"/.exec(body ?? "");
  return match?.[1] ?? "under way";
}
