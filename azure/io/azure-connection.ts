// Calls of the vendor's client that survive expired tokens, throttling, and servers that stop answering.
import {
  AzureMachineLearningWorkspaces,
  type AzureMachineLearningWorkspacesOptionalParams,
} from "@azure/arm-machinelearning";
import { type PipelinePolicy, RestError } from "@azure/core-rest-pipeline";
import { type TokenCredential } from "@azure/identity";
import { type AzureAccess } from "../core/azure-access";
import { credentialFor } from "./azure-credential";
import { type AzureError } from "./azure-error";
import { type Clock } from "../../runtime/clock";
import { azureError, isTokenRefused } from "./wrap-azure-error";

/** Time for one answer, in milliseconds. */
const SILENCE_MS = 60_000;
/** Pause where Azure throttles without saying for how long, in milliseconds. */
const THROTTLED_MS = 15_000;
/** Times that one call may have its token renewed. */
const RENEWALS = 2;

// What @azure/core-rest-pipeline repeats: 408, 5xx and broken connections at growing intervals, and 429 and 503
// after their Retry-After.
const RETRIES = { maxRetries: 5, retryDelayInMs: 1000, maxRetryDelayInMs: 30_000 };

export interface AzureConnectionOptions {
  readonly access: AzureAccess;
  readonly clock: Clock;
  /** When to stop waiting, by the clock. */
  readonly giveUpAtMs: number;
  /** Texts that no error may show. */
  readonly secrets: readonly string[];
  /** Prints a line for the user. */
  readonly print: (line: string) => void;
  /** Laid over the options of the vendor's client. */
  readonly client?: AzureMachineLearningWorkspacesOptionalParams;
  /** Milliseconds that one answer may take. Default 60,000. */
  readonly silenceMs?: number;
  /** Default: the client's secret of the access, else DefaultAzureCredential. */
  readonly signIn?: () => TokenCredential;
}

export class AzureConnection {
  readonly #clients = new Map<string, AzureMachineLearningWorkspaces>();
  #credential: TokenCredential | undefined;

  constructor(readonly options: AzureConnectionOptions) {}

  /**
   * Runs one call, again with a new token when Azure refuses the old one, and later when it throttles.
   * @param attempt what is attempted, for the error: `attach compute "aks-prod" of workspace "ws"`
   * @throws AzureError
   */
  async call<T>(
    subscriptionId: string,
    attempt: string,
    work: (client: AzureMachineLearningWorkspaces) => Promise<T>,
  ): Promise<T> {
    for (let renewals = 0; ;) {
      try {
        return await work(this.#clientOf(subscriptionId));
      } catch (cause) {
        if (isTokenRefused(cause) && renewals < RENEWALS) {
          renewals += 1;
          this.#signInAgain();
          continue;
        }
        const error = azureError(attempt, cause, this.options.secrets);
        if (error.status !== 429) throw error;
        await this.wait(error.retryAfterMs ?? THROTTLED_MS, error);
      }
    }
  }

  /** Sleeps; throws `late` when that would end after `giveUpAtMs`. */
  async wait(ms: number, late: AzureError): Promise<void> {
    const { clock, giveUpAtMs } = this.options;
    if (clock.now() + ms > giveUpAtMs) throw late;
    await clock.sleep(ms);
  }

  #clientOf(subscriptionId: string): AzureMachineLearningWorkspaces {
    const known = this.#clients.get(subscriptionId);
    if (known) return known;
    const { access, signIn, client: own } = this.options;
    this.#credential ??= signIn ? signIn() : credentialFor(access);
    const client = new AzureMachineLearningWorkspaces(this.#credential, subscriptionId, {
      endpoint: access.endpoint,
      credentialScopes: access.scope,
      userAgentOptions: { userAgentPrefix: "aml-inference" },
      retryOptions: RETRIES,
      ...own,
    });
    const { silenceMs = SILENCE_MS } = this.options;
    client.pipeline.addPolicy(noSilence(silenceMs), { afterPhase: "Retry" });
    this.#clients.set(subscriptionId, client);
    return client;
  }

  // The clients and the credential keep the token for as long as they live.
  #signInAgain(): void {
    this.#clients.clear();
    this.#credential = undefined;
  }
}

/** Turns a missing answer into an error that the pipeline retries; without it a call would wait for ever. */
function noSilence(ms: number): PipelinePolicy {
  return {
    name: "noSilence",
    async sendRequest(request, next) {
      const given = request.abortSignal;
      // Not request.timeout, whose timer outlives a broken connection and keeps the process.
      const silence = AbortSignal.timeout(ms);
      request.abortSignal = silence;
      try {
        return await next(request);
      } catch (error) {
        if (!silence.aborted) throw error;
        throw new RestError(`no answer in ${ms / 1000} s`, { code: "ETIMEDOUT", request });
      } finally {
        if (given === undefined) delete request.abortSignal;
        else request.abortSignal = given;
      }
    },
  };
}
