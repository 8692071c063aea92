// Who is let in by the metrics channel: callers on several loopback addresses against the real server.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { type ClientRequest, request as requestPlainly } from "node:http";
import { request } from "node:https";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectSecurely, type ConnectionOptions, type TLSSocket } from "node:tls";
import { SAMPLES_PATH } from "../../../../../contracts/metrics-channel/router-sample";
import {
  type RouterPod,
  serveSamples,
  type SamplesServer,
} from "../../../../../serving/autoscaler/load/io/samples-server";
import {
  type Authority,
  makeAuthority,
  makeMountFolder,
  mountFiles,
  type SecretFiles,
} from "../../../../support/internal-tls";
import { freePort } from "../../../../support/free-port";
import { until } from "../../../../support/test-router";

const HERE = "127.0.0.2";
const ELSEWHERE = "127.0.0.3";
const SERVER_NAME = "aml-inference-autoscaler.fe.svc";
const CLIENT_NAME = "aml-inference-router.fe.svc";

/** Of a client with the files of a Secret. */
const secureOptions = (files: SecretFiles) => ({
  ...{ ca: files["ca.crt"], cert: files["tls.crt"], key: files["tls.key"] },
  servername: SERVER_NAME,
});

describe("serveSamples", function () {
  this.timeout(20_000);
  let port: number;
  let server: SamplesServer;
  let routers: Map<string, RouterPod>;
  let reviews: number;
  let authority: Authority;
  let directory: string;
  let own: SecretFiles;
  const sockets: Socket[] = [];

  before(async () => {
    authority = await makeAuthority();
    own = await authority.router("fe");
    directory = makeMountFolder();
    mountFiles(directory, await authority.autoscaler("fe"));
  });
  after(() => rmSync(directory, { recursive: true }));
  beforeEach(async () => {
    port = await freePort();
    reviews = 0;
    routers = new Map([
      ["fe-1", { uid: "1", addresses: [HERE] }],
      ["fe-2", { uid: "2", addresses: [ELSEWHERE] }],
    ]);
    server = await serveSamples({
      port,
      tlsDirectory: directory,
      clientName: CLIENT_NAME,
      authenticate: (token) => {
        reviews++;
        const [name = "", uid = ""] = token.split("/");
        return Promise.resolve({ ok: true, pod: { name, uid } });
      },
      routers: () => routers,
      monotonicMs: () => performance.now(),
    });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.close();
  });

  /** The status, 0 for a connection that was closed without an answer. */
  async function report(
    localAddress: string,
    token: string,
    router = token.split("/")[0],
    files = own,
  ) {
    const outgoing: ClientRequest = request({
      ...{ host: "127.0.0.1", port, localAddress, method: "POST", path: SAMPLES_PATH },
      ...{ ...secureOptions(files), agent: false },
      headers: { authorization: `Bearer ${token}` },
    });
    outgoing.on("socket", (socket) => sockets.push(socket)).on("error", () => undefined);
    const line = { router, sequence: 0, full: true, endpoints: {} };
    outgoing.write(`${JSON.stringify(line)}\n`);
    let isOver = false;
    const status = await new Promise<number>((resolve) => {
      outgoing.once("close", () => resolve(0));
      outgoing.once("response", (response) => {
        resolve(response.statusCode ?? 0);
        response.resume().once("close", () => (isOver = true));
      });
    });
    return { status, outgoing, line, isOver: () => isOver };
  }
  const silent = (localAddress: string) => {
    const socket = connect({ host: "127.0.0.1", port, localAddress });
    sockets.push(socket.on("error", () => undefined).resume());
    return socket;
  };

  /** A connection after a router's handshake that sends nothing. */
  const shake = (options: ConnectionOptions = {}): TLSSocket => {
    const where = { host: "127.0.0.1", port, localAddress: HERE };
    const socket = connectSecurely({ ...where, ...secureOptions(own), ...options });
    sockets.push(socket.on("error", () => undefined).resume());
    return socket;
  };

  it("closes what comes from no router, without asking about its token", async () => {
    assert.equal((await report("127.0.0.1", "fe-1/1")).status, 0);
    assert.equal(reviews, 0);
  });

  it("lets a token speak from its own pod's address only, and for that pod only", async () => {
    assert.equal((await report(ELSEWHERE, "fe-1/1")).status, 401);
    assert.equal((await report(HERE, "fe-1/of-its-predecessor")).status, 401);
    assert.equal((await report(HERE, "fe-1/1")).status, 200);
    await until(() => server.views.has("fe-1"));
    const forged = await report(HERE, "fe-1/1", "fe-2");
    await until(forged.isOver);
    assert.ok(!server.views.has("fe-2"));
  });

  it("has a place for each router, however many others hold connections", async () => {
    const strangers = Array.from({ length: 520 }, () => silent("127.0.0.1"));
    await until(() => strangers.every(({ closed }) => closed));
    // As from a router whose agent opens and forgets them.
    const forgotten = Array.from({ length: 40 }, () => silent(HERE));
    await until(() => forgotten.filter(({ closed }) => !closed).length <= 4);
    assert.equal((await report(HERE, "fe-1/1")).status, 200);
    for (let again = 0; again < 10; again++) silent(HERE);
    assert.equal((await report(ELSEWHERE, "fe-2/2")).status, 200);
    await until(() => server.views.size === 2);
  });

  it("closes a connection that says nothing, soon, before its handshake and after", async () => {
    const [before, after] = [silent(HERE), shake()];
    await until(() => before.closed && after.closed, 8_000);
  });

  it("closes a connection whose handshake comes byte by byte, and has a place meanwhile", async () => {
    const slow = [HERE, HERE].map(silent);
    // The head of a record of 16 kB, which isn't complete for hours.
    for (const socket of slow) socket.write(Buffer.from([22, 3, 1, 64, 0, 1]));
    const dripping = setInterval(() => {
      for (const socket of slow) if (!socket.destroyed) socket.write(Buffer.from([0]));
    }, 500);
    assert.equal((await report(HERE, "fe-1/1")).status, 200);
    await until(() => slow.every(({ closed }) => closed), 18_000);
    clearInterval(dripping);
  });

  it("takes its own authority's routers only, whatever their tokens", async () => {
    const others = {
      "no certificate": { "ca.crt": own["ca.crt"] ?? "" },
      "another authority's": {
        ...(await (await makeAuthority()).router("fe")),
        "ca.crt": own["ca.crt"] ?? "",
      },
      "the autoscaler's own": await authority.autoscaler("fe"),
      "an expired one": await authority.router("fe", new Date("2026-01-02")),
    };
    for (const [which, files] of Object.entries(others)) {
      assert.equal((await report(HERE, "fe-1/1", "fe-1", files)).status, 0, which);
    }
    const named = {
      "another namespace's": await authority.router("other"),
      "another role's": await authority.issue(SERVER_NAME, ["clientAuth"]),
    };
    for (const [which, files] of Object.entries(named)) {
      assert.equal((await report(HERE, "fe-1/1", "fe-1", files)).status, 401, which);
    }
    assert.equal(reviews, 0);
    assert.equal((await report(HERE, "fe-1/1")).status, 200);
  });

  it("answers nothing over plain HTTP, and nothing below TLS 1.3", async () => {
    const plain = await new Promise<string>((resolve) => {
      const outgoing = requestPlainly({
        ...{ host: "127.0.0.1", port, localAddress: HERE, method: "POST", path: SAMPLES_PATH },
        headers: { authorization: "Bearer fe-1/1" },
      });
      outgoing.on("response", ({ statusCode }) => resolve(String(statusCode)));
      outgoing.on("error", ({ message }) => resolve(message));
      outgoing.end();
    });
    assert.match(plain, /socket hang up|ECONNRESET|Parse Error/);
    const old = shake({ maxVersion: "TLSv1.2" });
    await until(() => old.closed);
    assert.equal(old.getProtocol(), null);
    assert.equal(reviews, 0);
  });

  it("resumes no session: each connection shows its certificate", async () => {
    const sessions: Buffer[] = [];
    const first = shake().on("session", (session) => sessions.push(session));
    await until(() => first.closed, 8_000);
    for (const session of sessions) {
      const again = shake({ session });
      await until(() => again.getProtocol() !== null);
      assert.ok(!again.isSessionReused());
    }
    const anonymous = sessions.map((session) => shake({ session, cert: "", key: "" }));
    await until(() => anonymous.every(({ closed }) => closed), 3_000);
  });

  it("ends at once, though somebody is in a handshake", async () => {
    silent(HERE);
    await sleep(50);
    const startedMs = performance.now();
    await server.close();
    assert.ok(performance.now() - startedMs < 3_000);
    server = { ...server, close: () => Promise.resolve() };
  });

  it("hears no more of a pod that is gone, whatever its connection says", async () => {
    const { status, outgoing, line, isOver } = await report(HERE, "fe-1/1");
    assert.equal(status, 200);
    routers.set("fe-1", { uid: "its successor", addresses: [HERE] });
    server.forget("fe-1");
    outgoing.write(`${JSON.stringify({ ...line, sequence: 1 })}\n`);
    await until(isOver);
    assert.ok(!server.views.has("fe-1"));
  });
});
