// No slot is lost or given twice, whatever way a request ends: on a real HAProxy, counted in the replica.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { MAPS } from "../../serving/router/haproxy/core/names";
import { endpointOf, sliceOf, versionOf } from "../support/model-endpoints";
import { answerOn, codeOf } from "../support/raw-request";
import { startReplica, type Replica } from "../support/replica";
import { setUpRouter } from "../support/set-up-router";
import { until, type TestRouter } from "../support/test-router";

// Without the streams' filter from the first response on, and with it.
for (const completeResponses of [1, 1_000_000])
  describe(`a replica's slot on a real HAProxy, after ${completeResponses} complete responses`, function () {
    this.timeout(60_000);
    let router: TestRouter;
    let replica: Replica;
    const version = "ns.churn.blue";
    const strict = (overrides = {}) =>
      endpointOf({ versions: [versionOf("blue", { maxQueueWaitMs: 4_000, ...overrides })] });

    setUpRouter((started) => ({ router, one: replica } = started), undefined, {
      completeResponses,
    });
    beforeEach(async () => {
      await router.serve([strict()], sliceOf("blue", { a: replica.address }));
      assert.equal((await router.send()).status, 200);
      replica.reset();
      const plain = await command(`show map ${MAPS.plainPlaces}`);
      assert.equal(plain.includes(version), completeResponses === 1);
    });
    afterEach(async () => {
      // After every story: nothing is counted that is over, one request goes through at a time, and it does.
      await until(async () => (await limit()) === 2, 3_000);
      await router.serve([strict()], sliceOf("blue", { a: replica.address }));
      const replies = await Promise.all([1, 2, 3].map(() => router.send({ path: score(20) })));
      assert.deepEqual(
        replies.map(({ status }) => status),
        [200, 200, 200],
      );
      assert.equal(replica.maximum(), 1);
    });

    const score = (ms: number) => `/api/v1/service/churn/score?ms=${ms}`;
    const command = (text: string) => router.haproxy.socket.command(text);
    /** What the outer server lets through: the plug and the free or taken slots. */
    const limit = () => router.haproxy.stat(`o.${version}`, "in", "slim");

    /** Sends the text on a connection of its own. */
    function raw(text: string) {
      const socket = connect(router.haproxy.httpPort, "127.0.0.1");
      socket.on("error", () => undefined).write(text);
      return socket;
    }
    const head = (length: number, path = score(10)) =>
      `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

    it("is not taken by an upload that does not come", async () => {
      const connections = () => router.haproxy.stat("public", "FRONTEND", "scur");
      const before = await connections();
      const slow = raw(`${head(100_000)}${"x".repeat(50_000)}`);
      await until(async () => (await connections()) > before);
      const reply = await router.send();
      assert.deepEqual([reply.status, replica.maximum()], [200, 1]);
      slow.destroy();
    });

    it("stays taken when a client leaves its request at the model", async () => {
      const leaver = raw(`${head(2, score(700))}{}`);
      await until(() => replica.computing() === 1);
      leaver.destroy();
      await until(async () => (await limit()) === 1);
      const reply = await router.send();
      assert.equal(reply.status, 200);
      assert.equal(replica.maximum(), 1);
    });

    it("stays taken when a client ends its sending side, and the client is told", async () => {
      const half = raw(`${head(2, score(700))}{}`);
      const answer = answerOn(half);
      await until(() => replica.computing() === 1);
      half.end();
      assert.equal(codeOf(await answer), "400 BadRequest");
      await until(async () => (await limit()) === 1);
      assert.deepEqual([(await router.send()).status, replica.maximum()], [200, 1]);
    });

    it("comes back when the model answers in the instant of the 504", async () => {
      await router.serve(
        [strict({ scoringTimeoutMs: 100 })],
        sliceOf("blue", { a: replica.address }),
      );
      const statuses = new Set<number>();
      for (let ms = 92; ms <= 104; ms++) {
        for (let again = 0; again < 3; again++) {
          statuses.add((await router.send({ path: score(ms) })).status);
        }
      }
      assert.deepEqual([...statuses].sort(), [200, 504]);
    });

    it("comes back when the model breaks the connection, also for a client that has left", async () => {
      const broken = await router.send({ path: "/api/v1/service/churn/score?ms=20&as=close" });
      assert.equal(broken.status, 502);
      const leaver = raw(`${head(2, "/api/v1/service/churn/score?ms=300&as=close")}{}`);
      await until(() => replica.computing() === 1);
      leaver.destroy();
      await until(() => replica.computing() === 0);
    });

    it("comes back when the replica is gone with the request", async () => {
      const doomed = await startReplica();
      await router.serve([strict()], sliceOf("blue", { doomed: doomed.address }));
      const waiting = router.send({ path: score(5_000) });
      await until(() => doomed.computing() === 1);
      await router.serve([strict()], sliceOf("blue", { a: replica.address }));
      await doomed.stop();
      assert.equal((await waiting).status, 502);
    });

    it("is counted again by the check when no response told", async () => {
      // A request that ends inside the inner layer without an answer to anybody.
      const leaver = raw(`${head(2, score(3_000))}{}`);
      await until(() => replica.computing() === 1);
      leaver.destroy();
      await until(async () => (await limit()) === 1);
      await command(`shutdown sessions server i.${version}/a`);
      await until(async () => (await limit()) === 2, 1_500);
      await until(() => replica.computing() === 0);
    });

    it("comes back with the plug when HAProxy's own request was ended", async () => {
      await command(`shutdown sessions server o.${version}/in`);
      await until(async () =>
        (await command("aml show")).includes(`outer ${version} server=1 plug=1`),
      );
    });

    it("is not doubled by a version that leaves and comes back", async () => {
      for (let again = 0; again < 3; again++) {
        await router.serve([], []);
        await router.serve([strict()], sliceOf("blue", { a: replica.address }));
      }
      assert.equal(await router.haproxy.stat(`o.${version}`, "in", "scur"), 1, "one plug");
    });

    it("is waited for in the queue while the only replica refuses connections, however long that is", async () => {
      const restarting = await startReplica();
      const port = Number(restarting.address.split(":")[1]);
      await restarting.stop();
      await router.serve([strict()], sliceOf("blue", { a: restarting.address }));
      const waiting = [1, 2, 3].map((each) =>
        router.send({ path: score(20), headers: { "x-test": String(each) } }),
      );
      const impatient = router.send({ path: score(20), leaveAfterMs: 500 });
      await sleep(1_500);
      // Each of them is between two tries for a moment, five times a second.
      await until(() => router.samples.get("ns/churn")?.versions["blue"]?.queued === 3);
      const back = await startReplica(port);
      const replies = await Promise.all(waiting);
      assert.deepEqual(
        replies.map(({ status }) => status),
        [200, 200, 200],
      );
      assert.deepEqual([back.seen.length, back.maximum(), (await impatient).status], [3, 1, 0]);
      await router.serve([strict({ maxQueueWaitMs: 700 })], sliceOf("blue", { a: back.address }));
      await back.stop();
      const refused = await router.send();
      assert.equal(refused.status, 503);
      assert.match(refused.body, /"code":"NoReadyReplica"/);
      assert.ok(refused.tookMs > 650, `${refused.tookMs} ms`);
      await router.serve([strict()], sliceOf("blue", { b: replica.address }));
    });

    it("is not given twice to a request that broke in the model, however long it waits for the answer", async () => {
      const crashing = await startReplica();
      const port = Number(crashing.address.split(":")[1]);
      const patient = strict({ maxQueueWaitMs: 30_000 });
      await router.serve([patient], sliceOf("blue", { a: crashing.address }));
      await router.send();
      const broken = router.send({ path: score(60_000), headers: { "x-test": "broken" } });
      await until(() => crashing.computing() === 1);
      const next = router.send({ path: score(20), headers: { "x-test": "next" } });
      await until(() => router.samples.get("ns/churn")?.versions["blue"]?.queued === 1);
      await crashing.stop();
      await sleep(4_000);
      const back = await startReplica(port);
      assert.equal((await next).status, 200);
      assert.equal((await broken).status, 502);
      assert.deepEqual(back.seen, ["next"]);
      await router.serve([strict()], sliceOf("blue", { b: replica.address }));
      await back.stop();
    });
  });
