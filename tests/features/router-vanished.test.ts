// A replica whose host vanishes without a word: its slots come back, in a network namespace of its own.
import assert from "node:assert/strict";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { endpointOf, sliceOf, versionOf } from "../support/model-endpoints";
import { openClient, WEB_SOCKET_HEADERS } from "../support/raw-request";
import { setUpRouter } from "../support/set-up-router";
import { until, type TestRouter } from "../support/test-router";
import type { Replica } from "../support/replica";

/** Answers what the path asks for: the headers and a first chunk, a WebSocket, or nothing; and then it is silent. */
const MODEL = `
const { createServer } = require("node:http");
const { createHash } = require("node:crypto");
const server = () => createServer((request, response) => {
  request.resume();
  if (request.url.includes("stream")) response.write("data: 1\\n\\n");
}).on("upgrade", (request, socket) => {
  const accept = createHash("sha1")
    .update(request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
  socket.on("error", () => undefined);
  socket.write("HTTP/1.1 101 Switching Protocols\\r\\nconnection: upgrade\\r\\nupgrade: websocket\\r\\n" +
    "sec-websocket-accept: " + accept + "\\r\\n\\r\\n");
});
server().listen(5001, () => server().listen(5002, () => console.log("listening")));
`;

describe("a replica that vanishes", function () {
  this.timeout(180_000);
  let router: TestRouter;
  let healthy: Replica;
  let model: ChildProcess | undefined;
  const name = `aml${process.pid}`;
  const ip = (...words: string[]) => execFileSync("ip", words, { encoding: "utf8" });
  // RFC 2544's addresses for tests; the run's own.
  const subnet = `198.18.${process.pid % 256}`;

  setUpRouter((started) => ({ router, one: healthy } = started));
  before(async () => {
    ip("netns", "add", name);
    ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name);
    ip("address", "add", `${subnet}.1/30`, "dev", name);
    ip("link", "set", name, "up");
    ip("-n", name, "address", "add", `${subnet}.2/30`, "dev", "eth0");
    ip("-n", name, "link", "set", "eth0", "up");
    // Otherwise this host would notice, by ARP, that nobody is there.
    const [, mac = ""] = /link\/ether (\S+)/.exec(ip("-n", name, "link", "show", "eth0")) ?? [];
    ip("neighbor", "replace", `${subnet}.2`, "lladdr", mac, "dev", name, "nud", "permanent");
    model = spawn("ip", ["netns", "exec", name, process.execPath, "-e", MODEL], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    assert.ok(model.stdout);
    await once(model.stdout, "data");
  });
  after(() => {
    model?.kill("SIGKILL");
    ip("link", "delete", name);
    ip("netns", "delete", name);
  });

  const inFlight = (version: string) => router.samples.get("ns/churn")?.versions[version]?.inFlight;

  it("gives back the slots of streams, of requests, of those whose client has left, and of WebSockets", async () => {
    const limits = { maxConcurrentRequestsPerContainer: 4, maxQueueWaitMs: 30_000 };
    const endpoint = endpointOf({
      versions: [versionOf("blue", limits), versionOf("green", { ...limits, isDefault: false })],
    });
    const gone = { blue: `${subnet}.2:5001`, green: `${subnet}.2:5002` };
    await router.serve(
      [endpoint],
      [...sliceOf("blue", { a: gone.blue }), ...sliceOf("green", { b: gone.green })],
    );
    const clients = ["blue", "green"].map((version) => ({
      left: open(version, "POST /api/v1/service/churn/score?stream=1", LENGTH, "{}"),
      stays: open(version, "POST /api/v1/service/churn/score?stream=2", LENGTH, "{}"),
      waits: open(version, "POST /api/v1/service/churn/score", LENGTH, "{}"),
      talks: open(version, "GET /api/v1/service/churn/score", WEB_SOCKET_HEADERS),
    }));
    for (const { left, stays, talks } of clients) {
      for (const { received } of [left, stays, talks]) await until(() => received() !== "");
    }
    await until(() => inFlight("blue") === 4 && inFlight("green") === 4);

    // Inside: the route to it stays.
    ip("-n", name, "link", "set", "eth0", "down");
    for (const { left } of clients) left.socket.destroy();
    // Of blue, something is never acknowledged; of green, everything is, and only keep-alive finds it.
    clients[0]?.talks.socket.write("hello");
    const pods = { a: gone.blue, healthy: healthy.address };
    await router.serve(
      [endpoint],
      [...sliceOf("blue", pods), ...sliceOf("green", { ...pods, b: gone.green })],
    );
    for (const version of ["blue", "green"]) {
      const headers = { "azureml-model-deployment": version };
      assert.equal((await router.send({ headers })).status, 200);
    }
    await until(() => inFlight("blue") === 0 && inFlight("green") === 0, 60_000);
    await router.serve([endpoint], sliceOf("blue", { healthy: healthy.address }));
    await until(async () => (await router.haproxy.stat("o.ns.churn.blue", "in", "slim")) === 5);
    await until(async () => (await router.haproxy.stat("o.ns.churn.green", "in", "slim")) === 1);
    for (const each of clients) for (const { socket } of Object.values(each)) socket.destroy();
  });

  const LENGTH = "content-length: 2";
  const open = (version: string, request: string, headers: string, body = "") =>
    openClient(
      router.haproxy.httpPort,
      `${request} HTTP/1.1\r\nhost: a\r\nazureml-model-deployment: ${version}\r\n${headers}\r\n\r\n${body}`,
    );
});
