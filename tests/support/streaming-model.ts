// A model that streams, in this process: nothing interrupts it, and it counts what it computes at the same time.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * What it does is in the query of each request:
 *
 *     before  milliseconds until the headers; default 0
 *     chunks  number of chunks; default 5
 *     every   milliseconds after each chunk; default 20
 *     as      `chunked` (default), `length` (announced bytes) or `close` (the connection's end is the body's)
 *     cut     chunk after which it breaks the connection; default never
 */
export interface StreamingModel {
  readonly address: string;
  /** Requests and WebSockets that it computes now. */
  readonly computing: () => number;
  /** Largest number since the last reset. */
  readonly maximum: () => number;
  /** Requests that it was given since the last reset. */
  readonly begun: () => number;
  readonly reset: () => void;
  readonly stop: () => Promise<void>;
}

const CHUNK = "data: 12345678\n\n";

/** @param ignoresEnd it keeps WebSockets whose other side has ended until the connection is broken */
export async function startStreamingModel(ignoresEnd = false): Promise<StreamingModel> {
  let [computing, maximum, begun] = [0, 0, 0];
  const webSockets = new Set<Duplex>();
  const begin = () => {
    begun++;
    maximum = Math.max(maximum, ++computing);
  };
  const server = createServer((request, response) => {
    begin();
    void answer(request, response).finally(() => computing--);
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    begin();
    let ended = false;
    const end = () => {
      if (!ended) computing--;
      ended = true;
    };
    webSockets.add(socket);
    (socket as Socket).allowHalfOpen = true;
    socket.on("error", () => undefined).once("close", end);
    // RFC 6455, 1.3: HAProxy passes no handshake without it.
    const accept = createHash("sha1")
      .update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest("base64");
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n" +
        `sec-websocket-accept: ${accept}\r\n\r\n`,
    );
    socket.on("data", (data: Buffer) => socket.write(data));
    socket.once("end", () => {
      if (!ignoresEnd) socket.end();
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    computing: () => computing,
    maximum: () => maximum,
    begun: () => begun,
    reset: () => {
      maximum = computing;
      begun = 0;
    },
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      for (const socket of webSockets) socket.destroy();
      await closed;
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const query = new URL(request.url ?? "", "http://model").searchParams;
  const number = (name: string, otherwise: number) => Number(query.get(name) ?? otherwise);
  request.on("error", () => undefined).resume();
  response.on("error", () => undefined);
  await once(request, "close");
  await sleep(number("before", 0));
  const chunks = number("chunks", 5);
  const as = query.get("as") ?? "chunked";
  // One chunk is a short body, several are a stream.
  const text = as === "length" && chunks > 1 ? CHUNK.padEnd(8 * 1024) : CHUNK;
  if (as === "length") response.setHeader("content-length", chunks * text.length);
  if (as === "close") response.useChunkedEncodingByDefault = false;
  response.writeHead(200, { "content-type": "text/event-stream" });
  if (query.has("gap")) {
    response.flushHeaders();
    await sleep(number("gap", 0));
  }
  for (let chunk = 1; chunk <= chunks; chunk++) {
    response.write(text);
    if (chunk === number("cut", -1)) return void response.socket?.destroy();
    // With its last announced byte a response is whole: the connection may have the next request at once.
    if (as !== "length" || chunk < chunks) await sleep(number("every", 20));
  }
  response.end();
}
