// A TLS server on loopback that answers a request with some bytes, and then breaks off as a test says.
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import type { ApiCredentials } from "../../kubernetes/io/api-client";
import { makePair } from "./certificate-pair";

/** How a connection ends: a reset, a FIN, or not at all. */
export type Ending = "reset" | "end" | "silence";

export interface Breaking {
  /** Sent as the answer to each request; undefined: the connection breaks before its TLS handshake. */
  readonly bytes: string | undefined;
  readonly ending: Ending;
}

export interface BreakingServer {
  readonly credentials: ApiCredentials;
  close(): void;
}

/** Milliseconds between the bytes and the end, in which the client can read them. */
const READING_MS = 50;

export async function openBreakingServer({ bytes, ending }: Breaking): Promise<BreakingServer> {
  const pair = await makePair("localhost", new Date(Date.now() + 86_400_000));
  /** By the client's port. */
  const sockets = new Map<number | undefined, Socket>();
  const tls = createTlsServer({ cert: pair.certificatePem, key: pair.privateKeyPem });
  tls.on("tlsClientError", () => undefined);
  const breakOff = (raw: Socket, socket: Socket) => {
    if (ending === "reset") raw.resetAndDestroy();
    if (ending === "end") socket.end();
  };
  const server = createServer((raw) => {
    sockets.set(raw.remotePort, raw);
    raw.on("error", () => undefined);
    if (bytes === undefined) breakOff(raw, raw);
    else tls.emit("connection", raw);
  });
  tls.on("secureConnection", (socket: TLSSocket) => {
    const raw = sockets.get(socket.remotePort);
    socket.on("error", () => undefined);
    socket.on("data", () => {
      socket.write(bytes ?? "");
      setTimeout(() => raw !== undefined && breakOff(raw, socket), READING_MS);
    });
  });
  await once(server.listen(0, "localhost"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    credentials: {
      server: `https://localhost:${port}`,
      options: () => Promise.resolve({ ca: pair.certificatePem }),
    },
    close() {
      server.close();
      for (const socket of sockets.values()) socket.destroy();
    },
  };
}
