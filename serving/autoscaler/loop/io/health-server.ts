// HTTP server for the kubelet's probes.

import { createServer } from "node:http";
import { HEALTH_PATH, READY_PATH } from "../../../../contracts/pods/autoscaler-environment";
import { close, listen } from "../../load/io/samples-server";

/** Milliseconds for a whole request, and between two looks at that: callers that say nothing keep no connection. */
const REQUEST_MS = 5_000;
const CHECK_MS = 1_000;

/** HEALTH_PATH answers 200. READY_PATH answers 200, or 503 with the reason that `notReady()` returns. */
export async function serveHealth(
  port: number,
  notReady: () => string | undefined,
): Promise<{ close(): Promise<void> }> {
  const times = {
    headersTimeout: REQUEST_MS,
    requestTimeout: REQUEST_MS,
    connectionsCheckingInterval: CHECK_MS,
  };
  const server = createServer(times, (request, response) => {
    const why = request.url === READY_PATH ? notReady() : undefined;
    const isProbe = request.url === READY_PATH || request.url === HEALTH_PATH;
    response.writeHead(isProbe ? (why === undefined ? 200 : 503) : 404);
    response.end(`${isProbe ? (why ?? "ok") : "no such path"}\n`);
  });
  await listen(server, port);
  return { close: () => close(server) };
}
