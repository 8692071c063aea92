// Requests to a Kubernetes API server: JSON in, status and JSON out, each with a time limit and without retries.
import type { IncomingMessage } from "node:http";
import { Agent, request, type RequestOptions } from "node:https";
import { text } from "node:stream/consumers";
import { isRecord } from "../../values/is-record";
import { KubeError, transportError } from "./kube-error";
import { messageOf } from "../../values/message-of";

/** The API server's address, and how requests authenticate. */
export interface ApiCredentials {
  /** URL of the server; its base path (Rancher, proxies) prefixes every request path. */
  readonly server: string;
  /** TLS material, headers and, behind a proxy, the agent; called for every request. */
  options(): Promise<RequestOptions>;
}

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string;
  /** Milliseconds for the whole response or, for a stream, until it begins and between data; default 10,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** What the request does, for errors: `read Pod/x in namespace y`; default method and path. */
  readonly attempt?: string;
}

export interface ApiResponse {
  readonly status: number;
  /** Parsed JSON; the text of an error response that isn't JSON, as proxies send. */
  readonly body: unknown;
  /** Milliseconds after which the server asks to be called again; absent when it doesn't ask. */
  readonly retryAfterMs?: number;
}

export interface ApiClient {
  /**
   * Returns the response, whatever its HTTP status.
   * @throws KubeError when there are no credentials or no response, or a successful response isn't JSON
   */
  request(options: ApiRequest): Promise<ApiResponse>;
  /**
   * Opens a watch or a log, whose body streams until either side ends it; a broken connection throws at its reader.
   * @throws KubeError when there are no credentials or no response
   */
  stream(options: ApiRequest): Promise<IncomingMessage>;
  close(): void;
}

/** Content type of server-side apply; JSON is valid YAML. */
export const APPLY_PATCH = "application/apply-patch+yaml";

const DEFAULT_TIMEOUT_MS = 10_000;

/** A client whose requests share keep-alive connections. */
export function createApiClient(credentials: ApiCredentials): ApiClient {
  const server = credentials.server.replace(/\/$/, "");
  const agent = new Agent({ keepAlive: true });

  async function authenticate(attempt: string): Promise<RequestOptions> {
    try {
      return await credentials.options();
    } catch (cause) {
      const why = messageOf(cause);
      throw new KubeError(attempt, "Other", why, { cause });
    }
  }

  async function send<T>(
    options: ApiRequest,
    limit: "response" | "idle",
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
      const { status, retryAfter, content } = await send(options, "response", async (response) => ({
        status: response.statusCode ?? 0,
        retryAfter: response.headers["retry-after"],
        content: await text(response),
      }));
      const body = parse(options, status, content);
      // API servers ask in seconds.
      return /^\d+$/.test(retryAfter ?? "")
        ? { status, body, retryAfterMs: Number(retryAfter) * 1000 }
        : { status, body };
    },
    stream: (options) => send(options, "idle", (response) => response),
    close: () => agent.destroy(),
  };
}

/** The status code, followed by the response's message if it has one. */
export function describeFailure({ status, body }: ApiResponse): string {
  const message = isRecord(body) ? body["message"] : body;
  return typeof message === "string" ? `${status}: ${message}` : String(status);
}

/** Sends the request; resolves when the response's headers arrive. */
function open(
  server: string,
  { method, path, query = {}, body, contentType, signal, timeoutMs }: ApiRequest,
  authenticated: RequestOptions,
  limit: "response" | "idle",
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
              // Node doesn't set the length of a DELETE's body.
              "content-length": Buffer.byteLength(content),
            }),
      },
    });
    // Before the headers arrive, an error rejects the promise; from then on, it destroys the response for its reader.
    let fail = (error: Error): void => {
      outgoing.destroy();
      reject(error);
    };
    const expire = () => {
      const silence = new Error(`no answer within ${limitMs / 1000} s`);
      fail(Object.assign(silence, { code: "ETIMEDOUT" }));
    };
    // The socket's own timeout begins once it is connected; this one covers the connection, too.
    const timer = setTimeout(expire, limitMs);
    outgoing.on("error", (error) => fail(error));
    outgoing.once("response", (response) => {
      response.on("error", () => undefined);
      fail = (error) => response.destroy(error);
      if (limit === "idle") {
        clearTimeout(timer);
        outgoing.setTimeout(limitMs, expire);
      }
      resolve(response);
    });
    // Not the request's `signal` option: nothing would handle the socket's error while a complete response is unread.
    const abort = () => fail(signal?.reason as Error);
    signal?.addEventListener("abort", abort, { once: true });
    outgoing.once("close", () => {
      signal?.removeEventListener("abort", abort);
      clearTimeout(timer);
      // A switch of protocols that nobody asked for ends the connection without an error.
      reject(new Error("the connection ended without an answer"));
    });
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
