// What one client or one model can't do to all others: on a real HAProxy, each attack with a second client beside it.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect as connectHttp2, type ClientHttp2Session } from "node:http2";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { MAPS } from "../../serving/router/haproxy/core/names";
import { BUFFER_BYTES } from "../../serving/router/haproxy/core/request-bodies";
import { WRONG_KEYS_PER_MINUTE } from "../../serving/router/haproxy/core/wrong-keys";
import { digestOf, endpointOf, sliceOf, versionOf } from "../support/model-endpoints";
import { answerOn, codeOf } from "../support/raw-request";
import type { Replica } from "../support/replica";
import { setUpRouter } from "../support/set-up-router";
import { until, type TestRouter } from "../support/test-router";

const ATTACKER = "127.0.0.1";
const OTHER = "127.0.0.2";
const MB = 1024 * 1024;
const BODY_MEMORY = 240 * MB;
const MAX_CLIENTS = 1_600;

const request = (path: string, ...headers: string[]) =>
  `${[`POST ${path} HTTP/1.1`, "host: score.example", ...headers].join("\r\n")}\r\n\r\n`;
const score = (endpoint: string) => `/api/v1/service/${endpoint}/score`;

describe("attacks on a real HAProxy", function () {
  this.timeout(120_000);
  let router: TestRouter;
  let one: Replica;
  let two: Replica;
  let model: OddModel;
  const opened: (Socket | ClientHttp2Session)[] = [];
  const limits = { maxClients: MAX_CLIENTS, maxStreams: 400, maxVersions: 6 };
  setUpRouter(
    (started) => ({ router, one, two } = started),
    () => undefined,
    { ...limits, bodyMemoryBytes: BODY_MEMORY },
  );
  before(async () => {
    model = await startOddModel();
  });
  after(() => model.server.close());
  beforeEach(async () => {
    const key = { name: "primary" as const, sha256: digestOf("right", "keyed") };
    const odd = versionOf("odd", {
      scoringTimeoutMs: 1_500,
      maxConcurrentRequestsPerContainer: 20,
    });
    await router.serve(
      [
        endpointOf(),
        endpointOf({ versions: [versionOf("red")] }, { name: "other" }),
        endpointOf(
          { authentication: { mode: "Key", keyDigests: [key] }, versions: [versionOf("key")] },
          { name: "keyed" },
        ),
        endpointOf({ versions: [odd] }, { name: "odd" }),
      ],
      [
        ...sliceOf("blue", { one: one.address }),
        ...sliceOf("red", { two: two.address }),
        ...sliceOf("key", { two: two.address }),
        ...sliceOf("odd", { odd: model.address }),
      ],
    );
  });
  afterEach(async () => {
    for (const each of opened.splice(0)) each.destroy();
    await until(async () => (await heldBytes()) === 0);
  });

  const open = (bytes: readonly (string | Buffer)[], port = router.haproxy.httpPort) => {
    const socket = connect({ port, host: "127.0.0.1", localAddress: ATTACKER });
    socket.on("error", () => undefined);
    for (const each of bytes) socket.write(each);
    opened.push(socket);
    return socket;
  };
  const ask = (bytes: string, localAddress = ATTACKER, port = router.haproxy.httpPort) => {
    const socket = connect({ port, host: "127.0.0.1", localAddress });
    socket.write(bytes);
    return answerOn(socket);
  };

  /** Another client, another endpoint, and the probes of the kubelet. */
  async function othersAreServed(endpoint = "other"): Promise<void> {
    const startedMs = performance.now();
    const body = await ask(
      `${request(score(endpoint), "content-length: 100000")}${"x".repeat(100_000)}`,
      OTHER,
    );
    assert.match(body, /^HTTP\/1.1 200 /);
    for (const path of ["/readyz", "/healthz"]) {
      const probe = `GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`;
      assert.match(await ask(probe, OTHER, router.haproxy.healthPort), /^HTTP\/1.1 200 /);
    }
    assert.ok(performance.now() - startedMs < 2_000, "within 2 s");
  }

  const heldBytes = async () => Number(await router.haproxy.socket.command("aml bodies"));
  const memoryMb = () =>
    Number(
      /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${router.haproxy.pid()}/status`, "utf8"))?.[1],
    ) / 1024;

  it("holds no more bytes of unfinished bodies than its memory has, and leaves room for others", async () => {
    const before = memoryMb();
    const answers = Array.from({ length: 600 }, () => {
      const socket = open([request(score("churn"), `content-length: ${MB}`), Buffer.alloc(MB - 9)]);
      return answerOn(socket).then(codeOf);
    });
    const refused = await Promise.race([...answers]);
    assert.equal(refused, "503 TooManyUploads");
    await othersAreServed();
    assert.ok(memoryMb() - before < BODY_MEMORY / MB, `${memoryMb() - before} MB more`);
  });

  it("leaves half of that memory to others whatever sizes one client declares", async () => {
    const page = 4096;
    const declare = (bytes: number) =>
      open([request(score("churn"), `content-length: ${bytes - 2 * page}`), Buffer.alloc(17_000)]);
    for (let count = 0; count < 2; count++) declare(BODY_MEMORY / 4);
    await until(async () => (await heldBytes()) === BODY_MEMORY / 2 - 4 * page);
    // Each is small beside what the ones before would leave free.
    let free = BODY_MEMORY / 2;
    for (let count = 0; count < 160; count++) {
      const part = Math.floor(free / 32 / page) * page;
      free -= part;
      declare(part);
    }
    await sleep(500);
    assert.ok((await heldBytes()) <= BODY_MEMORY / 2);
    await othersAreServed();
  });

  it("counts a body until it is gone, also when its model answers before it reads", async () => {
    const body = 90 * MB;
    const uploading = open([request(`${score("odd")}?unread`, `content-length: ${body}`)]);
    uploading.write(Buffer.alloc(body));
    const [answered] = (await once(uploading, "data")) as [Buffer];
    assert.match(String(answered), /^HTTP\/1.1 200 /);
    await sleep(1_000);
    assert.equal(await heldBytes(), body);
    await othersAreServed();
  });

  it("refuses the requests of one client's HTTP/2 connections that nobody else finds room beside", async () => {
    const codes: number[] = [];
    for (let index = 0; index < 5; index++) {
      const session = connectHttp2(`http://127.0.0.1:${router.haproxy.httpPort}`, {
        localAddress: ATTACKER,
      } as never);
      session.on("error", () => undefined);
      opened.push(session);
      for (let count = 0; count < 90; count++) {
        const stream = session.request({
          ":method": "POST",
          ":path": score("churn"),
          "content-length": "9000",
        });
        stream.on("error", () => undefined).on("response", (h) => codes.push(h[":status"] ?? 0));
        stream.write("x".repeat(8_000));
      }
    }

    await until(() => codes.length === 150);
    assert.deepEqual([...new Set(codes)], [503]);
    await othersAreServed();
    const session = connectHttp2(`http://127.0.0.1:${router.haproxy.httpPort}`, {
      localAddress: OTHER,
    } as never);
    opened.push(session);
    const stream = session.request({ ":method": "POST", ":path": score("other") });
    stream.end("{}");
    const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
    assert.equal(headers[":status"], 200);
  });

  it("leaves places to others whatever one client opens and doesn't finish", async () => {
    for (let count = 0; count < 3_600; count++) {
      open([count % 2 === 0 ? "" : "POST /api/v1/service/churn/score HTTP/1.1\r\nhost: "]);
    }
    await until(
      async () => (await router.haproxy.stat("public", "FRONTEND", "scur")) === MAX_CLIENTS * 0.75,
    );
    await othersAreServed();
  });

  it("answers probes beside connections to their port that say nothing, or little, or too slowly", async () => {
    const { healthPort } = router.haproxy;
    for (let count = 0; count < 4_000; count++) {
      open([count % 2 === 0 ? "" : "GET /readyz HTTP/1.1\r\nx: "], healthPort);
    }
    const slow = open([], healthPort);
    const dripping = setInterval(() => slow.write("G"), 100);
    await othersAreServed();
    await until(async () => (await router.haproxy.stat("health", "FRONTEND", "scur")) === 0);
    clearInterval(dripping);
    // A client at the kubelet's own address, too.
    assert.match(await ask("GET /readyz HTTP/1.1\r\nhost: a\r\n\r\n", ATTACKER, healthPort), /200/);
  });

  it("counts wrong keys, logs where they come from, and refuses what is beyond the rate; a right key goes on", async () => {
    const keyed = (key: string, address?: string) =>
      ask(request(score("keyed"), `authorization: Bearer ${key}`, "content-length: 0"), address);
    const codes = new Map<string, number>();
    for (let count = 0; count < 2 * WRONG_KEYS_PER_MINUTE; count++) {
      const code = codeOf(await keyed(`guess-${count}`));
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    assert.deepEqual(Object.fromEntries(codes), {
      "401 Unauthorized": WRONG_KEYS_PER_MINUTE,
      "429 TooManyWrongKeys": WRONG_KEYS_PER_MINUTE,
    });
    assert.match(await keyed("guess"), /\r\nretry-after: 60\r\n/i);
    assert.match(await keyed("right"), /^HTTP\/1.1 200 /);
    assert.equal(codeOf(await keyed("guess", OTHER)), "401 Unauthorized");
    assert.equal(codeOf(await ask(request(score("keyed")))), "401 Unauthorized", "without a key");
    const counted = await router.haproxy.socket.command("show table wrong-keys");
    assert.match(counted, new RegExp(`${ATTACKER} .*gpc0=${2 * WRONG_KEYS_PER_MINUTE + 1} `));
    const output = router.haproxy.output();
    assert.match(output, /1 wrong keys from 127.0.0.1, the last one for endpoint keyed/);
    assert.ok(!output.includes("guess"), "no key in the log");
    await othersAreServed();
  });

  it("normalises a path before it decides by it, and refuses one that hides dots", async () => {
    const sent = async (path: string) => {
      const answer = await ask(request(path, "content-length: 0"));
      return answer.startsWith("HTTP/1.1 200") ? model.path() : codeOf(answer);
    };
    const at = score("odd");
    assert.equal(await sent(`${at}/../../admin`), "404 NotFound");
    assert.equal(await sent(`${at}/%2e%2E/admin`), "404 NotFound");
    assert.equal(await sent(`/x/..//api/./v1/service/odd/score?a=/../b//c`), "/score?a=/../b//c");
    assert.equal(await sent(`${at}/../score/a//./b/../c/`), "/score/a/c/");
    assert.equal(await sent(`${at}/.well-known/a%2Fb..%20c`), "/score/.well-known/a%2Fb..%20c");
    assert.equal(await sent(`${at}/.a;b=../c..;d`), "/score/.a;b=../c..;d");
    for (const hidden of [
      "..%2f..%2fadmin",
      "a%5C..%5c",
      "..\\admin",
      "%2e%2e%2fadmin",
      "..;/admin",
      ".%2e;a=b",
    ]) {
      assert.equal(await sent(`${at}/${hidden}`), "400 BadRequest", hidden);
    }
    await othersAreServed();
  });

  it("passes no header of a model that holds for the whole address", async () => {
    const answer = await ask(request(`${score("odd")}?origin-wide`, "content-length: 0"));
    assert.match(answer, /^HTTP\/1.1 200 /);
    assert.match(answer, /\r\nx-own: 1\r\n/i);
    assert.doesNotMatch(answer, /alt-svc|set-cookie|strict-transport|clear-site-data|nel:/i);
    await othersAreServed();
  });

  it("ends a request on time whose model sends interim responses, or its header byte by byte", async () => {
    for (const way of ["interim", "drip"]) {
      const startedMs = performance.now();
      const answer = await ask(request(`${score("odd")}?${way}`, "content-length: 0"));
      assert.equal(codeOf(answer), "504 ScoringTimeout", way);
      assert.ok(performance.now() - startedMs < 3_500, "the model itself takes 6 s");
    }
    const answer = await ask(
      request(`${score("odd")}?hint`, "content-length: 0", "connection: close"),
    );
    assert.match(answer, /^HTTP\/1.1 103 .*HTTP\/1.1 200 .*ok$/s);
    await othersAreServed();
  });

  it("keeps few large answers whose clients have left, and that don't end", async () => {
    for (let count = 0; count < 30; count++) {
      const leaving = open([request(`${score("odd")}?rest`, "content-length: 0")]);
      setTimeout(() => leaving.destroy(), 300);
    }
    await sleep(2_000);
    const info = await router.haproxy.socket.command("show info");
    const large = (Number(/^PoolUsed_MB: (\d+)$/m.exec(info)?.[1]) * MB) / BUFFER_BYTES;
    assert.ok(large > 15 && large < 17, `${large} large buffers`);
    await othersAreServed();
  });

  it("refuses the version that there is no room for, and keeps those that it has", async () => {
    const many = Array.from({ length: 9 }, (_, index) =>
      endpointOf({ versions: [versionOf("red")] }, { name: `zone-${index}` }),
    );
    await router.serve(
      [endpointOf({ versions: [versionOf("red")] }, { name: "other" }), ...many],
      sliceOf("red", { two: two.address }),
    );
    const routes = async () => {
      const text = await router.haproxy.socket.command(`show map ${MAPS.endpoints}`);
      return text.trim().split("\n").length;
    };
    // The versions of before go after the first of these have come.
    await until(async () => (await routes()) === limits.maxVersions);
    const codes = await Promise.all(
      many.map((_, index) =>
        ask(request(score(`zone-${index}`), "content-length: 0")).then(codeOf),
      ),
    );
    assert.equal(codes.filter((code) => code === "404 EndpointNotFound").length, 4);
    assert.ok(router.logged("has room for 6 versions").length > 0);
    await othersAreServed();
  });
});

interface OddModel {
  readonly address: string;
  readonly server: Server;
  /** That of the last request. */
  readonly path: () => string;
}

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const HINT = "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n";

/** Answers by its request's query; each connection has one request. */
async function startOddModel(): Promise<OddModel> {
  let path = "";
  const server = createServer((socket) => {
    socket
      .on("error", () => undefined)
      .once("data", (bytes) => {
        path = String(bytes).split(" ")[1] ?? "";
        path = String(bytes).split(" ")[1] ?? "";
        void answer(socket, /\?([\w-]+)/.exec(String(bytes))?.[1] ?? "");
      });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    path: () => path,
  };
}

async function answer(socket: Socket, way: string): Promise<void> {
  const wide = [
    'Alt-Svc: h3=":443"',
    "Set-Cookie: a=b",
    "Strict-Transport-Security: max-age=1",
    'Clear-Site-Data: "*"',
    "NEL: {}",
    "X-Own: 1",
  ];
  if (way === "origin-wide") {
    socket.end(`HTTP/1.1 200 OK\r\n${wide.join("\r\n")}\r\ncontent-length: 2\r\n\r\nok`);
    return;
  }
  if (way === "unread") {
    socket.pause();
    socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n");
    await sleep(3_000);
    socket.destroy();
    return;
  }
  if (way === "rest") {
    await sleep(700);
    socket.write("HTTP/1.1 200 OK\r\ncontent-length: 90000000\r\n\r\n");
    socket.write(Buffer.alloc(1_000_000));
    await sleep(3_000);
    socket.destroy();
    return;
  }
  if (way === "hint") {
    socket.write(HINT);
    await sleep(100);
  }
  for (let count = 0; count < 20 && way === "interim"; count++) {
    socket.write(HINT);
    await sleep(300);
  }
  // Not within the status: HAProxy 3.4 takes a status in two parts for a wrong one now and then.
  const parts = way === "drip" ? ["HTTP/1.1 200 OK\r\n", ..."x-slow: 0123456789"] : [];
  for (const part of parts) {
    socket.write(part);
    await sleep(300);
  }
  socket.end(way === "drip" ? "\r\n\r\n" : OK);
}
