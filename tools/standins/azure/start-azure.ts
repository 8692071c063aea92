/** Starts the Azure that tests run against: an HTTPS server on the loopback interface. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { text } from "node:stream/consumers";
import { type Answer, refusal } from "./core/answer";
import { ArmService } from "./core/arm-service";
import { type Clock, polledClock } from "./core/clock";
import { type Fault, FaultList } from "./core/faults";
import { isObject, type JsonObject } from "./core/json";
import { type GivenKubeconfig } from "./core/kubeconfig";
import { OtherHands } from "./core/other-hands";
import { type Regions, someRegions } from "./core/regions";
import { Store } from "./core/store";
import { Tokens } from "./core/tokens";
import { WriteLog } from "./core/write-log";
import { createServerCertificate, type ServerCertificate } from "./io/certificate";
import { answerSignIn, isSignIn } from "./io/sign-in";
import { loadState, saveState } from "./io/state-file";
import { behaviours } from "./core/rules/behaviours";
import { openRuleBook } from "./core/rules/rule-book";

export interface AzureOptions {
  /** Port on 127.0.0.1; 0 (default): one that is free. */
  readonly port?: number;
  /** Default: time stands still, and a client that is told to wait is taken to have waited. */
  readonly clock?: Clock;
  /** Names of rules to switch off. */
  readonly off?: readonly string[];
  /** The text of the kubeconfig that managed clusters hand out. */
  readonly kubeconfig?: GivenKubeconfig;
  /** Where the state is kept across restarts; undefined: only in memory. */
  readonly stateFile?: string;
  /** How long a `timeout` fault keeps the caller waiting, in milliseconds of real time. Default: 200. */
  readonly silenceMs?: number;
  readonly regions?: Regions;
}

/** A running stand-in. */
export interface Azure {
  /** `https://127.0.0.1:PORT`: Resource Manager and the sign-in service. */
  readonly endpoint: string;
  /** The authority that signed the server's certificate, as PEM. */
  readonly certificatePem: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly tokens: Tokens;
  readonly faults: FaultList;
  /** What callers wrote: so a test can say what a PUT named. */
  readonly writes: WriteLog;
  /** What AKS, policies and colleagues do beside the callers. */
  readonly others: OtherHands;
  /** A token as the sign-in service would give it. */
  issueToken(): string;
  close(): Promise<void>;
}

/** All stand-ins of a process share one, since openssl takes a while to make it. */
let certificate: Promise<ServerCertificate> | undefined;

/** Starts a stand-in; close it when done. */
export async function startAzure(options: AzureOptions = {}): Promise<Azure> {
  const store = new Store();
  const savedMs = options.stateFile === undefined ? undefined : loadState(options.stateFile, store);
  const clock = options.clock ?? polledClock(savedMs ?? Date.now());
  const rules = openRuleBook(options.off);
  const regions = options.regions ?? someRegions;
  const service = new ArmService({ store, clock, regions, rules, kubeconfig: options.kubeconfig });
  const tokens = new Tokens(() => randomBytes(24).toString("base64url"));
  const faults = new FaultList();
  const writes = new WriteLog();
  const others = new OtherHands({
    ...{ store, clock, regions },
    call: (method, id, version, body = {}) =>
      service.handle(endpoint, method, new URL(`${id}?api-version=${version}`, endpoint), {}, body),
  });
  const { certificatePem, privateKeyPem } = await (certificate ??= createServerCertificate());
  let endpoint = "";

  async function answerCall(request: IncomingMessage): Promise<Answer> {
    const method = request.method ?? "GET";
    const url = new URL(request.url ?? "/", endpoint);
    const signIn = answerSignIn(endpoint, method, url, tokens, clock.now());
    if (signIn) return signIn;
    const body = parseBody(await text(request));
    const id = decodeURIComponent(url.pathname);
    const { authorization } = request.headers;
    const error =
      rules.isOn(behaviours.tokenRequired) &&
      tokens.refuse(authorization, clock.now(), rules.isOn(behaviours.tokenExpires));
    if (error) return refusal(error, (seconds) => seconds);
    const result = service.handle(endpoint, method, url, flat(request.headers), body);
    writes.add(method, id, body, result.status);
    if (options.stateFile !== undefined && method !== "GET") {
      saveState(options.stateFile, store, clock.now());
    }
    return result;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "/";
    const { call, fault } = isSignIn(new URL(path, endpoint).pathname)
      ? { call: { method: "", path: "" }, fault: undefined }
      : faults.count(request.method ?? "GET", path);
    if (fault?.kind === "expired-token") tokens.expireAll(clock.now());
    const strikes = fault !== undefined && fault.kind !== "expired-token";
    if (strikes && fault.moment !== "after") return strike(fault, request, response);
    const result = await answerCall(request);
    if (strikes) return strike(fault, request, response);
    Object.assign(call, { status: result.status });
    send(response, result);
  }

  function strike(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
    if (fault.kind === "reset") return void request.socket.destroy();
    if (fault.kind === "timeout") {
      // A silence that nobody waits for any more must not keep the process.
      setTimeout(() => request.socket.destroy(), options.silenceMs ?? 200).unref();
      return;
    }
    request.resume();
    send(response, faultAnswer(Number(fault.kind), clock));
  }

  const server = createServer({ cert: certificatePem, key: privateKeyPem }, (request, response) => {
    serve(request, response).catch((error: unknown) => {
      send(response, {
        status: 500,
        headers: {},
        body: { error: { code: "StandInFailed", message: String(error) } },
      });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  endpoint = `https://127.0.0.1:${port}`;
  return {
    endpoint,
    certificatePem,
    store,
    clock,
    tokens,
    faults,
    writes,
    others,
    issueToken: () => tokens.issue(clock.now()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function faultAnswer(status: number, clock: Clock): Answer {
  const codes: Record<number, string> = {
    429: "TooManyRequests",
    500: "InternalServerError",
    503: "ServiceUnavailable",
  };
  const headers: Record<string, string> =
    status === 500 ? {} : { "retry-after": String(clock.askToWait(5)) };
  const message = "The server could not do what was asked. Please try again later.";
  return { status, headers, body: { error: { code: codes[status] ?? "Error", message } } };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const bytes = body === undefined ? "" : JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    ...(bytes === "" ? {} : { "content-type": "application/json; charset=utf-8" }),
    "content-length": Buffer.byteLength(bytes),
  });
  response.end(bytes);
}

function parseBody(bytes: string): JsonObject {
  if (bytes === "") return {};
  try {
    const body: unknown = JSON.parse(bytes);
    return isObject(body) ? body : {};
  } catch {
    return {};
  }
}

function flat(headers: IncomingMessage["headers"]): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}
