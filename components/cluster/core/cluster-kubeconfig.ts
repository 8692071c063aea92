// The kubeconfig that AKS gives out, without prompts for a login.
import { dump, load } from "js-yaml";
import { isRecord } from "../../../values/is-record";

/** AKS's server application in Microsoft Entra, the same in every tenant (learn.microsoft.com/azure/aks/kubelogin-authentication). */
const AKS_SERVER_ID = "6dae42f8-4368-4678-94ff-3960e28e3630";

/** Text for `node -e`: the same in every release, so that the kubeconfig is, too. */
const PRINT_TOKEN = `require("aml-inference/provider/entra-token").main(process.argv[1])`;

/**
 * The kubeconfig with every interactive login (`kubelogin`) replaced by a program that gets a token through
 * `@azure/identity`. Nothing that expires is written into it, so it stays the same from run to run.
 */
export function withoutLoginPrompt(kubeconfig: string): string {
  const config = load(kubeconfig);
  if (!isRecord(config) || !Array.isArray(config["users"])) return kubeconfig;
  let changed = false;
  const users = config["users"].map((entry: unknown) => {
    const server = serverIdOf(entry);
    if (server === undefined || !isRecord(entry)) return entry;
    changed = true;
    return { ...entry, user: { exec: tokenProgram(server) } };
  });
  return changed ? dump({ ...config, users }) : kubeconfig;
}

/** The application that a kubelogin user asks a token for; undefined for any other user. */
function serverIdOf(entry: unknown): string | undefined {
  const user = isRecord(entry) && isRecord(entry["user"]) ? entry["user"] : {};
  const exec = isRecord(user["exec"]) ? user["exec"] : {};
  if (exec["command"] !== "kubelogin" || !Array.isArray(exec["args"])) return undefined;
  const args = exec["args"].map(String);
  return args[args.indexOf("--server-id") + 1] ?? AKS_SERVER_ID;
}

function tokenProgram(serverId: string) {
  return {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "node",
    args: ["-e", PRINT_TOKEN, serverId],
    interactiveMode: "Never",
    provideClusterInfo: false,
  };
}
