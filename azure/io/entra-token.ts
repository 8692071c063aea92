// A credential plugin for Kubernetes clients: prints a token of Microsoft Entra, without a login prompt.
import { credentialFor } from "./azure-credential";
import { findAccess } from "./find-access";
import { messageOf } from "../../values/message-of";

/** Where the plugin reads its settings, and what it prints to. */
export interface PluginProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
}

const thisProcess: PluginProcess = { env: process.env, print: console.log };

/**
 * Prints an `ExecCredential` for a server application (kubernetes.io/docs/reference/access-authn-authz/authentication,
 * «client-go credential plugins»). The kubeconfig runs it in a process of its own, whose environment says as whom:
 * `ARM_*` with a client's secret as azure-native reads them, else what `DefaultAzureCredential` finds.
 *
 * @throws Error a sentence, when there is no token to be had
 */
async function printToken(
  serverId: string,
  { env, print }: PluginProcess = thisProcess,
): Promise<void> {
  const credential = credentialFor(findAccess({ variable: (name) => env[name] }));
  const token = await credential.getToken(`${serverId}/.default`);
  if (token === null) throw new Error(`Microsoft Entra gave no token for ${serverId}`);
  const status = {
    token: token.token,
    expirationTimestamp: new Date(token.expiresOnTimestamp).toISOString(),
  };
  const apiVersion = "client.authentication.k8s.io/v1";
  print(JSON.stringify({ apiVersion, kind: "ExecCredential", status }));
}

/** `printToken` as a whole program: an error becomes a line on the error stream and the exit code 1. */
export async function main(serverId: string): Promise<void> {
  try {
    await printToken(serverId);
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = 1;
  }
}
