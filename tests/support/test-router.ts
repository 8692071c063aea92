// A router without Kubernetes: a real HAProxy and a real agent, whose resources the test gives.
import { Agent as HttpAgent, request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { EndpointSlice } from "../../kubernetes/core/endpoint-slice";
import type { EndpointSample } from "../../contracts/metrics-channel/router-sample";
import type { ModelEndpoint } from "../../contracts/model-endpoint/model-endpoint";
import { startAgent, type Agent } from "../../serving/router/agent";
import type { HaproxySettings } from "../../serving/router/haproxy/core/haproxy-settings";
import type { Resources } from "../../serving/router/haproxy/io/control-loop";
import type { Surroundings } from "../../serving/router/model/core/build-model";
import { CERTIFICATE_FILE, PRIVATE_KEY_FILE } from "../../contracts/pods/router-environment";
import { startHaproxy, type TestHaproxy } from "./haproxy";

export interface TestRouter {
  readonly haproxy: TestHaproxy;
  /** What the autoscaler would know, put together from the samples. */
  readonly samples: ReadonlyMap<string, EndpointSample>;
  /** Gives the agent other resources and waits until it has served them. */
  readonly serve: (
    endpoints: readonly ModelEndpoint[],
    slices: readonly EndpointSlice[],
    surroundings?: Surroundings,
  ) => Promise<void>;
  readonly send: (options?: SendOptions) => Promise<Reply>;
  readonly agent: () => Agent;
  /** The agent's log lines with this text, as JSON. */
  readonly logged: (text: string) => readonly string[];
  readonly stopAgent: () => Promise<void>;
  readonly startAgent: () => void;
  readonly stop: () => Promise<void>;
}

export interface SendOptions {
  /** Default `/api/v1/service/churn/score`. */
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds after which the client leaves. */
  readonly leaveAfterMs?: number;
}

export interface Reply {
  /** 0 when there was no answer. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly tookMs: number;
}

/**
 * @param tlsDirectory folder with tls.crt and tls.key, for a router with TLS.
 * @param more further settings of HAProxy
 */
export async function startTestRouter(
  tlsDirectory?: string,
  more: Partial<HaproxySettings> = {},
): Promise<TestRouter> {
  const haproxy = await startHaproxy(
    tlsDirectory === undefined
      ? undefined
      : {
          certificateFile: join(tlsDirectory, CERTIFICATE_FILE),
          keyFile: join(tlsDirectory, PRIVATE_KEY_FILE),
        },
    more,
  );
  const connections = new HttpAgent({ keepAlive: true, maxSockets: 10_000 });
  const samples = new Map<string, EndpointSample>();
  const lines: string[] = [];
  let resources: Resources = { endpoints: [], slices: [] };
  const start = () =>
    startAgent({
      haproxy: haproxy.settings,
      resources: () => resources,
      log: (level, message, fields) => lines.push(JSON.stringify({ level, message, ...fields })),
      ...(tlsDirectory === undefined ? {} : { tlsDirectory }),
      deliver: ({ full, endpoints }) => {
        if (full) samples.clear();
        for (const [id, sample] of Object.entries(endpoints)) samples.set(id, sample);
      },
    });
  let agent: Agent | undefined = start();
  const running = () => {
    if (agent === undefined) throw new Error("the agent is stopped");
    return agent;
  };
  return {
    haproxy,
    samples,
    agent: running,
    logged: (text) => lines.filter((line) => line.includes(text)),
    send: (options = {}) => send(haproxy.httpPort, connections, options),
    serve: async (endpoints, slices, surroundings = {}) => {
      resources = { endpoints, slices, surroundings };
      const before = running().loop.passes;
      running().trigger();
      await until(() => running().loop.passes > before);
    },
    stopAgent: async () => {
      await running().stop();
      agent = undefined;
    },
    startAgent: () => {
      agent = start();
    },
    stop: async () => {
      await agent?.stop();
      connections.destroy();
      await haproxy.stop();
    },
  };
}

/** Looks until `holds` says so; fails after `limitMs`. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  limitMs = 60_000,
): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`not within ${limitMs} ms: ${holds.toString()}`);
    await sleep(5);
  }
}

function send(port: number, agent: HttpAgent, options: SendOptions): Promise<Reply> {
  const {
    path = "/api/v1/service/churn/score",
    method = "POST",
    headers = {},
    body = "{}",
  } = options;
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const finish = (status: number, text: string, answered: Reply["headers"] = {}) =>
      resolve({ status, headers: answered, body: text, tookMs: performance.now() - startedMs });
    const outgoing = request(
      {
        host: "127.0.0.1",
        port,
        path,
        method,
        agent,
        headers: { "content-type": "application/json", ...headers },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.once("end", () => finish(response.statusCode ?? 0, text, response.headers));
        response.once("error", (error) => finish(0, String(error)));
      },
    );
    outgoing.once("error", (error) => finish(0, String(error)));
    // Node frames the body of a POST only: what follows a DELETE unframed would be another request.
    outgoing.end(method === "POST" ? body : undefined);
    if (options.leaveAfterMs !== undefined)
      setTimeout(() => outgoing.destroy(), options.leaveAfterMs);
  });
}
