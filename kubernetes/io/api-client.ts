// Requests to the Kubernetes API server: JSON in, status and JSON out, each with a time limit.

import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { Agent, request, type RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";

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
}

export interface ApiResponse {
  readonly status: number;
  readonly body: unknown;
}

export interface ApiClient {
  /** Any HTTP status is a value; it throws when there is no answer. */
  request(options: ApiRequest): Promise<ApiResponse>;
  /** Opens a watch: the response's body goes on until either side ends it. */
  stream(options: ApiRequest): Promise<IncomingMessage>;
  close(): void;
}

/** Server-side apply's content type, which takes JSON too. */
export const APPLY_PATCH = "application/apply-patch+yaml";

const DEFAULT_TIMEOUT_MS = 10_000;

/** A client of the current context's server; credentials are read anew for each request, since tokens rotate. */
export function createApiClient(config: KubeConfig): ApiClient {
  const server = config.getCurrentCluster()?.server;
  if (server === undefined)
    throw new Error("the kubeconfig must have a current cluster: it has none");
  const agent = new Agent({ keepAlive: true });

  async function open(options: ApiRequest): Promise<IncomingMessage> {
    const { method, path, query = {}, body, signal, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
    const url = new URL(`${server}${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const authenticated: RequestOptions = {};
    await config.applyToHTTPSOptions(authenticated);
    const outgoing = request(url, {
      ...authenticated,
      agent,
      method,
      timeout: timeoutMs,
      headers: {
        ...authenticated.headers,
        accept: "application/json",
        ...(body === undefined
          ? {}
          : { "content-type": options.contentType ?? "application/json" }),
      },
      ...(signal === undefined ? {} : { signal }),
    });
    outgoing.once("timeout", () => {
      outgoing.destroy(new Error(`no answer for ${timeoutMs} ms`));
    });
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    return response;
  }

  return {
    async request(options) {
      const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
      const limit = AbortSignal.timeout(timeoutMs);
      const signal =
        options.signal === undefined ? limit : AbortSignal.any([options.signal, limit]);
      try {
        const response = await open({ ...options, signal });
        return { status: response.statusCode ?? 0, body: parse(await text(response)) };
      } catch (error) {
        throw new Error(`${options.method} ${options.path} got no answer`, { cause: error });
      }
    },
    async stream(options) {
      try {
        return await open(options);
      } catch (error) {
        throw new Error(`${options.method} ${options.path} got no answer`, { cause: error });
      }
    },
    close() {
      agent.destroy();
    },
  };
}

/** The sentence in a Status object, or the status code. */
export function describeFailure({ status, body }: ApiResponse): string {
  const message = (body as { readonly message?: unknown } | undefined)?.message;
  return typeof message === "string" ? `${status}: ${message}` : String(status);
}

async function text(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** Proxies in front of an API server answer in plain text now and then. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return { message: body };
  }
}
