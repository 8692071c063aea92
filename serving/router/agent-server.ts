// The agent's local HTTP server: probes of the kubelet, and HAProxy's preStop.
import { createServer, type Server } from "node:http";
import { explainError, log } from "../../runtime/log";
import { DRAIN_PATH, LIVENESS_PATH, STARTUP_PATH } from "../../contracts/pods/router-environment";

/** Listens on all addresses: the kubelet asks from outside of the pod. */
export async function serveAgent(port: number, drain: () => Promise<string>): Promise<Server> {
  let drained: Promise<string> | undefined;
  const server = createServer((request, response) => {
    const answer = (status: number, text: string) =>
      response.writeHead(status, { "content-type": "text/plain" }).end(`${text}\n`);
    if (request.method !== "GET") return void answer(405, "GET only");
    if (request.url === LIVENESS_PATH || request.url === STARTUP_PATH)
      return void answer(200, "ok");
    if (request.url !== DRAIN_PATH) return void answer(404, "no such path");
    drained ??= drain();
    drained.then(
      (text) => answer(200, text),
      (error: unknown) => {
        log("error", "draining failed", { why: explainError(error) });
        answer(500, "draining failed");
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, () => resolve());
  });
  return server;
}
