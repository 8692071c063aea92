// A way to a real API server on which requests go wrong as a test says.
import { request } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { readKubeConfig } from "../../kubernetes/io/kube-config";
import { kubeconfigCredentials } from "../../kubernetes/io/kubeconfig-credentials";
import { without } from "../../values/without";
import { openApiServer } from "./api-server";

/** What becomes of one request. */
export interface Fault {
  /** Milliseconds before anything else. */
  readonly delayMs?: number;
  /** `reset` ends the connection; a number is the status of the answer. Default: the real answer. */
  readonly end?: "reset" | number;
}

export interface FaultyApi {
  /** Text of a kubeconfig that leads over it, with the rights of the given one. */
  readonly kubeconfig: string;
  close(): Promise<void>;
}

/** @param faultOf asked for every request */
export async function openFaultyApi(
  kubeconfig: string,
  faultOf: (request: IncomingMessage) => Fault,
): Promise<FaultyApi> {
  const read = readKubeConfig(kubeconfig);
  if (!read.ok) throw new Error(read.message);
  const { server: target } = read.identity;
  const credentials = kubeconfigCredentials(target, kubeconfig);

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { delayMs = 0, end } = faultOf(incoming);
    if (delayMs > 0) await sleep(delayMs);
    if (end === "reset") return void incoming.socket.destroy();
    if (end !== undefined) return void response.writeHead(end).end("out of order");
    const headers = without(incoming.headers, "authorization", "host");
    const outgoing = request(
      new URL(incoming.url ?? "", target),
      { ...(await credentials.options()), method: incoming.method, headers },
      (real) => {
        response.writeHead(real.statusCode ?? 502, real.headers);
        real.pipe(response);
      },
    );
    outgoing.on("error", () => incoming.socket.destroy());
    incoming.pipe(outgoing);
  }

  const server = await openApiServer((incoming, response) => void answer(incoming, response));
  return { kubeconfig: server.kubeconfig, close: () => server.close() };
}
