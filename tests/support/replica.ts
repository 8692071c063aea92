// A model replica in this process: it can't be interrupted, and it counts what it has at the same time.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How a request is answered, by its query: `?ms=50&as=status500`. */
export type Answer = "ok" | "close" | `status${number}`;

export interface Replica {
  readonly address: string;
  /** Largest number of requests at the same time since the last reset. */
  readonly maximum: () => number;
  readonly computing: () => number;
  /** Header `x-test` of all requests that it began to compute, in order. */
  readonly seen: readonly string[];
  readonly requests: readonly {
    readonly url: string;
    readonly headers: IncomingMessage["headers"];
  }[];
  readonly reset: () => void;
  readonly stop: () => Promise<void>;
}

/** Listens on a loopback port of its own, or on `port`. */
export async function startReplica(port = 0): Promise<Replica> {
  let [computing, maximum] = [0, 0];
  const seen: string[] = [];
  const requests: { url: string; headers: IncomingMessage["headers"] }[] = [];
  const server = createServer((request, response) => {
    computing++;
    maximum = Math.max(maximum, computing);
    seen.push(String(request.headers["x-test"]));
    requests.push({ url: request.url ?? "", headers: request.headers });
    const query = new URL(request.url ?? "", "http://replica").searchParams;
    let length = 0;
    let finished = false;
    request.on("data", (chunk: Buffer) => (length += chunk.length));
    // A request that never became whole is none that a model could compute.
    request.once("close", () => {
      if (!request.complete && !finished) computing--;
    });
    request.once("end", () => {
      setTimeout(
        () => {
          finished = true;
          computing--;
          answer(request, response, query.get("as") ?? "ok", length);
        },
        Number(query.get("ms") ?? 10),
      );
    });
    request.on("error", () => undefined);
  });
  server.keepAliveTimeout = 5_000;
  await once(server.listen(port, "127.0.0.1"), "listening");
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    maximum: () => maximum,
    computing: () => computing,
    seen,
    requests,
    reset: () => {
      maximum = computing;
      seen.length = 0;
      requests.length = 0;
    },
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  as: string,
  length: number,
): void {
  if (as === "close") request.socket.destroy();
  else if (as.startsWith("status")) response.writeHead(Number(as.slice(6))).end("model says no");
  else response.setHeader("x-aml-own", "forged").end(JSON.stringify({ length }));
}
