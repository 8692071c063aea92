// Requests as bytes, for what no client library would send.
import { connect, type Socket } from "node:net";

export interface RawOptions {
  /** Closes the sending side after the last byte. */
  readonly ends?: boolean;
  /** What the answer ends with; default: as much as its Content-Length says. */
  readonly endsAt?: string;
}

/** Sends the bytes on a connection of its own, and gives all that comes back until it closes or is whole. */
export function rawRequest(port: number, bytes: string, options: RawOptions = {}): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  const answer = answerOn(socket, options.endsAt);
  if (options.ends === true) socket.end(bytes);
  else socket.write(bytes);
  return answer;
}

/** Header lines with which a client asks for a WebSocket. */
export const WEB_SOCKET_HEADERS = [
  "connection: upgrade",
  "upgrade: websocket",
  "sec-websocket-version: 13",
  "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
].join("\r\n");

export interface OpenClient {
  readonly socket: Socket;
  /** All that came back so far. */
  readonly received: () => string;
}

/** Sends the bytes on a connection of its own, which stays open. */
export function openClient(port: number, bytes: string): OpenClient {
  const socket = connect(port, "127.0.0.1");
  let received = "";
  socket.setEncoding("utf8").on("data", (text: string) => (received += text));
  socket.on("error", () => undefined).write(bytes);
  return { socket, received: () => received };
}

/** What comes back on a connection, which is closed then. */
export function answerOn(socket: Socket, endsAt?: string): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (endsAt === undefined ? isWhole(text) : text.endsWith(endsAt)) socket.destroy();
    });
    socket.on("error", () => undefined).on("close", () => resolve(text));
  });
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  const length = /^content-length: (\d+)\r?$/im.exec(text.slice(0, Math.max(end, 0)))?.[1];
  return length !== undefined && text.length - end - 4 >= Number(length);
}

/** Status and `code` of an answer of the router's own; the code is empty without a body. */
export function codeOf(answer: string): string {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? "none";
  const body = answer.split("\r\n\r\n")[1] ?? "";
  if (body === "") return status;
  return `${status} ${(JSON.parse(body) as { code: string }).code}`;
}
