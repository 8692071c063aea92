// An HTTPS server on loopback that answers as a test says, and the credentials of a pod that takes it for its API server.
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ApiClient,
  type ApiCredentials,
  createApiClient,
} from "../../kubernetes/io/api-client";
import { podCredentials, SERVICE_ACCOUNT_DIRECTORY } from "../../kubernetes/io/pod-credentials";
import { makePair } from "./certificate-pair";

export interface ApiServer {
  /** Text of a kubeconfig of it. */
  readonly kubeconfig: string;
  readonly credentials: ApiCredentials;
  /** Writes the token's file anew. */
  renewToken(token: string): Promise<void>;
  /** Ends every connection with a reset. */
  reset(): void;
  close(): Promise<void>;
}

export async function openApiServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<ApiServer> {
  const pair = await makePair("localhost", new Date(Date.now() + 86_400_000));
  const sockets = new Set<Socket>();
  const server = createServer({ cert: pair.certificatePem, key: pair.privateKeyPem }, answer);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await once(server.listen(0, "localhost"), "listening");
  const { port } = server.address() as AddressInfo;
  const folder = await mkdtemp(join(tmpdir(), "aml-inference-api-server-"));
  const renewToken = (token: string) => writeFile(join(folder, "token"), `${token}\n`);
  await renewToken("first");
  await writeFile(join(folder, "ca.crt"), pair.certificatePem);
  const cluster = {
    server: `https://localhost:${port}`,
    "certificate-authority-data": Buffer.from(pair.certificatePem).toString("base64"),
  };
  return {
    kubeconfig: JSON.stringify({
      "current-context": "test",
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
      clusters: [{ name: "test", cluster }],
      users: [{ name: "test", user: { token: "first" } }],
    }),
    credentials: podCredentials({
      KUBERNETES_SERVICE_HOST: "localhost",
      KUBERNETES_SERVICE_PORT: String(port),
      [SERVICE_ACCOUNT_DIRECTORY]: folder,
    }),
    renewToken,
    reset: () => sockets.forEach((socket) => socket.resetAndDestroy()),
    async close() {
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true });
    },
  };
}

/**
 * Hooks of a `describe`: server and client run while its tests do.
 * @param use gets both before the first test
 */
export function setUpApiServer(
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
  use: (started: { readonly server: ApiServer; readonly client: ApiClient }) => void,
): void {
  let started: { readonly server: ApiServer; readonly client: ApiClient } | undefined;
  before(async () => {
    const server = await openApiServer((request, response) => void answer(request, response));
    started = { server, client: createApiClient(server.credentials) };
    use(started);
  });
  after(async () => {
    started?.client.close();
    await started?.server.close();
  });
}
