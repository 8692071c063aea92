// The kubeconfig that AKS gives out, without prompts for a login.
import { dump, load } from "js-yaml";
import { isRecord } from "../../../values/is-record";
import { type EntraLogin, readKubelogin } from "./kubelogin";

/** Text for `node -e`: the same in every release, so that the kubeconfig is, too. */
const PRINT_TOKEN = `require("aml-inference/provider/entra-token").main(process.argv[1])`;

export type ClusterKubeconfig =
  | { readonly ok: true; readonly kubeconfig: string }
  /** `reason` follows the cluster's name or id. */
  | { readonly ok: false; readonly reason: string };

/**
 * The kubeconfig with every interactive login (`kubelogin`) replaced by a program that gets a token through
 * `@azure/identity`, for the application and from the cloud that the file says. Nothing that expires is written into it,
 * so it stays the same from run to run. Logins that ask nobody, and users without kubelogin, stay as they are.
 */
export function withoutLoginPrompt(kubeconfig: string): ClusterKubeconfig {
  const config = load(kubeconfig);
  const asGiven = { ok: true, kubeconfig } as const;
  if (!isRecord(config) || !Array.isArray(config["users"])) return asGiven;
  let changed = false;
  const users: unknown[] = [];
  for (const entry of config["users"] as readonly unknown[]) {
    const { name, user } = isRecord(entry) ? entry : {};
    const reading = readKubelogin(user);
    if (reading.kind === "refused") {
      const who = `has a kubeconfig whose user ${String(name)} runs kubelogin ${reading.reason}`;
      const remedy = "pass a kubeconfig of your own to AmlInferenceRouter";
      return { ok: false, reason: `${who}: ${remedy}` };
    }
    if (reading.kind === "kept" || !isRecord(entry)) users.push(entry);
    else {
      changed = true;
      users.push({ ...entry, user: { exec: tokenProgram(reading.login) } });
    }
  }
  return changed ? { ok: true, kubeconfig: dump({ ...config, users }) } : asGiven;
}

function tokenProgram({ serverId, cloud, authority }: EntraLogin) {
  // The program reads its cloud from these variables (azure/core/azure-access.ts).
  const env = [
    ...(cloud === undefined ? [] : [{ name: "ARM_ENVIRONMENT", value: cloud }]),
    ...(authority === undefined ? [] : [{ name: "AZURE_AUTHORITY_HOST", value: authority }]),
  ];
  return {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "node",
    args: ["-e", PRINT_TOKEN, serverId],
    ...(env.length === 0 ? {} : { env }),
    interactiveMode: "Never",
    provideClusterInfo: false,
  };
}
