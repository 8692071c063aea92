// What clients, browsers and proxies meet before a model does: on a real HAProxy, byte by byte.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CERTIFICATE_FILE, PRIVATE_KEY_FILE } from "../../contracts/pods/router-environment";
import { MAPS, READY_KEY } from "../../serving/router/haproxy/core/names";
import { makePair } from "../support/certificate-pair";
import { digestOf, endpointOf, sliceOf, versionOf } from "../support/model-endpoints";
import { answerOn, codeOf, rawRequest } from "../support/raw-request";
import type { Replica } from "../support/replica";
import { setUpRouter } from "../support/set-up-router";
import { until, type TestRouter } from "../support/test-router";

const SCORE = "/api/v1/service/churn/score";
const lines = (...headers: string[]) => headers.map((header) => `${header}\r\n`).join("");
const request = (method: string, path: string, ...headers: string[]) =>
  `${method} ${path} HTTP/1.1\r\n${lines("host: score.example", ...headers)}\r\n`;
const headersOf = (answer: string) => answer.split("\r\n\r\n")[0]?.toLowerCase() ?? "";

/** Answers every request with the same bytes, and keeps the heads that it saw. */
class RawReplica {
  heads: string[] = [];
  answer = "";
  readonly #server: Server;

  constructor() {
    this.#server = createServer((socket) => {
      socket.setEncoding("utf8").on("error", () => undefined);
      socket.on("data", (text: string) => {
        if (!text.includes("HTTP/1.1\r\n")) return void socket.write(text);
        this.heads.push(text.toLowerCase());
        socket.write(this.answer);
      });
    });
  }

  async listen(): Promise<string> {
    await once(this.#server.listen(0, "127.0.0.1"), "listening");
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
  }
}

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

describe("the router's surface on a real HAProxy", function () {
  this.timeout(60_000);
  let router: TestRouter;
  let one: Replica;
  const raw = new RawReplica();
  let rawAddress: string;
  before(async () => {
    rawAddress = await raw.listen();
  });
  after(() => raw.close());
  setUpRouter(
    (started) => ({ router, one } = started),
    () => undefined,
    { bodyMemoryBytes: 110_000_000, bodySeconds: 3 },
  );
  beforeEach(async () => {
    [raw.heads, raw.answer] = [[], OK];
    const keyed = endpointOf(
      {
        authentication: {
          mode: "Key",
          keyDigests: [{ name: "primary", sha256: digestOf("k1", "keyed") }],
        },
        versions: [versionOf("raw")],
      },
      { name: "keyed" },
    );
    const open = endpointOf({ versions: [versionOf("raw")] }, { name: "raw" });
    const single = endpointOf(
      { versions: [versionOf("blue", { maxQueueWaitMs: 20_000 })] },
      { name: "single" },
    );
    const many = endpointOf({
      versions: [versionOf("blue", { maxConcurrentRequestsPerContainer: 20 })],
    });
    await router.serve(
      [many, single, keyed, open],
      [...sliceOf("blue", { a: one.address }), ...sliceOf("raw", { r: rawAddress })],
    );
  });

  const ask = (bytes: string, options = {}) => rawRequest(router.haproxy.httpPort, bytes, options);

  it("answers what is no HTTP, or too much of it, with a status and a code as JSON", async () => {
    const post = `POST ${SCORE} HTTP/1.1\r\nhost: a\r\n`;
    const many = Array.from({ length: 120 }, (_, index) => `h${index}: 1`);
    const answers: [string, string][] = [
      ["hello\r\n\r\n", "400 BadRequest"],
      ["\x16\x03\x01\x02\r\n\r\n", "400 BadRequest"],
      [`${post}${lines(...many)}\r\n`, "400 BadRequest"],
      [`${post}big: ${"x".repeat(20_000)}\r\n\r\n`, "431 HeaderTooLarge"],
      [request("GET", `${SCORE}?${"x".repeat(50_000)}`), "414 UriTooLong"],
      [request("GET", `${SCORE}/a b`), "400 BadRequest"],
      [`${post}content-length: x\r\n\r\n{}`, "400 BadRequest"],
      [`${post}content-length: -2\r\n\r\n{}`, "400 BadRequest"],
      [`${post}transfer-encoding: chunked\r\n\r\nzz\r\n`, "400 BadRequest"],
    ];
    for (const [bytes, expected] of answers) {
      const answer = await ask(bytes);
      assert.equal(codeOf(answer), expected, bytes.slice(0, 80));
      assert.match(headersOf(answer), /\ncontent-type: application\/json/);
    }
    assert.equal(one.seen.length, 0);
  });

  it("answers clients that stop sending: what it can't read, and what it answers itself", async () => {
    assert.equal(codeOf(await ask("", { ends: true })), "400 BadRequest");
    assert.equal(codeOf(await ask("GET / HTTP/1.1\r\nhos", { ends: true })), "400 BadRequest");
    assert.equal(codeOf(await ask(request("GET", "/x"), { ends: true })), "404 NotFound");
    assert.equal(codeOf(await ask(request("GET", "/"), { ends: true })), "200");
  });

  it("answers 405 with the methods that there are, where there is something", async () => {
    for (const method of ["PUT", "DELETE", "PATCH", "TRACE", "BREW"]) {
      const answer = await ask(request(method, SCORE));
      assert.equal(codeOf(answer), "405 MethodNotAllowed");
      assert.match(headersOf(answer), /\nallow: get, post, options/);
    }
    assert.match(
      await rawRequest(router.haproxy.httpPort, request("HEAD", SCORE, "connection: close")),
      /^HTTP\/1.1 405 /,
    );
    assert.equal(codeOf(await ask(request("PUT", "/x"))), "404 NotFound");
  });

  it("tells probes of / that it serves, and nothing else", async () => {
    const head = await ask(request("HEAD", "/"));
    assert.equal(await ask(request("GET", "/")), head);
    assert.equal(head, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    assert.equal(codeOf(await ask(request("POST", "/"))), "404 NotFound");
    await router.haproxy.socket.command(`del map ${MAPS.ready} ${READY_KEY}`);
    const leaving = await ask(request("GET", "/"));
    await router.haproxy.socket.command(`add map ${MAPS.ready} ${READY_KEY} 1`);
    assert.equal(leaving, "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n");
  });

  it("lets a browser's preflight through to the model without a key, and nothing else", async () => {
    raw.answer =
      "HTTP/1.1 204 No Content\r\naccess-control-allow-origin: https://model\r\ncontent-length: 0\r\n\r\n";
    const path = "/api/v1/service/keyed/score";
    const [origin, method] = ["origin: https://page", "access-control-request-method: POST"];
    const preflight = request("OPTIONS", path, origin, method);
    const answer = headersOf(await ask(preflight, { endsAt: "\r\n\r\n" }));
    assert.match(answer, /^http\/1.1 204 .*\naccess-control-allow-origin: https:\/\/model/s);
    assert.equal(raw.heads.length, 1);
    const others = [
      request("OPTIONS", path),
      request("OPTIONS", path, origin),
      request("OPTIONS", path, method),
      request("POST", path, origin, method),
      request("OPTIONS", path, origin, method, "connection: upgrade", "upgrade: custom"),
      `${request("OPTIONS", path, origin, method, "content-length: 2")}{}`,
      `${request("OPTIONS", path, origin, method, "transfer-encoding: chunked")}2\r\n{}\r\n0\r\n\r\n`,
    ];
    for (const bytes of others) assert.equal(codeOf(await ask(bytes)), "401 Unauthorized");
    assert.equal(raw.heads.length, 1);
  });

  it("lets the page that asked read the router's own errors, and leaves the model's answers alone", async () => {
    const origin = "origin: https://page";
    const own = [
      await ask(request("POST", "/api/v1/service/keyed/score", origin)),
      await ask(request("POST", "/api/v1/service/none/score", origin)),
      await ask(request("POST", SCORE, origin, "content-length: 104857601")),
      await ask(request("POST", `${SCORE}?as=close`, origin)),
    ];
    assert.deepEqual(
      own.map((answer) => codeOf(answer).slice(0, 3)),
      ["401", "404", "413", "502"],
    );
    for (const answer of own) {
      assert.match(headersOf(answer), /\naccess-control-allow-origin: https:\/\/page\r/);
      assert.match(headersOf(answer), /\nvary: origin/);
    }
    const models = [
      await ask(request("POST", "/api/v1/service/raw/score", origin)),
      await ask(request("POST", `${SCORE}?as=status500`, origin, "connection: close")),
      await ask(request("POST", "/api/v1/service/keyed/score")),
    ];
    for (const answer of models) assert.doesNotMatch(headersOf(answer), /access-control|vary/);
  });

  it("tells the model of the client, and believes no header of the client about it", async () => {
    const path = "/api/v1/service/raw/score";
    const forged = ["for", "proto", "host", "port", "prefix", "server"].map(
      (name) => `x-forwarded-${name}: forged`,
    );
    // To servers that know headers as variables (WSGI), a dash is an underscore.
    forged.push(...forged.map((line) => line.replaceAll("-", "_")), "x-forwarded_for: forged");
    const chunked = request(
      "POST",
      path,
      ...forged,
      "forwarded: for=forged",
      "transfer-encoding: chunked",
    );
    await ask(`${chunked}2\r\n{}\r\n0\r\nx-forwarded-for: forged\r\n\r\n`);
    const seen = raw.heads[0] ?? "";
    for (const [name, value] of [
      ["x-forwarded-for", "127.0.0.1"],
      ["x-forwarded-proto", "http"],
      ["x-forwarded-host", "score.example"],
      ["x-forwarded-port", "80"],
      ["x-forwarded-prefix", "/api/v1/service/raw"],
    ]) {
      assert.ok(seen.includes(`\r\n${name}: ${value}\r\n`), `${name}: ${seen}`);
    }
    assert.doesNotMatch(seen, /forged/);
  });

  it("keeps each connection's own headers on that connection, in both directions", async () => {
    raw.answer =
      "HTTP/1.1 200 OK\r\nconnection: keep-alive, x-mine, content-length\r\nx-mine: 1\r\nkeep-alive: timeout=5\r\n" +
      "proxy-connection: keep-alive\r\nupgrade: h2c\r\nx-kept: 1\r\ncontent-length: 2\r\n\r\nok";
    const path = "/api/v1/service/raw/score";
    const sent = ["connection: x-hop, keep-alive, host", "x-hop: 1", "keep-alive: 5", "te: gzip"];
    const answer = await ask(
      request("POST", path, ...sent, "proxy-connection: x", "upgrade: h2c", "x-kept: 1"),
    );
    const hops = /\n(connection|x-hop|x-mine|keep-alive|proxy-connection|te|upgrade):/;
    assert.doesNotMatch(raw.heads[0] ?? "", hops);
    assert.match(raw.heads[0] ?? "", /\nhost: score.example\r.*\nx-kept: 1\r/s);
    assert.doesNotMatch(headersOf(answer), hops);
    assert.match(headersOf(answer), /\nx-kept: 1\r/);
    assert.match(answer, /\r\n\r\nok$/);
    await ask(request("POST", path, "te: trailers"));
    assert.match(raw.heads[1] ?? "", /\nte: trailers\r/);
  });

  it("upgrades to a WebSocket", async () => {
    const accept = "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
    raw.answer = `HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n${accept}\r\n\r\nhello`;
    const answer = await ask(
      request(
        "GET",
        "/api/v1/service/raw/score",
        ...["connection: keep-alive, Upgrade, x-hop", "upgrade: websocket", "x-hop: 1"],
        ...["sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-version: 13"],
      ),
      { endsAt: "hello" },
    );
    assert.match(headersOf(answer), /^http\/1.1 101 .*\nupgrade: websocket\r/s);
    assert.match(answer, /hello$/);
    assert.match(raw.heads[0] ?? "", /\nconnection: upgrade\r/);
    assert.doesNotMatch(raw.heads[0] ?? "", /x-hop/);
  });

  /** A connection that has sent the head of an upload and a part of its body. */
  function upload(length: number, part: number, localAddress = "127.0.0.1") {
    const socket = connect({ port: router.haproxy.httpPort, host: "127.0.0.1", localAddress });
    socket.write(request("POST", "/api/v1/service/single/score", `content-length: ${length}`));
    socket.write("x".repeat(part));
    return { socket, answer: answerOn(socket) };
  }
  const heldBytes = async () => Number(await router.haproxy.socket.command("aml bodies"));

  it("takes no slot for an upload before it is complete, and cuts one that doesn't come", async () => {
    const crawling = upload(6_000_000, 5_000_000);
    const [complete, stuck] = [upload(6_000_000, 5_000_000), upload(100_000, 50_000)];
    await until(async () => (await heldBytes()) === 12_100_000);
    assert.equal((await router.send({ path: "/api/v1/service/single/score" })).status, 200);
    complete.socket.write("x".repeat(1_000_000));
    assert.match(await complete.answer, /^HTTP\/1.1 200 .*\{"length":6000000\}$/s);
    assert.equal(codeOf(await crawling.answer), "408 RequestTimeout");
    assert.equal(codeOf(await stuck.answer), "408 RequestTimeout");
    assert.equal(one.seen.length, 2);
    await until(async () => (await heldBytes()) === 0);
  });

  it("answers 413 for more than 100 MB also when they come in chunks, and takes the last byte", async () => {
    const chunk = `${(1024 * 1024).toString(16)}\r\n${"x".repeat(1024 * 1024)}\r\n`;
    const chunks = (count: number, last: string) =>
      ask(
        `${request("POST", SCORE, "transfer-encoding: chunked")}${chunk.repeat(count)}${last}0\r\n\r\n`,
      );
    assert.equal(codeOf(await chunks(100, "1\r\nx\r\n")), "413 PayloadTooLarge");
    assert.equal(one.seen.length, 0);
    assert.match(await chunks(100, ""), /\{"length":104857600\}/);
    await until(async () => (await heldBytes()) === 0);
  });

  it("refuses an upload that its memory can't hold, no other client's smaller one, and takes it when there is memory", async () => {
    const holding = upload(100_000_000, 1_000_000);
    await until(async () => (await heldBytes()) === 100_000_000);
    const refused = await upload(20_000_000, 1_000_000).answer;
    assert.equal(codeOf(refused), "503 TooManyUploads");
    assert.match(headersOf(refused), /\nretry-after: 10\r/);
    const ofAnother = await upload(200_000, 200_000, "127.0.0.2").answer;
    assert.match(ofAnother, /^HTTP\/1.1 200 /);
    holding.socket.destroy();
    await until(async () => (await heldBytes()) === 0);
    const accepted = upload(20_000_000, 20_000_000);
    assert.match(await accepted.answer, /\{"length":20000000\}$/);
  });
});

describe("the router's surface with a certificate and a trusted proxy on a real HAProxy", function () {
  this.timeout(60_000);
  let router: TestRouter;
  let directory: string;
  const raw = new RawReplica();
  const path = "/api/v1/service/churn/score?a=1";
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "aml-surface-"));
    const pair = await makePair("score.example", new Date("2100-01-01"));
    writeFileSync(join(directory, CERTIFICATE_FILE), pair.certificatePem);
    writeFileSync(join(directory, PRIVATE_KEY_FILE), pair.privateKeyPem);
  });
  setUpRouter(
    (started) => ({ router } = started),
    () => directory,
    { trustedProxies: ["192.0.2.0/24", "127.0.0.0/8"] },
  );
  let address: string;
  before(async () => {
    address = await raw.listen();
  });
  beforeEach(async () => {
    [raw.heads, raw.answer] = [[], OK];
    await router.serve([endpointOf()], sliceOf("blue", { r: address }));
  });
  after(() => {
    raw.close();
    rmSync(directory, { recursive: true });
  });

  const ask = (bytes: string) => rawRequest(router.haproxy.httpPort, bytes);

  it("redirects plain HTTP to HTTPS, but no probe, no check of a domain, and nothing that had TLS before", async () => {
    const head = headersOf(
      await ask(
        request("POST", path, "host: score.example:80").replace("host: score.example\r\n", ""),
      ),
    );
    assert.match(
      head,
      /^http\/1.1 308 .*\nlocation: https:\/\/score.example\/api\/v1\/service\/churn\/score\?a=1(\r|$)/s,
    );
    assert.equal(codeOf(await ask(request("GET", "/"))), "200");
    const challenge = request("GET", "/.well-known/acme-challenge/x");
    assert.equal(codeOf(await ask(challenge)), "404 NotFound");
    assert.equal(codeOf(await ask(`POST ${path} HTTP/1.0\r\n\r\n`)), "403 HttpsRequired");
    assert.equal(raw.heads.length, 0);
    assert.match(await ask(request("POST", path, "x-forwarded-proto: https")), /^HTTP\/1.1 200 /);
  });

  it("keeps what the trusted proxy says, and adds the proxy", async () => {
    await ask(
      request(
        "POST",
        path,
        ...["x-forwarded-for: 203.0.113.7", "x-forwarded-proto: https", "x-forwarded-host: front"],
        ...["x-forwarded-prefix: /ml", "forwarded: for=203.0.113.7"],
      ),
    );
    const seen = raw.heads[0] ?? "";
    for (const line of [
      "x-forwarded-for: 203.0.113.7, 127.0.0.1",
      "x-forwarded-proto: https",
      "x-forwarded-host: front",
      "x-forwarded-port: 443",
      "x-forwarded-prefix: /ml/api/v1/service/churn",
      "forwarded: for=203.0.113.7",
    ]) {
      assert.ok(seen.includes(`\r\n${line}\r\n`), `${line}: ${seen}`);
    }
  });

  it("says https to the model, over HTTP/2 as well, and answers there as over HTTP/1.1", async () => {
    const session = connectHttp2(`https://127.0.0.1:${router.haproxy.httpsPort}`, {
      rejectUnauthorized: false,
    });
    const status = async (method: string, target: string) => {
      const stream = session.request({ ":method": method, ":path": target });
      stream.end();
      const [headers] = (await once(stream, "response")) as [Record<string, string>];
      stream.resume();
      return Number(headers[":status"]);
    };
    assert.deepEqual(
      [await status("POST", path), await status("PUT", path), await status("GET", "/")],
      [200, 405, 200],
    );
    assert.match(raw.heads[0] ?? "", /\nx-forwarded-proto: https\r/);
    session.close();
  });
});
