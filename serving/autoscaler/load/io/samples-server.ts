// Server of the metrics channel: each router sends one long POST request over mutual TLS, with a sample per line.

import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Server as SecureServer } from "node:https";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { SAMPLES_PATH } from "../../../../contracts/metrics-channel/router-sample";
import { readLines } from "../../../../runtime/read-lines";
import { parseSample } from "../core/parse-sample";
import { applySample, type RouterView } from "../core/router-view";
import type { Authentication, BoundPod } from "./authenticate-router";
import { Places } from "./places";
import { createSecureServer } from "./secure-server";
import { explainError, log } from "../../../../runtime/log";

/** Room for a full sample of 1,000 endpoints with six versions each. */
const MAX_LINE_LENGTH = 8 * 1024 * 1024;
/** Milliseconds for a request's headers, and between two looks at that. */
const HEADERS_MS = 5_000;
const HEADERS_CHECK_MS = 1_000;
/** Milliseconds without a sample after which the connection counts as dead. */
const SILENCE_MS = 10_000;

export interface SamplesServer {
  /** Last state of each router by pod name; kept after its connection ends. */
  readonly views: ReadonlyMap<string, RouterView>;
  /** Removes the state of a deleted router. */
  forget(router: string): void;
  close(): Promise<void>;
}

/** A router's pod, as the cluster knows it. */
export interface RouterPod {
  readonly uid: string;
  /** None until the pod has its network. */
  readonly addresses: readonly string[];
}

export interface SamplesOptions {
  readonly port: number;
  /** Folder of the autoscaler's certificate. */
  readonly tlsDirectory: string;
  /** Name that a router's certificate must have. */
  readonly clientName: string;
  readonly authenticate: (token: string) => Promise<Authentication>;
  /** The routers' pods by name, as they are now. */
  readonly routers: () => ReadonlyMap<string, RouterPod>;
  readonly monotonicMs: () => number;
}

/**
 * Only the addresses of routers' pods are let in, with a router's certificate, and a token only from the address of the pod
 * that it is bound to. Throws when there is no certificate to serve. Answers
 * 200 as soon as the token is accepted, then reads samples until either side closes, or the pod is gone.
 */
export async function serveSamples(options: SamplesOptions): Promise<SamplesServer> {
  const { port, tlsDirectory, clientName, authenticate, routers, monotonicMs } = options;
  const views = new Map<string, RouterView>();
  const isRouterAt = (address: string) =>
    [...routers().values()].some(({ addresses }) => addresses.includes(address));
  const isAt = ({ name, uid }: BoundPod, address: string) => {
    const pod = routers().get(name);
    return pod?.uid === uid && pod.addresses.includes(address);
  };
  const places = new Places(isRouterAt, monotonicMs);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const socket = request.socket as TLSSocket;
    if (socket.getPeerX509Certificate()?.checkHost(clientName) === undefined) {
      const why = `the certificate must be for ${clientName}: it isn't`;
      places.tell("rejected metrics connections with another's certificate", { why });
      return refuse(response, 401, why);
    }
    if (request.url !== SAMPLES_PATH) return refuse(response, 404, "no such path");
    if (request.method !== "POST") return refuse(response, 405, "only POST is allowed");
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (token === undefined) return refuse(response, 401, "a bearer token is required");
    const authentication = await authenticate(token);
    if (!authentication.ok) {
      log("warning", "rejected a metrics connection", { why: authentication.message });
      return refuse(response, authentication.status, authentication.message);
    }
    const { pod } = authentication;
    const address = addressOf(socket.remoteAddress);
    const isHere = () => isAt(pod, address);
    if (!isHere()) {
      const why = `the token is that of pod ${pod.name}, which isn't at ${address}`;
      log("warning", "rejected a metrics connection", { why });
      return refuse(response, 401, why);
    }
    places.prove(address, socket.remotePort);
    const router = pod.name;
    request.setTimeout(SILENCE_MS, () => request.destroy(new Error("no sample received")));
    response.writeHead(200).flushHeaders();
    log("info", "a router started reporting", { router });
    const why = await readSamples(request, router, isHere).catch(explainError);
    log("info", "a router stopped reporting", { router, why });
    response.end();
    request.destroy();
  }

  /** Returns the reason why the connection ended. */
  async function readSamples(
    request: IncomingMessage,
    router: string,
    isHere: () => boolean,
  ): Promise<string> {
    let view: RouterView | undefined;
    for await (const line of readLines(request, MAX_LINE_LENGTH)) {
      if (!isHere()) return "the router's pod is gone";
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

  const stop = new AbortController();
  const server = createSecureServer(
    tlsDirectory,
    {
      headersTimeout: HEADERS_MS,
      connectionsCheckingInterval: HEADERS_CHECK_MS,
      requestTimeout: 0, // the body never ends
    },
    (request, response) => {
      handle(request, response).catch((error: unknown) => {
        log("error", "a metrics connection failed", { why: explainError(error) });
        response.destroy();
      });
    },
    stop.signal,
  );
  server.on("connection", (socket: Socket) =>
    places.admit(socket, addressOf(socket.remoteAddress)),
  );
  server.on("tlsClientError", (error: NodeJS.ErrnoException, { authorizationError }) => {
    // Without a reason the caller, or `places`, has closed the connection.
    const why = authorizationError ?? (error.code === "ECONNRESET" ? undefined : error.message);
    if (why !== undefined)
      places.tell("refused metrics connections in the TLS handshake", { why: String(why) });
  });
  await listen(server, port);
  return {
    views,
    forget: (router) => void views.delete(router),
    close: () => {
      stop.abort();
      places.close();
      return close(server);
    },
  };
}

/** As pods' addresses are written: IPv4 without the prefix of a socket that listens to both families. */
function addressOf(remote: string | undefined): string {
  return (remote ?? "").replace(/^::ffff:/, "");
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "content-type": "text/plain", connection: "close" });
  response.end(`${message}\n`);
}

export function listen(server: Server | SecureServer, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, () => resolve());
  });
}

export function close(server: Server | SecureServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
