// HAProxy's CPU time per request: the router's configuration against a minimal one that forwards to the same servers.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { digestOf, endpointOf, sliceOf, versionOf } from "../../tests/support/model-endpoints";
import { startRouter, stopRouter } from "../../tests/support/set-up-router";
import { haproxyCommand } from "../images";
import type { Figure, Scenario } from "./figure";

const RUNS = 5;
const REQUESTS = 6_000;
/** Below the limits, so that both sides forward at once. */
const CONCURRENCY = 12;
const MINIMAL_PORT = 21_950;
const KEY = "bench";

/** Key check, look-up, two weighted versions, limits of two layers, ids; both on one thread. */
export const cpuPerRequest: Scenario = { name: "CPU time per request", run: measure };

async function measure(): Promise<readonly Figure[]> {
  const started = await startRouter();
  const { router, one, two } = started;
  const pods = { a: one.address, b: two.address };
  const minimal = await startMinimal(Object.values(pods));
  try {
    const limit = { maxConcurrentRequestsPerContainer: CONCURRENCY };
    const digest = { name: "primary", sha256: digestOf(KEY) } as const;
    await router.serve(
      [
        endpointOf({
          authentication: { mode: "Key", keyDigests: [digest] },
          versions: [
            versionOf("blue", limit),
            versionOf("green", { ...limit, isDefault: false, trafficPercentile: 10 }),
          ],
        }),
      ],
      [...sliceOf("blue", pods), ...sliceOf("green", pods)],
    );
    const ours = () => microsecondsPerRequest(router.haproxy.httpPort, router.haproxy.pid());
    const baseline = () => microsecondsPerRequest(MINIMAL_PORT, minimal.pid ?? 0);
    await ours();
    await baseline();
    const pairs: { value: number; baseline: number }[] = [];
    for (let run = 0; run < RUNS; run++) {
      pairs.push({ value: await ours(), baseline: await baseline() });
    }
    const values = pairs.map(({ value }) => value);
    return [
      {
        name: "CPU time per request, strict limits (two layers)",
        value: median(values),
        unit: "µs",
        baseline: median(pairs.map((pair) => pair.baseline)),
        ratio: median(pairs.map((pair) => pair.value / pair.baseline)),
        min: Math.min(...values),
        max: Math.max(...values),
        runs: RUNS,
      },
    ];
  } finally {
    minimal.kill("SIGKILL");
    await stopRouter(started);
  }
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** What a person would write by hand to forward to the same servers. */
async function startMinimal(addresses: readonly string[]): Promise<ChildProcess> {
  const directory = mkdtempSync(join(tmpdir(), "aml-bench-"));
  const file = join(directory, "haproxy.cfg");
  const servers = addresses.map((address, index) => `  server s${index} ${address} maxconn 100`);
  writeFileSync(
    file,
    `global
  nbthread 1
defaults
  mode http
  timeout client 60s
  timeout connect 5s
  timeout server 60s
frontend public
  bind 127.0.0.1:${MINIMAL_PORT}
  default_backend replicas
backend replicas
  balance leastconn
${servers.join("\n")}
`,
  );
  const [program, ...args] = await haproxyCommand();
  const child = spawn(program, [...args, "-f", file], { stdio: "ignore" });
  child.once("exit", () => rmSync(directory, { recursive: true }));
  for (let attempt = 0; attempt < 100; attempt++) {
    if ((await sendOne(MINIMAL_PORT, new Agent()).catch(() => 0)) === 200) return child;
    await sleep(50);
  }
  child.kill("SIGKILL");
  throw new Error("The minimal HAProxy did not answer within 5 seconds");
}

async function microsecondsPerRequest(port: number, pid: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  let left = REQUESTS;
  const before = cpuNanoseconds(pid);
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      while (left-- > 0) {
        const status = await sendOne(port, agent);
        if (status !== 200) throw new Error(`A request was answered ${status}`);
      }
    }),
  );
  agent.destroy();
  return (cpuNanoseconds(pid) - before) / REQUESTS / 1_000;
}

/** Time of the process's one thread on a CPU; finer than the 10 ms of /proc/<pid>/stat. */
function cpuNanoseconds(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]);
}

async function sendOne(port: number, agent: Agent): Promise<number> {
  const outgoing = request({
    ...{ host: "127.0.0.1", port, agent, method: "POST" },
    path: "/api/v1/service/churn/score?ms=0",
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
  });
  outgoing.end('{"data": [[1, 2, 3]]}');
  const [response] = (await once(outgoing, "response")) as [import("node:http").IncomingMessage];
  response.resume();
  await once(response, "end");
  return response.statusCode ?? 0;
}
