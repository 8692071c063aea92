// Server of the metrics channel: each router sends one long POST request, with a sample per line.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { SAMPLES_PATH } from "../../../../contracts/metrics-channel/router-sample";
import { readLines } from "../../../../runtime/read-lines";
import { parseSample } from "../core/parse-sample";
import { applySample, type RouterView } from "../core/router-view";
import type { Authentication } from "./authenticate-router";
import { explainError, log } from "../../../../runtime/log";

/** Room for a full sample of 1,000 endpoints with six versions each. */
const MAX_LINE_LENGTH = 8 * 1024 * 1024;
/** Maximum number of connections, unauthenticated ones included. */
const MAX_CONNECTIONS = 500;
/** Milliseconds without a sample after which the connection counts as dead. */
const SILENCE_MS = 10_000;

export interface SamplesServer {
  /** Last state of each router by pod name; kept after its connection ends. */
  readonly views: ReadonlyMap<string, RouterView>;
  /** Removes the state of a deleted router. */
  forget(router: string): void;
  close(): Promise<void>;
}

/** Listens on `port`. Answers 200 as soon as the token is accepted, then reads samples until either side closes. */
export async function serveSamples(
  port: number,
  authenticate: (token: string) => Promise<Authentication>,
  monotonicMs: () => number,
): Promise<SamplesServer> {
  const views = new Map<string, RouterView>();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url !== SAMPLES_PATH) return refuse(response, 404, "no such path");
    if (request.method !== "POST") return refuse(response, 405, "only POST is allowed");
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (token === undefined) return refuse(response, 401, "a bearer token is required");
    const authentication = await authenticate(token);
    if (!authentication.ok) {
      log("warning", "rejected a metrics connection", { why: authentication.message });
      return refuse(response, authentication.status, authentication.message);
    }
    const router = authentication.podName;
    request.setTimeout(SILENCE_MS, () => request.destroy(new Error("no sample received")));
    response.writeHead(200).flushHeaders();
    log("info", "a router started reporting", { router });
    const why = await readSamples(request, router).catch(explainError);
    log("info", "a router stopped reporting", { router, why });
    response.end();
    request.destroy();
  }

  /** Returns the reason why the connection ended. */
  async function readSamples(request: IncomingMessage, router: string): Promise<string> {
    let view: RouterView | undefined;
    for await (const line of readLines(request, MAX_LINE_LENGTH)) {
      const parsed = parseSample(line);
      if (!parsed.ok) return parsed.message;
      if (parsed.sample.router !== router) {
        return `router must be ${router}, the token's pod: it is ${parsed.sample.router}`;
      }
      const applied = applySample(view, parsed.sample, monotonicMs());
      if (!applied.ok) return applied.message;
      view = applied.view;
      views.set(router, view);
    }
    return "the router ended the request";
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      log("error", "a metrics connection failed", { why: explainError(error) });
      response.destroy();
    });
  });
  server.requestTimeout = 0; // the body never ends
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, port);
  return {
    views,
    forget: (router) => void views.delete(router),
    close: () => close(server),
  };
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "content-type": "text/plain", connection: "close" });
  response.end(`${message}\n`);
}

export function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, () => resolve());
  });
}

export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
