// Requests to a Kubernetes API server: JSON in, status and JSON out, each with a time limit and none repeated.
import type { IncomingMessage } from "node:http";
import { Agent, request, type RequestOptions } from "node:https";
import { text } from "node:stream/consumers";
import { isRecord } from "../../values/is-record";
import { KubeError, transportError } from "./kube-error";

/** How an API server is reached, and as whom. */
export interface ApiCredentials {
  /** URL of the server; a base path (Rancher, proxies) stays in front of every path. */
  readonly server: string;
  /** What authenticates a request: TLS material, headers, and the agent where a proxy is between; asked for each. */
  options(): Promise<RequestOptions>;
}

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string;
  /** Milliseconds to the end of the answer (of a stream: of silence); default 10,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** For errors, such as `read Pod/x in namespace y`; default method and path. */
  readonly attempt?: string;
}

export interface ApiResponse {
  readonly status: number;
  /** JSON; the text itself where a refusal is none, as proxies answer now and then. */
  readonly body: unknown;
}

export interface ApiClient {
  /**
   * Any HTTP status is a value.
   * @throws KubeError when there is no answer
   */
  request(options: ApiRequest): Promise<ApiResponse>;
  /**
   * Opens a watch or a log: the response's body goes on until either side ends it. What breaks it is thrown at its reader.
   * @throws KubeError when there is no answer
   */
  stream(options: ApiRequest): Promise<IncomingMessage>;
  close(): void;
}

/** Server-side apply's content type, which takes JSON too. */
export const APPLY_PATCH = "application/apply-patch+yaml";

const DEFAULT_TIMEOUT_MS = 10_000;

/** A client whose connections are kept and shared by its requests. */
export function createApiClient(credentials: ApiCredentials): ApiClient {
  const server = credentials.server.replace(/\/$/, "");
  const agent = new Agent({ keepAlive: true });

  async function authenticate(attempt: string): Promise<RequestOptions> {
    try {
      return await credentials.options();
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new KubeError(attempt, "Other", why, { cause });
    }
  }

  async function send<T>(
    options: ApiRequest,
    limit: "answer" | "silence",
    receive: (response: IncomingMessage) => T | Promise<T>,
  ): Promise<T> {
    const { attempt = `${options.method} ${options.path}` } = options;
    const authenticated = await authenticate(attempt);
    try {
      return await receive(await open(server, options, { agent, ...authenticated }, limit));
    } catch (cause) {
      throw transportError(attempt, server, cause);
    }
  }

  return {
    async request(options) {
      const answer = await send(options, "answer", async (response) => ({
        status: response.statusCode ?? 0,
        content: await text(response),
      }));
      return { status: answer.status, body: parse(options, answer.status, answer.content) };
    },
    stream: (options) => send(options, "silence", (response) => response),
    close: () => agent.destroy(),
  };
}

/** The sentence in a Status object, or the status code. */
export function describeFailure({ status, body }: ApiResponse): string {
  const message = isRecord(body) ? body["message"] : body;
  return typeof message === "string" ? `${status}: ${message}` : String(status);
}

/** Sends the request; resolves with the response's head. */
function open(
  server: string,
  { method, path, query = {}, body, contentType, signal, timeoutMs }: ApiRequest,
  authenticated: RequestOptions,
  limit: "answer" | "silence",
): Promise<IncomingMessage> {
  const url = new URL(`${server}${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const content = body === undefined ? undefined : JSON.stringify(body);
  const limitMs = timeoutMs ?? DEFAULT_TIMEOUT_MS;
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      rejectUnauthorized: true,
      ...authenticated,
      method,
      headers: {
        ...authenticated.headers,
        accept: "application/json",
        ...(content === undefined
          ? {}
          : {
              "content-type": contentType ?? "application/json",
              // Node sends no length with a DELETE by itself.
              "content-length": Buffer.byteLength(content),
            }),
      },
    });
    // Whatever breaks the connection later is the reader's to see: nobody else would take the 'error' event.
    let fail = (error: Error): void => {
      outgoing.destroy();
      reject(error);
    };
    outgoing.on("error", (error) => fail(error));
    outgoing.once("response", (response) => {
      response.on("error", () => undefined);
      fail = (error) => response.destroy(error);
      resolve(response);
    });
    // Not by the request's own option: that leaves the socket's error to nobody where a whole answer is still unread.
    const abort = () => fail(signal?.reason as Error);
    signal?.addEventListener("abort", abort, { once: true });
    outgoing.once("close", () => signal?.removeEventListener("abort", abort));
    const expire = () => fail(new Error(`no answer within ${limitMs / 1000} s`));
    if (limit === "silence") outgoing.setTimeout(limitMs, expire);
    else {
      const timer = setTimeout(expire, limitMs);
      outgoing.once("close", () => clearTimeout(timer));
    }
    outgoing.end(content);
  });
}

function parse({ method, path, attempt }: ApiRequest, status: number, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (cause) {
    if (status < 200 || status > 299) return content;
    const detail = `the answer must be JSON: it begins with ${content.slice(0, 100)}`;
    throw new KubeError(attempt ?? `${method} ${path}`, "Other", detail, { cause });
  }
}
