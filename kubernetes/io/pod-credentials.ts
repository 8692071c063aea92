// In-cluster credentials: the ServiceAccount token and the cluster's CA certificate, as the kubelet mounts them.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ACCOUNT_DIRECTORY } from "../../contracts/pods/pod-defaults";
import { type ApiCredentials } from "./api-client";

/** Environment variable that overrides the directory of the mounted credentials. */
export const SERVICE_ACCOUNT_DIRECTORY = "SERVICE_ACCOUNT_DIRECTORY";

/**
 * Credentials of the pod that this process runs in. Every request reads the files again: the kubelet rotates the token.
 * @throws Error when the API server's environment variables are missing
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
  const directory = environment[SERVICE_ACCOUNT_DIRECTORY] ?? ACCOUNT_DIRECTORY;
  const read = (file: string) => readFile(join(directory, file), "utf8");
  return {
    server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    async options() {
      const [token, ca] = await Promise.all([read("token"), read("ca.crt")]);
      return { ca, headers: { authorization: `Bearer ${token.trim()}` } };
    },
  };
}
