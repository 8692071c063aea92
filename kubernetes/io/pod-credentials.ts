// A pod's own credentials: the token of its ServiceAccount and the cluster's authority, as the kubelet mounts them.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ApiCredentials } from "./api-client";

/** Environment variable with another directory than the one that every pod has. */
export const SERVICE_ACCOUNT_DIRECTORY = "SERVICE_ACCOUNT_DIRECTORY";

const DEFAULT_DIRECTORY = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * The files are read for each request: the kubelet renews the token long before it expires.
 * @throws Error when the environment is not a pod's
 */
export function podCredentials(
  environment: Readonly<Record<string, string | undefined>>,
): ApiCredentials {
  const host = environment["KUBERNETES_SERVICE_HOST"] ?? "";
  const port = environment["KUBERNETES_SERVICE_PORT"] ?? "";
  if (host === "" || port === "") {
    throw new Error(
      `KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be set, as in every pod: they are "${host}" and "${port}"`,
    );
  }
  const directory = environment[SERVICE_ACCOUNT_DIRECTORY] ?? DEFAULT_DIRECTORY;
  const read = (file: string) => readFile(join(directory, file), "utf8");
  return {
    server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    async options() {
      const [token, ca] = await Promise.all([read("token"), read("ca.crt")]);
      return { ca, headers: { authorization: `Bearer ${token.trim()}` } };
    },
  };
}
