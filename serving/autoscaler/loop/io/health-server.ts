// Answers the kubelet's probes.

import { createServer } from "node:http";
import { HEALTH_PATH, READY_PATH } from "../../../../contracts/pods/autoscaler-environment";
import { close, listen } from "../../load/io/samples-server";

/** 200 on both paths while `notReady()` gives nothing; then READY_PATH answers 503 with the sentence. */
export async function serveHealth(
  port: number,
  notReady: () => string | undefined,
): Promise<{ close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const why = request.url === READY_PATH ? notReady() : undefined;
    const known = request.url === READY_PATH || request.url === HEALTH_PATH;
    response.writeHead(known ? (why === undefined ? 200 : 503) : 404);
    response.end(`${known ? (why ?? "ok") : "no such path"}\n`);
  });
  await listen(server, port);
  return { close: () => close(server) };
}
