// What clients who send requests and read no answer make a real HAProxy keep, and the kernel for it: as much as is planned.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { CERTIFICATE_FILE, PRIVATE_KEY_FILE } from "../../contracts/pods/router-environment";
import {
  HAPROXY_BYTES_PER_CLIENT,
  NOT_SENT_BYTES,
  RECEIVE_BYTES,
} from "../../serving/router/haproxy/core/places";
import { makePair } from "../support/certificate-pair";
import { endpointOf, sliceOf, versionOf } from "../support/model-endpoints";
import { setUpRouter } from "../support/set-up-router";
import { type TestRouter } from "../support/test-router";

const CLIENTS = 300;
/** Of an answer on its way: a first window's segments, of loopback's length. */
const IN_FLIGHT_BYTES = 64 * 1024;

describe("memory of a real HAProxy whose clients read no answer", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "aml-inference-memory-"));
  let router: TestRouter;
  let models: readonly Server[] = [];
  const opened: Socket[] = [];
  const bounds = { maxClients: 2 * CLIENTS, maxStreams: 400, maxVersions: 6 };
  before(async () => {
    const pair = await makePair("localhost", new Date(Date.now() + 86_400_000));
    writeFileSync(join(folder, CERTIFICATE_FILE), pair.certificatePem);
    writeFileSync(join(folder, PRIVATE_KEY_FILE), pair.privateKeyPem);
    models = await Promise.all([12_000, 4_000_000].map(startModel));
  });
  setUpRouter(
    (started) => ({ router } = started),
    () => folder,
    bounds,
  );
  after(() => {
    for (const model of models) model.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    await router.haproxy.restart();
    const version = versionOf("blue", { maxConcurrentRequestsPerContainer: 10_000 });
    const names = ["short", "long"];
    await router.serve(
      names.map((name) => endpointOf({ versions: [{ ...version, serviceName: name }] }, { name })),
      names.flatMap((name, index) => {
        const { port } = models[index]?.address() as AddressInfo;
        return sliceOf(name, { model: `127.0.0.1:${port}` });
      }),
    );
  });
  afterEach(() => {
    for (const socket of opened.splice(0)) socket.destroy();
  });

  const residentBytes = () =>
    1024 *
    Number(
      /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${router.haproxy.pid()}/status`, "utf8"))?.[1],
    );

  /** Bytes that the kernel holds for the connections of a port: to be sent, to be read. */
  function queuedBytes(port: number): { readonly sent: number; readonly received: number } {
    const local = port.toString(16).toUpperCase().padStart(4, "0");
    const lines = readFileSync("/proc/net/tcp", "utf8").split("\n");
    const queues = lines.flatMap((line) => {
      const [, address = "", , state, queue = ""] = line.trim().split(/\s+/);
      return state === "01" && address.endsWith(`:${local}`) ? [queue.split(":")] : [];
    });
    const sum = (column: number) =>
      queues.reduce((all, queue) => all + Number.parseInt(queue[column] ?? "0", 16), 0);
    return { sent: sum(0), received: sum(1) };
  }

  /** Bytes per client, once they are blocked. */
  async function flood(endpoint: string, hasTls: boolean) {
    const { haproxy } = router;
    const port = hasTls ? haproxy.httpsPort : haproxy.httpPort;
    const before = residentBytes();
    const body = "x".repeat(3_000);
    const request = `POST /api/v1/service/${endpoint}/score HTTP/1.1\r\nhost: a\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    for (let count = 0; count < CLIENTS; count++) {
      const [first, second] = [1 + (count >> 7), 1 + (count & 127)];
      const tcp = connect({ port, host: "127.0.0.1", localAddress: `127.0.${first}.${second}` });
      const socket = hasTls ? connectTls({ socket: tcp, rejectUnauthorized: false }) : tcp;
      for (const each of [tcp, socket]) each.on("error", () => undefined);
      socket.once(hasTls ? "secureConnect" : "connect", () => {
        socket.pause();
        const write = () => {
          while (socket.write(request.repeat(20)));
          socket.once("drain", write);
        };
        write();
      });
      opened.push(tcp, socket);
    }
    let largest = { haproxy: 0, sent: 0, received: 0 };
    // HAProxy ends those that have waited for 10 s with a part of a request.
    for (let look = 0; look < 14; look++) {
      await sleep(500);
      const { sent, received } = queuedBytes(port);
      largest = {
        haproxy: Math.max(largest.haproxy, (residentBytes() - before) / CLIENTS),
        sent: Math.max(largest.sent, sent / CLIENTS),
        received: Math.max(largest.received, received / CLIENTS),
      };
    }
    assert.ok(largest.received > RECEIVE_BYTES / 4, "they are blocked");
    return largest;
  }

  for (const [endpoint, way] of [
    ["short", "plain"],
    ["short", "tls"],
    ["long", "plain"],
  ] as const) {
    it(`is what places are planned with: ${endpoint} answers, ${way}`, async () => {
      const { haproxy, sent, received } = await flood(endpoint, way === "tls");
      const planned = HAPROXY_BYTES_PER_CLIENT[way];
      assert.ok(haproxy <= planned, `${haproxy} bytes of ${planned}`);
      assert.ok(received <= 2 * RECEIVE_BYTES, `${received} bytes to be read`);
      assert.ok(sent <= NOT_SENT_BYTES + IN_FLIGHT_BYTES, `${sent} bytes to be sent`);
    });
  }
});

/** Answers each request with so many bytes. */
async function startModel(length: number): Promise<Server> {
  const answer = Buffer.concat([
    Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n`),
    Buffer.alloc(length, "a"),
  ]);
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end(answer));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}
