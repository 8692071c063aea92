// The router on a real HAProxy while everything about it changes: replicas, versions, the agent, HAProxy itself.
import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DRAIN_FILES } from "../../contracts/pods/router-environment";
import type { EndpointVersion } from "../../contracts/model-endpoint/model-endpoint";
import { countRequests } from "../../serving/router/drain/io/count-requests";
import { DrainFiles } from "../../serving/router/drain/io/drain-files";
import { drainOnRequest } from "../../serving/router/drain/io/drain-on-request";
import { digestOf, endpointOf, sliceOf, versionOf } from "../support/model-endpoints";
import type { Replica } from "../support/replica";
import { setUpRouter } from "../support/set-up-router";
import { until, type TestRouter } from "../support/test-router";

describe("the router while it is changed", function () {
  this.timeout(60_000);
  let router: TestRouter;
  let one: Replica;
  let two: Replica;

  setUpRouter((started) => ({ router, one, two } = started));

  it("cuts no request of a replica that leaves, and counts it until it is done", async () => {
    const patient = endpointOf({ versions: [versionOf("blue", { maxQueueWaitMs: 5_000 })] });
    await router.serve([patient], sliceOf("blue", { a: one.address, b: two.address }));
    const slow = Promise.all(
      Array.from({ length: 2 }, () => router.send({ path: "/api/v1/service/churn/score?ms=800" })),
    );
    await until(() => one.computing() + two.computing() === 2);
    await router.serve([patient], sliceOf("blue", { a: one.address, b: undefined }));
    const version = () => router.samples.get("ns/churn")?.versions["blue"];
    await until(() => version()?.draining["b"] === 1);
    assert.deepEqual([version()?.slots, version()?.inFlight], [1, 2]);
    // The replica that stays takes the next request as soon as its own is done.
    const next = router.send();
    assert.deepEqual(
      (await slow).map(({ status }) => status),
      [200, 200],
    );
    assert.equal((await next).status, 200);
    await until(() => version()?.draining["b"] === 0);
    assert.deepEqual([one.maximum(), two.maximum()], [1, 1]);
    two.reset();
    await Promise.all(Array.from({ length: 5 }, () => router.send()));
    assert.equal(two.seen.length, 0);
    await until(async () => !(await router.haproxy.socket.command("aml show")).includes(" b "));
  });

  it("lets the other replica work on while a leaving one computes its last request", async () => {
    await router.serve([endpointOf()], sliceOf("blue", { a: one.address, b: two.address }));
    const slow = router.send({ path: "/api/v1/service/churn/score?ms=1500" });
    await until(() => one.computing() + two.computing() === 1);
    const busy = one.computing() === 1 ? "a" : "b";
    await router.serve(
      [endpointOf()],
      sliceOf("blue", { a: one.address, b: two.address, [busy]: undefined }),
    );
    for (let index = 0; index < 5; index++) {
      const reply = await router.send();
      assert.equal(reply.status, 200);
      assert.ok(reply.tookMs < 400, `${reply.tookMs} ms`);
    }
    assert.equal((await slow).status, 200);
    assert.deepEqual([one.maximum(), two.maximum()], [1, 1]);
  });

  it("exceeds no limit and forgets no slot while replicas come and go and clients leave", async () => {
    const limit = 2;
    const strict = endpointOf({
      versions: [
        versionOf("blue", {
          maxConcurrentRequestsPerContainer: limit,
          scoringTimeoutMs: 250,
          maxQueueWaitMs: 40_000,
        }),
      ],
    });
    const pods = (a: boolean, b: boolean) =>
      sliceOf("blue", { a: a ? one.address : undefined, b: b ? two.address : undefined });
    await router.serve([strict], pods(true, true));
    const statuses: number[] = [];
    const pending: Promise<unknown>[] = [];
    let none = false;
    for (let index = 0; index < 600; index++) {
      const ms = Math.random() < 0.05 ? 500 : 10 + Math.random() * 30;
      const leaves = Math.random() < 0.2;
      const sent = router.send({
        path: `/api/v1/service/churn/score?ms=${Math.round(ms)}`,
        ...(leaves ? { leaveAfterMs: Math.random() * 100 } : {}),
      });
      pending.push(sent.then(({ status }) => statuses.push(status)));
      if (index % 15 === 0) {
        const [a, b] = [Math.random() < 0.7, Math.random() < 0.7];
        // None at all for 0.2 s at most: the request between the layers has half a second.
        await router.serve([strict], a || b || none ? pods(a || none, b) : pods(false, false));
        none = !(a || b || none);
      }
      await sleep(12);
    }
    await router.serve([strict], pods(true, true));
    await Promise.all(pending);
    assert.ok(
      one.maximum() <= limit && two.maximum() <= limit,
      `${one.maximum()} ${two.maximum()}`,
    );
    // 0: the client left. No 502 and no 503: whatever was sent was answered, or timed out at its model.
    assert.deepEqual(new Set(statuses), new Set([200, 504, 0]));
    const { socket } = router.haproxy;
    await until(async () => !(await socket.command("aml load")).includes("orphans"));
    one.reset();
    two.reset();
    await Promise.all(
      Array.from({ length: 8 }, () => router.send({ path: "/api/v1/service/churn/score?ms=100" })),
    );
    assert.deepEqual([one.maximum(), two.maximum()], [limit, limit], "every slot is back");
  });

  it("serves on while the agent is away, and is taken over as it is", async () => {
    const weighted = endpointOf({
      versions: [
        versionOf("blue"),
        versionOf("green", { isDefault: false, trafficPercentile: 50 }),
      ],
    });
    const slices = [
      ...sliceOf("blue", { a: one.address }),
      ...sliceOf("green", { b: two.address }),
    ];
    await router.serve([weighted], slices);
    const { pid } = router.haproxy;
    const before = pid();
    const statuses: number[] = [];
    const traffic = (async () => {
      for (let index = 0; index < 150; index++) {
        statuses.push((await router.send()).status);
        await sleep(5);
      }
    })();
    await router.stopAgent();
    const served = statuses.length;
    await until(() => statuses.length > served + 20);
    const shown = await router.haproxy.socket.command("aml show");
    router.startAgent();
    await until(() => router.agent().loop.passes > 0);
    await traffic;
    assert.deepEqual([...new Set(statuses)], [200]);
    assert.equal(pid(), before);
    assert.equal(await router.haproxy.socket.command("aml show"), shown, "nothing was made anew");
  });

  it("fills a HAProxy that restarted, which holds requests until then and lets nobody in without a key", async () => {
    const endpoint = endpointOf({
      authentication: { mode: "Key", keyDigests: [{ name: "primary", sha256: digestOf("k1") }] },
    });
    await router.serve([endpoint], sliceOf("blue", { a: one.address }));
    const ready = async () =>
      (await fetch(`http://127.0.0.1:${router.haproxy.healthPort}/readyz`)).status;
    assert.equal(await ready(), 200);
    await router.stopAgent();
    await router.haproxy.restart();
    assert.equal(await ready(), 503);
    const withKey = router.send({ headers: { authorization: "Bearer k1" } });
    const without = router.send();
    await until(async () => (await router.haproxy.stat("unrouted", "BACKEND", "scur")) === 2);
    router.startAgent();
    assert.deepEqual([(await withKey).status, (await without).status], [200, 401]);
    await until(async () => (await ready()) === 200);
    await router.haproxy.restart();
    await until(async () => (await ready()) === 200);
    const reply = await router.send({ headers: { authorization: "Bearer k1" } });
    assert.equal(reply.status, 200);
  });

  it("removes a version once its last request is done, and says so once nobody waits in it", async () => {
    const generation = (versions: readonly EndpointVersion[], number: number) =>
      endpointOf({ versions }, { generation: number });
    const patient = { maxQueueWaitMs: 5_000 };
    const green = versionOf("green", { ...patient, isDefault: false, trafficPercentile: 100 });
    const slices = [
      ...sliceOf("blue", { a: one.address }),
      ...sliceOf("green", { b: two.address }),
    ];
    await router.serve([generation([versionOf("blue"), green], 1)], slices);
    const [slow, queued] = [600, 400].map((ms) =>
      router.send({ path: `/api/v1/service/churn/score?ms=${ms}` }),
    );
    await until(() => router.samples.get("ns/churn")?.versions["green"]?.queued === 1);
    await router.serve([generation([versionOf("blue")], 2)], slices);
    assert.equal((await router.send()).headers["azureml-model-deployment"], "blue");
    assert.equal(router.samples.get("ns/churn")?.appliedGeneration, 1);
    assert.equal((await slow)?.status, 200);
    await until(() => router.samples.get("ns/churn")?.appliedGeneration === 2);
    assert.equal(two.computing(), 1, "the one that waited is at its model now");
    assert.equal((await queued)?.status, 200);
    await until(
      async () => !(await router.haproxy.socket.command("show backend")).includes("green"),
    );
    await router.serve([endpointOf({ suspended: true }, { generation: 3 })], []);
    await until(
      async () => !(await router.haproxy.socket.command("show backend")).includes("churn"),
    );
    assert.equal((await router.send()).status, 404);
    await until(() => router.samples.get("ns/churn")?.appliedGeneration === 3);
  });

  it("counts nothing as empty that it can't read, and counts from zero what HAProxy has lost", async () => {
    await router.serve([endpointOf()], sliceOf("blue", { a: one.address }));
    const slow = router.send({ path: "/api/v1/service/churn/score?ms=3000" });
    const inFlight = () => router.samples.get("ns/churn")?.versions["blue"]?.inFlight;
    await until(() => inFlight() === 1);
    const before = router.logged("sampling HAProxy failed").length;
    process.kill(router.haproxy.pid(), "SIGSTOP");
    const full = router.agent().sampler.full();
    assert.equal(full?.endpoints["ns/churn"]?.versions["blue"]?.inFlight, 1);
    const counted = assert.rejects(countRequests(router.haproxy.socket), /HAProxy did not answer/);
    // Every sample that a channel would get is withheld from the first that fails to the first that succeeds.
    await until(() => router.logged("sampling HAProxy failed").length > before);
    assert.equal(router.agent().sampler.full(), undefined);
    assert.equal(inFlight(), 1, "no sample says otherwise");
    await counted;
    process.kill(router.haproxy.pid(), "SIGCONT");
    await slow;
    await until(() => inFlight() === 0 && router.agent().sampler.full() !== undefined);
    void router.send({ path: "/api/v1/service/churn/score?ms=3000" });
    await until(() => inFlight() === 1);
    await router.haproxy.restart();
    await until(() => inFlight() === 0);
    await until(async () => (await router.send()).status === 200);
  });

  describe("and its pod ends", () => {
    const ready = async () =>
      (await fetch(`http://127.0.0.1:${router.haproxy.healthPort}/readyz`)).status;
    let files: DrainFiles;
    let stop: AbortController;

    beforeEach(async () => {
      files = new DrainFiles(router.haproxy.settings.directory);
      stop = new AbortController();
      await router.serve([endpointOf()], sliceOf("blue", { a: one.address }));
      await until(async () => (await ready()) === 200);
    });
    afterEach(() => {
      stop.abort();
      files.undo();
    });
    /** The supervisor's part. */
    const drains = () =>
      void drainOnRequest({
        directory: router.haproxy.settings.directory,
        signal: stop.signal,
        propagationMs: 500,
        log: () => undefined,
      });
    /** What HAProxy's preStop hook does. */
    const request = () =>
      writeFile(join(router.haproxy.settings.directory, DRAIN_FILES.requested), "");

    it("leaves the service at once, then waits for the last request", async () => {
      drains();
      const slow = router.send({ path: "/api/v1/service/churn/score?ms=2500" });
      await until(() => one.computing() === 1);
      await request();
      await until(async () => (await ready()) === 503);
      // Whoever has not heard of it yet still reaches the endpoint (its one slot is taken).
      assert.match((await router.send()).body, /Too many requests for service churn/);
      assert.equal(
        (await fetch(`http://127.0.0.1:${router.haproxy.healthPort}/healthz`)).status,
        200,
      );
      assert.equal(files.answered, false);
      await until(() => files.answered);
      assert.equal(one.computing(), 0);
      assert.equal((await slow).status, 200);
      // What a HAProxy that starts instead does: the drain was not for it.
      files.undo();
      await until(async () => (await ready()) === 200);
    });

    it("waits for a request whose body is still on its way", async () => {
      drains();
      const upload = connect(router.haproxy.httpPort, "127.0.0.1");
      upload.write(
        "POST /api/v1/service/churn/score HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{",
      );
      const { socket } = router.haproxy;
      await until(async () => (await countRequests(socket)) === 1);
      await request();
      await sleep(1_500);
      assert.equal(files.answered, false);
      upload.write("}");
      await until(() => files.answered);
      assert.match(String(await once(upload, "data")), /^HTTP\/1\.1 200/);
      upload.destroy();
    });

    it("is drained without an agent: by the supervisor alone", async () => {
      drains();
      const slow = router.send({ path: "/api/v1/service/churn/score?ms=1500" });
      await until(() => one.computing() === 1);
      await router.stopAgent();
      await request();
      await until(() => files.answered);
      assert.equal((await slow).status, 200);
      router.startAgent();
      files.undo();
      await until(async () => (await ready()) === 200);
    });
  });
});
