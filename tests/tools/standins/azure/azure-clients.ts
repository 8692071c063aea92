/** The vendor's clients, pointed at a stand-in Azure. */
import { ContainerServiceClient } from "@azure/arm-containerservice";
import { AzureMachineLearningWorkspaces } from "@azure/arm-machinelearning";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import type { Azure } from "../../../../tools/standins/azure/start-azure";

export const SUBSCRIPTION = "00000000-1111-2222-3333-444444444444";
export const GROUP = "models";
export const groupId = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}`;

export interface AzureClients {
  readonly aks: ContainerServiceClient;
  readonly ml: AzureMachineLearningWorkspaces;
  /** One call, with no retry: `call("PUT", path, { … })`. */
  call: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<RawAnswer>;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: unknown;
}

/** Clients without retries of their own, so that a test sees each answer. */
export function connectClients(azure: Azure): AzureClients {
  const credential = {
    getToken: () =>
      Promise.resolve({ token: azure.issueToken(), expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
  const options = {
    endpoint: azure.endpoint,
    tlsOptions: { ca: azure.certificatePem },
    retryOptions: { maxRetries: 0 },
  };
  return {
    aks: new ContainerServiceClient(credential, SUBSCRIPTION, options),
    ml: new AzureMachineLearningWorkspaces(credential, SUBSCRIPTION, options),
    call: (method, path, body, headers) => call(azure, method, path, body, headers),
  };
}

async function call(
  azure: Azure,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(path, azure.endpoint),
      {
        method,
        ca: azure.certificatePem,
        headers: { authorization: `Bearer ${azure.issueToken()}`, ...headers },
      },
      (response) => {
        text(response).then((bytes) => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: bytes === "" ? undefined : JSON.parse(bytes),
          });
        }, reject);
      },
    );
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Makes the resource group that every test works in. */
export async function createGroup(clients: AzureClients): Promise<void> {
  await clients.call("PUT", `${groupId}?api-version=2021-04-01`, { location: "westeurope" });
}
