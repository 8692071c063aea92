// Who is let in by the metrics channel: callers on several loopback addresses against the real server.
import assert from "node:assert/strict";
import { type ClientRequest, request } from "node:http";
import { connect, type Socket } from "node:net";
import { SAMPLES_PATH } from "../../../../../contracts/metrics-channel/router-sample";
import {
  type RouterPod,
  serveSamples,
  type SamplesServer,
} from "../../../../../serving/autoscaler/load/io/samples-server";
import { freePort } from "../../../../support/free-port";
import { until } from "../../../../support/test-router";

const HERE = "127.0.0.2";
const ELSEWHERE = "127.0.0.3";

describe("serveSamples", function () {
  this.timeout(20_000);
  let port: number;
  let server: SamplesServer;
  let routers: Map<string, RouterPod>;
  let reviews: number;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    port = await freePort();
    reviews = 0;
    routers = new Map([
      ["fe-1", { uid: "1", addresses: [HERE] }],
      ["fe-2", { uid: "2", addresses: [ELSEWHERE] }],
    ]);
    server = await serveSamples({
      port,
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
  async function report(localAddress: string, token: string, router = token.split("/")[0]) {
    const outgoing: ClientRequest = request({
      ...{ host: "127.0.0.1", port, localAddress, method: "POST", path: SAMPLES_PATH },
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

  it("closes a connection that says nothing, soon", async () => {
    const socket = silent(HERE);
    await until(() => socket.closed, 8_000);
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
