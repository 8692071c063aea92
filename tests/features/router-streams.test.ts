// What holds for a request's slot after its response began: on a real HAProxy, counted in the model.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import * as fc from "fast-check";
import { MAPS, TABLES } from "../../serving/router/haproxy/core/names";
import { startReplica } from "../support/replica";
import { endpointOf, sliceOf, versionOf } from "../support/model-endpoints";
import { openClient, WEB_SOCKET_HEADERS } from "../support/raw-request";
import { setUpRouter } from "../support/set-up-router";
import { startStreamingModel, type StreamingModel } from "../support/streaming-model";
import { until, type TestRouter } from "../support/test-router";

describe("a stream on a real HAProxy", function () {
  this.timeout(120_000);
  let router: TestRouter;
  let model: StreamingModel;
  setUpRouter((started) => ({ router } = started));
  before(async () => {
    model = await startStreamingModel();
  });
  after(() => model.stop());
  beforeEach(async () => {
    model.reset();
    await serve();
  });
  afterEach(async () => {
    await until(() => model.computing() === 0, 5_000);
    await until(async () => (await limit()) === 2, 2_000);
    assert.deepEqual([(await router.send(score())).status, model.maximum()], [200, 1]);
  });

  const serve = (overrides: Parameters<typeof versionOf>[1] = {}, address = model.address) =>
    router.serve(
      [endpointOf({ versions: [versionOf("blue", { maxQueueWaitMs: 30_000, ...overrides })] })],
      sliceOf("blue", { a: address }),
    );
  const path = (query: string) => `/api/v1/service/churn/score?${query}`;
  const score = (query = "chunks=1") => ({ path: path(query) });
  const sample = () => router.samples.get("ns/churn")?.versions["blue"];
  const limit = () => router.haproxy.stat("o.ns.churn.blue", "in", "slim");

  const client = (query: string) =>
    openClient(
      router.haproxy.httpPort,
      `POST ${path(query)} HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}`,
    );
  const webSocket = () =>
    openClient(
      router.haproxy.httpPort,
      `GET ${path("")} HTTP/1.1\r\nhost: a\r\n${WEB_SOCKET_HEADERS}\r\n\r\n`,
    );

  for (const as of ["chunked", "length", "close"]) {
    it(`keeps its slot until the model is done when its client leaves in the middle (${as})`, async () => {
      const leaver = client(`as=${as}&chunks=20&every=50`);
      await until(() => leaver.received().includes("data:"));
      leaver.socket.destroy();
      const reply = await router.send(score());
      assert.deepEqual([reply.status, model.begun(), model.maximum()], [200, 2, 1]);
    });
  }

  it("is noticed after a thousand responses that were none, and the next one keeps its slot", async () => {
    const isPlain = async () =>
      (await router.haproxy.socket.command(`show map ${MAPS.plainPlaces}`)).includes(
        " ns.churn.blue ",
      );
    const whole = async (count: number) => {
      const replies = await Promise.all(
        Array.from({ length: count }, () => router.send(score("as=length&chunks=1"))),
      );
      assert.ok(replies.every(({ status }) => status === 200));
    };
    await serve({ maxConcurrentRequestsPerContainer: 5 });
    for (let round = 0; round < 99; round++) await whole(10);
    assert.equal(await isPlain(), false);
    await whole(10);
    assert.equal(await isPlain(), true);
    await serve();
    assert.equal(await isPlain(), true);
    const first = await router.send(score("chunks=3&every=50"));
    assert.deepEqual([first.status, await isPlain()], [200, false]);
    model.reset();
    const leaver = client("chunks=20&every=50");
    await until(() => leaver.received().includes("data:"));
    leaver.socket.destroy();
    assert.deepEqual([(await router.send(score())).status, model.maximum()], [200, 1]);
  });

  it("is not what comes as a header and a short body, however long the body takes", async () => {
    const readers = async () =>
      (await router.haproxy.socket.command(`show table ${TABLES.readers}`)).match(/key=\d+/g) ?? [];
    const before: readonly string[] = await readers();
    const whole = await router.send(score("as=length&chunks=1&gap=50"));
    assert.equal(whole.status, 200);
    model.reset();
    const leaver = client("as=length&chunks=1&gap=600");
    await until(() => model.computing() === 1);
    await sleep(100);
    leaver.socket.destroy();
    assert.deepEqual(
      [(await router.send(score("as=length&chunks=1"))).status, model.maximum()],
      [200, 1],
    );
    assert.deepEqual(
      (await readers()).filter((key) => !before.includes(key)),
      [],
    );
  });

  it("is looked for again when another replica comes", async () => {
    const replica = await startReplica();
    await serve({}, replica.address);
    for (let round = 0; round < 100; round++) {
      await Promise.all(Array.from({ length: 10 }, () => router.send(score("ms=0"))));
    }
    const map = () => router.haproxy.socket.command(`show map ${MAPS.plainPlaces}`);
    assert.match(await map(), / ns\.churn\.blue 1/);
    await serve();
    await until(async () => !(await map()).includes("churn"));
    await replica.stop();
  });

  it("keeps its slot while the model is silent after its first chunk, whether its client stays or leaves", async () => {
    await serve({ scoringTimeoutMs: 300, streamIdleTimeoutMs: 60_000 });
    const stays = client("chunks=1&every=1200");
    await until(() => stays.received().includes("data:"));
    assert.equal((await router.send(score())).status, 200);
    assert.match(stays.received(), /\r\n0\r\n\r\n$/);
    const leaves = client("chunks=1&every=1200");
    await until(() => leaves.received().includes("data:"));
    leaves.socket.destroy();
    assert.equal((await router.send(score())).status, 200);
    assert.equal(model.maximum(), 1);
  });

  it("is cut when it is idle for longer than its own bound, and only then", async () => {
    await serve({ scoringTimeoutMs: 200, streamIdleTimeoutMs: 1_000 });
    const talks = client("chunks=3&every=700");
    await until(() => talks.received().endsWith("0\r\n\r\n"));
    const silent = client("chunks=1&every=3000");
    await until(() => silent.socket.destroyed, 2_500);
    assert.equal(model.computing(), 1);
  });

  it("keeps its slot when the 504 came first, and the model streams to nobody", async () => {
    await serve({ scoringTimeoutMs: 200 });
    const late = await router.send(score("before=400&chunks=10&every=80"));
    assert.equal(late.status, 504);
    const next = await router.send(score());
    assert.deepEqual([next.status, model.maximum()], [200, 1]);
  });

  it("that has no end is ended some seconds after its client has left", async () => {
    await serve({ maxStreamSeconds: 1 });
    const leaver = client("chunks=60&every=50");
    await until(() => leaver.received().includes("data:"));
    leaver.socket.destroy();
    await sleep(500);
    assert.equal(await limit(), 1);
    await until(async () => (await limit()) === 2, 1_500);
    assert.equal(model.computing(), 1, "it would go on");
  });

  it("reaches its client chunk by chunk", async () => {
    const live = client("chunks=8&every=60");
    let reads = 0;
    live.socket.on("data", () => reads++);
    await until(() => live.received().endsWith("0\r\n\r\n"));
    assert.ok(reads >= 8, `${reads} reads of 8 chunks`);
  });

  it("of a WebSocket passes both ways, outlives silence, and gives its slot back with its end", async () => {
    await serve({ scoringTimeoutMs: 200, streamIdleTimeoutMs: 60_000 });
    const open = webSocket();
    await until(() => open.received().includes("101"));
    await sleep(600);
    open.socket.write("hello");
    await until(() => open.received().endsWith("hello"));
    const waiting = router.send(score());
    await until(() => router.samples.get("ns/churn")?.versions["blue"]?.queued === 1);
    open.socket.end();
    assert.equal((await waiting).status, 200);
  });

  it("of a WebSocket whose server ignores its client's end is cut when it is idle for too long", async () => {
    const ignoring = await startStreamingModel(true);
    await serve({ streamIdleTimeoutMs: 1_000 }, ignoring.address);
    const open = webSocket();
    await until(() => open.received().includes("101"));
    open.socket.destroy();
    await sleep(500);
    assert.equal(sample()?.inFlight, 1);
    await until(() => sample()?.inFlight === 0, 2_500);
    await serve();
    await ignoring.stop();
  });

  describe("whatever ends it, and when", () => {
    /** One request: what the model does, and what its client does. */
    interface Request {
      readonly as: "chunked" | "length" | "close" | "websocket";
      readonly before: number;
      readonly chunks: number;
      readonly every: number;
      /** Chunk after which the model breaks the connection; 0: never. */
      readonly cut: number;
      /** Milliseconds after which the client leaves; 0: it stays. */
      readonly leaves: number;
      readonly startsAfter: number;
    }
    const request = fc.record<Request>({
      as: fc.constantFrom("chunked", "chunked", "length", "close", "websocket"),
      before: fc.constantFrom(0, 0, 40, 250),
      chunks: fc.integer({ min: 1, max: 8 }),
      every: fc.constantFrom(1, 20, 60),
      cut: fc.constantFrom(0, 0, 0, 1, 3),
      leaves: fc.constantFrom(0, 0, 1, 30, 60, 120, 300),
      startsAfter: fc.integer({ min: 0, max: 60 }),
    });

    it("slots taken are requests that models compute", async () => {
      const limits = 2;
      await serve({
        maxConcurrentRequestsPerContainer: limits,
        scoringTimeoutMs: 200,
        maxQueueWaitMs: 20_000,
      });
      await fc.assert(
        fc.asyncProperty(fc.array(request, { minLength: 12, maxLength: 24 }), async (requests) => {
          model.reset();
          const wrong = watchSums();
          for (const each of requests) {
            send(each);
            await sleep(each.startsAfter);
          }
          await until(() => model.computing() === 0 && sample()?.queued === 0, 30_000);
          await until(() => sample()?.inFlight === 0, 1_000);
          assert.ok(model.maximum() <= limits, `${model.maximum()} at a time`);
          assert.ok((await wrong()) <= 1_000, `sums were wrong for ${await wrong()} ms`);
          await until(async () => (await limit()) === 1 + limits, 1_000);
        }),
        { numRuns: 12, endOnFailure: true },
      );
      await serve();
      model.reset();
    });

    /** Longest time in milliseconds for which the samples did not say what the model computes. */
    function watchSums() {
      let [longest, rightMs] = [0, performance.now()];
      const timer = setInterval(() => {
        const now = performance.now();
        if (sample()?.inFlight === model.computing()) rightMs = now;
        longest = Math.max(longest, now - rightMs);
      }, 10);
      return () => {
        clearInterval(timer);
        return Promise.resolve(longest);
      };
    }

    function send({ as, before, chunks, every, cut, leaves }: Request): void {
      const { socket } =
        as === "websocket"
          ? webSocket()
          : client(
              `as=${as}&before=${before}&chunks=${chunks}&every=${every}&cut=${cut === 0 ? -1 : cut}`,
            );
      if (as === "websocket") setTimeout(() => socket.end(), 100 + leaves);
      else if (leaves > 0) setTimeout(() => socket.destroy(), leaves);
      socket.setTimeout(20_000, () => socket.destroy());
    }
  });
});
