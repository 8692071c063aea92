// Two routers, one of which owns a version: what passes between them, what doesn't, and what becomes of requests when one dies.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { PEER_FILES } from "../../serving/router/haproxy/core/haproxy-settings";
import { forwardBackend, PEER_ROLE } from "../../serving/router/haproxy/core/names";
import { endpointOf, sliceOf, versionOf } from "../support/model-endpoints";
import { makeAuthority } from "../support/peer-certificates";
import { startPeerRouters, type PeerRouters } from "../support/peer-routers";
import { openClient, WEB_SOCKET_HEADERS } from "../support/raw-request";
import { startReplica, type Replica } from "../support/replica";
import { startStreamingModel } from "../support/streaming-model";
import { until, type Reply, type TestRouter } from "../support/test-router";

const score = (ms: number, as = "ok") => `/api/v1/service/churn/score?ms=${ms}&as=${as}`;
const statuses = async (replies: readonly Promise<Reply>[]) =>
  (await Promise.all(replies)).map(({ status }) => status);

describe("a router that forwards to the owner", function () {
  this.timeout(120_000);
  let peers: PeerRouters;
  let replica: Replica;
  let [owner, forwarder]: TestRouter[] = [];
  let term = 0;

  beforeEach(async function () {
    this.timeout(300_000);
    [peers, replica] = await Promise.all([startPeerRouters(2), startReplica()]);
    [owner, forwarder] = peers.routers;
    await serve();
  });
  afterEach(async () => {
    await peers.stop();
    await replica.stop();
  });
  const view = (overrides = {}, address = replica.address) => ({
    endpoints: [
      endpointOf({ versions: [versionOf("blue", { maxQueueWaitMs: 10_000, ...overrides })] }),
    ],
    slices: sliceOf("blue", { a: address }),
    ...{ owner: 0, term },
  });
  /** Both learn that the first one owns the version. */
  const serve = async (...parameters: Parameters<typeof view>) => {
    term++;
    await peers.tell(0, view(...parameters));
    await peers.tell(1, view(...parameters));
  };
  const own = () => {
    assert.ok(owner);
    return owner;
  };
  const other = () => {
    assert.ok(forwarder);
    return forwarder;
  };
  /** The owner is killed, and the other one knows it. */
  const die = async () => {
    await own().haproxy.kill();
    const backend = forwardBackend(peers.addresses[0] ?? "");
    await until(async () =>
      (await other().haproxy.socket.command(`show servers state ${backend}`)).includes(
        " peer 127.0.0.1 0 ",
      ),
    );
  };
  const sample = (router: TestRouter) => router.samples.get("ns/churn")?.versions["blue"];

  it("gives the owner's answers, errors and headers as if the client had asked there", async () => {
    await serve({ scoringTimeoutMs: 300, maxQueueWaitMs: 400 });
    const seen = ({ status, body, headers }: Reply) => ({
      ...{ status, body, names: Object.keys(headers).sort() },
      fixed: [
        headers["azureml-model-deployment"],
        headers["x-ms-request-id"],
        headers["retry-after"],
        headers["ms-azureml-model-error-statuscode"],
      ],
    });
    const headers = {
      host: "models",
      "x-ms-request-id": "id-1",
      "x-aml-request": "1:forged",
      origin: "https://a",
    };
    for (const path of [score(10), score(5, "status500"), score(5, "status404"), score(900)]) {
      const replies = [];
      for (const router of [own(), other()]) {
        replies.push(seen(await router.send({ path, headers })));
        await until(() => replica.computing() === 0);
      }
      assert.deepEqual(replies[1], replies[0], path);
    }
    const busy = own().send({ path: score(250) });
    await until(() => replica.computing() === 1);
    await serve({ maxQueueWaitMs: 100 });
    const refused = await Promise.all(
      [own(), other()].map((router) => router.send({ path: score(5), headers })),
    );
    const [first, second] = refused.map(seen);
    assert.deepEqual(second, first);
    assert.equal(first?.status, 503);
    await busy;
    const [direct, forwarded] = replica.requests.slice(0, 2);
    assert.deepEqual(forwarded?.headers, direct?.headers, "the model sees the same request");
  });

  it("passes uploads, streams, WebSockets and clients that leave", async () => {
    const upload = await other().send({ path: score(5), body: "x".repeat(1_000_000) });
    assert.deepEqual([upload.status, upload.body], [200, '{"length":1000000}']);
    const leaver = other().send({ path: score(600), leaveAfterMs: 200 });
    await until(() => replica.computing() === 1);
    const waiting = other().send({
      path: score(5),
      leaveAfterMs: 200,
      headers: { "x-test": "gone" },
    });
    await Promise.all([leaver, waiting]);
    assert.equal((await other().send({ path: score(5) })).status, 200);
    assert.equal(replica.seen.includes("gone"), false, "it left the queue");
    assert.equal(replica.maximum(), 1);

    const model = await startStreamingModel();
    await serve({}, model.address);
    const ask = (query: string, more = "content-length: 2\r\n\r\n{}", method = "POST") =>
      openClient(
        other().haproxy.httpPort,
        `${method} /api/v1/service/churn/score?${query} HTTP/1.1\r\nhost: a\r\n${more}`,
      );
    const stream = ask("chunks=5&every=100");
    await until(() => stream.received().includes("data:"));
    assert.equal(stream.received().endsWith("0\r\n\r\n"), false, "chunks come as they are made");
    await until(() => stream.received().endsWith("0\r\n\r\n"));
    const left = ask("chunks=10&every=100");
    await until(() => left.received().includes("data:"));
    left.socket.destroy();
    const next = await other().send({ path: "/api/v1/service/churn/score?chunks=1" });
    assert.deepEqual([next.status, model.maximum()], [200, 1]);
    const webSocket = ask("", `${WEB_SOCKET_HEADERS}\r\n\r\n`, "GET");
    await until(() => webSocket.received().includes("101 Switching Protocols"));
    webSocket.socket.destroy();
    await until(() => model.computing() === 0, 5_000);
    const expecting = ask("chunks=1", "expect: 100-continue\r\ncontent-length: 2\r\n\r\n");
    await until(() => expecting.received().includes(" 100 "));
    expecting.socket.write("{}");
    await until(() => expecting.received().includes(" 200 OK"));
    expecting.socket.destroy();
    stream.socket.destroy();
    await model.stop();
  });

  it("counts a request where its version is owned, and what waits for a dead owner where it waits", async () => {
    const busy = [1, 2, 3].map(() => other().send({ path: score(400) }));
    await until(() => sample(own())?.queued === 2 && sample(own())?.inFlight === 1);
    await until(() => sample(other()) !== undefined);
    assert.deepEqual([sample(other())?.queued, sample(other())?.inFlight], [0, 0]);
    await Promise.all(busy);
    assert.deepEqual([sample(own())?.arrivals, sample(other())?.arrivals], [3, 0]);
    await die();
    const held = [1, 2].map(() => other().send({ path: score(5) }));
    await until(() => sample(other())?.queued === 2);
    term++;
    await peers.tell(1, { ...view(), owner: 1 });
    assert.deepEqual(await statuses(held), [200, 200]);
    await until(() => sample(other())?.queued === 0);
  });

  it("holds what waits when the owner dies, fails what the owner had, and sends nothing twice", async () => {
    const send = (name: string, ms: number, body = "{}") =>
      other().send({ path: score(ms), headers: { "x-test": name }, body });
    const large = "x".repeat(1_000_000);
    await Promise.all([1, 2, 3].map(() => send("before", 5)));
    const had = [send("had 1", 500), send("had 2", 5), send("had 3", 5, large)];
    await until(() => sample(own())?.queued === 2);
    await die();
    const after: Promise<Reply>[] = [];
    for (const name of ["after 1", "after 2", "after 3"]) {
      after.push(send(name, 5, name === "after 2" ? large : "{}"));
      await sleep(200);
    }
    const impatient = other().send({
      ...{ path: score(5), headers: { "x-test": "impatient" }, leaveAfterMs: 200 },
    });
    assert.deepEqual(await statuses(had), [502, 502, 502]);
    await impatient;
    // HAProxy sees that it has left: both layers, one after the other.
    await sleep(500);
    term++;
    await peers.tell(1, { ...view(), owner: 1 });
    assert.deepEqual(await statuses(after), [200, 200, 200]);
    assert.equal((await send("new", 5)).status, 200);
    const names = replica.seen.filter((name) => name !== "before");
    assert.equal(names[0], "had 1");
    assert.deepEqual(new Set(names), new Set(["had 1", "after 1", "after 2", "after 3", "new"]));
    assert.equal(names.length, 5, "none was sent twice");
  });

  it("serves again when the dead owner is back, and when the owner ends one request", async () => {
    await own().haproxy.restart();
    const held = [1, 2, 3].map(() => other().send({ path: score(5) }));
    own().agent().trigger();
    assert.deepEqual(await statuses(held), [200, 200, 200]);
    const doomed = other().send({ path: score(800), headers: { "x-test": "doomed" } });
    await until(() => replica.computing() === 1);
    const sessions = await own().haproxy.socket.command("show sess");
    const id = /^(0x\w+): .*fe=peer /m.exec(sessions)?.[1];
    await own().haproxy.socket.command(`shutdown session ${id}`);
    assert.equal((await doomed).status, 502);
    assert.equal(replica.seen.filter((name) => name === "doomed").length, 1);
  });

  it("bounds the wait at both routers together", async () => {
    await serve({ maxQueueWaitMs: 2_500 });
    await die();
    await until(async () => (await other().haproxy.socket.command("show stat")).includes("DOWN"));
    const held = other().send({ path: score(5) });
    const unserved = other().send({ path: score(5), headers: { "x-test": "never" } });
    await sleep(1_500);
    const doomed = await startReplica();
    await doomed.stop();
    term++;
    await peers.tell(1, { ...view({ maxQueueWaitMs: 2_500 }, doomed.address), owner: 1 });
    for (const reply of await Promise.all([held, unserved])) {
      assert.equal(reply.status, 503);
      assert.match(reply.body, /"code":"NoReadyReplica"/);
      assert.ok(reply.tookMs > 2_300 && reply.tookMs < 4_000, `${reply.tookMs} ms`);
    }
  });

  it("is known to an agent that starts again", async () => {
    await other().stopAgent();
    other().startAgent();
    await peers.tell(1, view());
    assert.deepEqual(other().logged("failed"), []);
    assert.equal((await other().send({ path: score(5) })).status, 200);
    const before = other().agent().loop.last?.live;
    assert.equal(before?.peers.size, 1);
    // A router that is gone is forgotten, backend and all.
    term++;
    await other().serve(view().endpoints, view().slices, {
      owners: { peers: new Set(), of: () => ({ term }) },
    });
    await until(() => other().agent().loop.last?.live.peers.size === 0, 10_000);
    const backends = await other().haproxy.socket.command("show backend");
    assert.equal(backends.includes(forwardBackend(peers.addresses[0] ?? "")), false);
    assert.equal((await other().send({ path: score(5) })).status, 200);
  });

  it("forgets a version that is removed, forwarded or not, and serves it when it is back", async () => {
    assert.equal((await other().send({ path: score(5) })).status, 200);
    for (const each of [0, 1]) await peers.tell(each, { ...view(), endpoints: [], slices: [] });
    for (const router of [own(), other()])
      await until(async () => !(await router.haproxy.socket.command("aml show")).includes("churn"));
    await serve();
    assert.equal((await other().send({ path: score(5) })).status, 200);
  });

  describe("its port for the others", () => {
    /** What comes back from the first router's peer port, or "" when there was nothing. */
    async function ask(directory: string | undefined, request: string): Promise<string> {
      const [host, port] = (peers.addresses[0] ?? "").split(":");
      const read = (file: string) => readFileSync(join(directory ?? "", file));
      const pair =
        directory === undefined
          ? {}
          : { cert: read(PEER_FILES.certificate), key: read(PEER_FILES.key) };
      const socket = connect({
        ...{ host, port: Number(port) },
        ...pair,
        rejectUnauthorized: false,
      });
      let received = "";
      socket.on("error", () => socket.destroy());
      socket.setEncoding("latin1").on("data", (data: string) => (received += data));
      socket.on("secureConnect", () => socket.write(request));
      setTimeout(() => socket.destroy(), 3_000);
      await new Promise((resolve) => socket.once("close", resolve));
      return received;
    }
    const forged = (header: string) =>
      `POST ${score(5)} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${header}content-length: 2\r\n\r\n{}`;
    const valid = () =>
      `x-aml-request: 1:ns.churn.blue:500:60000:300000:120:${Date.now() + 500}:9\r\n`;

    it("takes nothing from anybody without a router's certificate", async () => {
      const foreign = await (await makeAuthority()).issue(PEER_ROLE);
      const otherRole = await peers.authority.issue("aml-inference-autoscaler");
      for (const directory of [undefined, foreign, otherRole])
        assert.equal(await ask(directory, forged(valid())), "");
      assert.equal(replica.requests.length, 0);
      assert.match(await ask(peers.directory, forged(valid())), /^HTTP\/1.1 200 /);
    });

    it("refuses what is no forwarded request, or of a version that nobody knows", async () => {
      for (const header of [
        "",
        "x-aml-request: \r\n",
        "x-aml-request: 1:ns.churn.blue\r\n",
        "x-aml-request: 1:a:b:c:d:e:f:g\r\n",
        valid().replace("churn", "other"),
        valid().replace("ns.", "foreign."),
      ])
        assert.match(await ask(peers.directory, forged(header)), /^HTTP\/1.1 503 /, header);
      assert.equal(replica.requests.length, 0);
    });

    it("lets no request go in a circle when each router takes the other for the owner", async () => {
      term++;
      await peers.tell(0, { ...view({ maxQueueWaitMs: 1_000 }), owner: 1 });
      await peers.tell(1, { ...view({ maxQueueWaitMs: 1_000 }), owner: 0 });
      const replies = await Promise.all(
        [own(), other()].map((each) => each.send({ path: score(5) })),
      );
      assert.deepEqual(
        replies.map(({ status }) => status),
        [503, 503],
      );
      for (const [index, router] of [own(), other()].entries()) {
        const backend = forwardBackend(peers.addresses[1 - index] ?? "");
        assert.equal(await router.haproxy.stat(backend, "peer", "stot"), 1);
      }
      // A later term ends it: what still waits is served.
      const held = own().send({ path: score(5) });
      term++;
      await peers.tell(1, { ...view(), owner: 1 });
      await peers.tell(0, { ...view(), owner: 1 });
      assert.equal((await held).status, 200);
    });
  });
});
