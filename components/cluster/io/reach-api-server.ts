// Whether a cluster's API server can be reached from where Pulumi runs.
import { connect } from "node:net";
import { readKubeConfig } from "../../../kubernetes/io/kube-config";

/** How long a connection may take, in milliseconds: across a VPN it takes well under one second. */
const PATIENCE_MS = 5000;

/**
 * Opens a connection and closes it again: the reason why that fails, or undefined when it works. Nothing is tried
 * through a proxy, which may reach more than this machine.
 */
export async function whyUnreachable(
  kubeconfig: string,
  patienceMs: number = PATIENCE_MS,
): Promise<string | undefined> {
  const read = readKubeConfig(kubeconfig);
  if (!read.ok) return read.message;
  const isProxied = process.env["HTTPS_PROXY"] ?? process.env["https_proxy"] ?? read.proxyUrl;
  if (isProxied !== undefined) return undefined;
  const { hostname, port } = new URL(read.identity.server);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: port === "" ? 443 : Number(port) });
    const end = (reason?: string) => {
      socket.destroy();
      resolve(reason);
    };
    socket.setTimeout(patienceMs, () => end(`no answer in ${patienceMs / 1000} s`));
    socket.once("connect", () => end());
    socket.once("error", (error) => end(error.message));
  });
}
