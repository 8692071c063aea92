// The router on a real HAProxy: a real agent is told of resources, real clients and replicas count.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { digestOf, endpointOf, sliceOf, versionOf } from "../support/model-endpoints";
import type { Replica } from "../support/replica";
import { setUpRouter } from "../support/set-up-router";
import { until, type TestRouter } from "../support/test-router";

describe("the router on a real HAProxy", function () {
  this.timeout(60_000);
  let router: TestRouter;
  let one: Replica;
  let two: Replica;

  setUpRouter((started) => ({ router, one, two } = started));

  const code = (body: string) =>
    body.startsWith("{") ? (JSON.parse(body) as { code: string }).code : body;

  it("answers with the model's answer, and says which version served and how long it took", async () => {
    await router.serve([endpointOf()], sliceOf("blue", { a: one.address }));
    const reply = await router.send({ headers: { "x-ms-client-request-id": "mine" } });
    assert.equal(reply.status, 200);
    assert.deepEqual(JSON.parse(reply.body), { length: 2 });
    assert.equal(reply.headers["azureml-model-deployment"], "blue");
    assert.match(String(reply.headers["server-timing"]), /^queue;dur=\d+, model;dur=\d+$/);
    assert.equal(reply.headers["x-ms-client-request-id"], "mine");
    assert.match(String(reply.headers["x-ms-request-id"]), /^[0-9a-f-]{36}$/);
    assert.equal(reply.headers["x-aml-own"], undefined);
  });

  it("shows the replica the path below the endpoint, an id, and neither the key nor the router's own headers", async () => {
    const endpoint = endpointOf({
      authentication: { mode: "Key", keyDigests: [{ name: "primary", sha256: digestOf("k1") }] },
    });
    await router.serve([endpoint], sliceOf("blue", { a: one.address }));
    const headers = {
      authorization: "Bearer k1",
      "x-aml-version": "ns.other.blue",
      "x-aml-id": "7",
    };
    await router.send({ path: "/api/v1/service/churn/score?ms=1", headers });
    await router.send({ path: "/api/v1/endpoint/churn/score/deeper", headers });
    await router.send({ path: "/api/v1/service/churn/swagger.json", headers, method: "GET" });
    assert.deepEqual(
      one.requests.map(({ url }) => url),
      ["/score?ms=1", "/score/deeper", "/swagger.json"],
    );
    for (const request of one.requests) {
      assert.equal(request.headers.authorization, undefined);
      assert.equal(request.headers["x-aml-version"], undefined);
      assert.equal(request.headers["x-aml-id"], undefined);
      assert.match(String(request.headers["x-ms-request-id"]), /^[0-9a-f-]{36}$/);
    }
  });

  it("answers 404, 405, 401, 413 and 431 in this order, as JSON", async () => {
    const endpoint = endpointOf({
      authentication: {
        mode: "Key",
        keyDigests: [
          { name: "primary", sha256: digestOf("k1") },
          { name: "secondary", sha256: digestOf("k2") },
        ],
      },
    });
    await router.serve([endpoint], sliceOf("blue", { a: one.address }));
    const long = { "x-ms-request-id": "x".repeat(101) };
    const key = { authorization: "Bearer k1" };
    const replies = [
      await router.send({ path: "/api/v1/service/nobody/score", headers: long }),
      await router.send({ path: "/api/v1/service/churn/other" }),
      await router.send({ method: "DELETE" }),
      await router.send({ headers: long }),
      await router.send({ headers: { authorization: "Bearer k3" } }),
      await router.send({ headers: { ...key, ...long } }),
      await router.send({
        headers: { ...key, "content-length": "104857601", connection: "close" },
        leaveAfterMs: 2_000,
      }),
      await router.send({ headers: { ...key, "azureml-model-deployment": "green" } }),
      await router.send({ headers: key }),
      await router.send({ headers: { authorization: "Bearer k2" } }),
    ];
    assert.deepEqual(
      replies.map(({ status, body }) => [status, status === 200 ? "" : code(body)]),
      [
        [404, "EndpointNotFound"],
        [404, "NotFound"],
        [405, "MethodNotAllowed"],
        [401, "Unauthorized"],
        [401, "Unauthorized"],
        [431, "HeaderTooLarge"],
        [413, "PayloadTooLarge"],
        [404, "VersionNotFound"],
        [200, ""],
        [200, ""],
      ],
    );
    for (const { status, headers } of replies) {
      assert.match(String(headers["x-ms-request-id"]), /^[0-9a-f-]{36}$/, String(status));
    }
    assert.equal(one.seen.length, 2);
  });

  it("takes another endpoint's key for no key, and a revoked one from the moment it is gone", async () => {
    const withKey = (name: string, key: string) =>
      endpointOf(
        {
          authentication: {
            mode: "Key",
            keyDigests: [{ name: "primary", sha256: digestOf(key, name) }],
          },
        },
        { name },
      );
    const slices = sliceOf("blue", { a: one.address });
    await router.serve([withKey("churn", "k1"), withKey("other", "k2")], slices);
    const status = async (key: string) =>
      (await router.send({ headers: { authorization: `Bearer ${key}` } })).status;
    assert.deepEqual([await status("k1"), await status("k2")], [200, 401]);
    await router.serve([withKey("churn", "k3"), withKey("other", "k2")], slices);
    assert.deepEqual([await status("k1"), await status("k3")], [401, 200]);
  });

  it("turns what the model throws into 502 with its own status, a broken connection too, and passes 4xx", async () => {
    await router.serve([endpointOf()], sliceOf("blue", { a: one.address }));
    const ask = (as: string, body = "{}") =>
      router.send({ path: `/api/v1/service/churn/score?as=${as}`, body });
    for (const status of [500, 502, 503, 504]) {
      one.reset();
      const thrown = await ask(`status${status}`);
      assert.equal(thrown.status, 502);
      assert.equal(thrown.headers["ms-azureml-model-error-statuscode"], String(status));
      assert.equal(thrown.body, "model says no");
      assert.equal(one.seen.length, 1, "no request is sent twice");
    }
    const refused = await ask("status422");
    assert.equal(refused.status, 422);
    assert.equal(refused.headers["ms-azureml-model-error-statuscode"], undefined);
    // On a connection that was used before, on a new one, and with a body that fits into no buffer.
    for (const body of ["{}", "{}", "x".repeat(200_000)]) {
      one.reset();
      const broken = await ask("close", body);
      assert.deepEqual([broken.status, code(broken.body)], [502, "BadGateway"]);
      assert.equal(one.seen.length, 1, "no request is sent twice");
    }
  });

  it("answers 503 exactly when the queue wait is over, and says whether replicas were busy or missing", async () => {
    await router.serve([endpointOf()], sliceOf("blue", { a: one.address }));
    const busy = router.send({ path: "/api/v1/service/churn/score?ms=1000" });
    await until(() => one.computing() === 1);
    const late = await router.send();
    assert.deepEqual(
      [late.status, code(late.body), late.headers["retry-after"]],
      [503, "Overloaded", "1"],
    );
    assert.ok(late.tookMs >= 490 && late.tookMs < 700, `${late.tookMs} ms`);
    assert.equal((await busy).status, 200);

    await router.serve([endpointOf()], []);
    const none = await router.send();
    assert.deepEqual([none.status, code(none.body)], [503, "NoReadyReplica"]);
    assert.ok(none.tookMs >= 490 && none.tookMs < 700, `${none.tookMs} ms`);
  });

  it("holds requests in order while there is no replica, and sends them as soon as one comes", async () => {
    const patient = endpointOf({ versions: [versionOf("blue", { maxQueueWaitMs: 5_000 })] });
    await router.serve([patient], []);
    const replies: Promise<{ status: number }>[] = [];
    for (let index = 0; index < 20; index++) {
      replies.push(router.send({ headers: { "x-test": String(index) } }));
      await sleep(2);
    }
    await until(() => router.samples.get("ns/churn")?.versions["blue"]?.queued === 20);
    await router.serve([patient], sliceOf("blue", { a: one.address }));
    assert.ok((await Promise.all(replies)).every(({ status }) => status === 200));
    assert.deepEqual(
      one.seen,
      Array.from({ length: 20 }, (_, index) => String(index)),
    );
    assert.equal(one.maximum(), 1);
  });

  it("keeps the slot after a 504 until the model is done, and the next request in the queue", async () => {
    const strict = endpointOf({
      versions: [versionOf("blue", { scoringTimeoutMs: 300, maxQueueWaitMs: 3_000 })],
    });
    await router.serve([strict], sliceOf("blue", { a: one.address }));
    const slow = router.send({ path: "/api/v1/service/churn/score?ms=1200" });
    await until(() => one.computing() === 1);
    const leaver = router.send({ headers: { "x-test": "left" }, leaveAfterMs: 600 });
    await until(
      async () => (await router.haproxy.stat("o.ns.churn.blue", "BACKEND", "qcur")) === 1,
    );
    const waiter = router.send({ headers: { "x-test": "waited" } });
    const timedOut = await slow;
    assert.deepEqual([timedOut.status, code(timedOut.body)], [504, "ScoringTimeout"]);
    await until(() => router.samples.get("ns/churn")?.versions["blue"]?.queued === 2);
    assert.equal(router.samples.get("ns/churn")?.versions["blue"]?.inFlight, 1);
    assert.equal((await leaver).status, 0);
    assert.equal((await waiter).status, 200);
    assert.equal(one.maximum(), 1);
    assert.ok(!one.seen.includes("left"), "who left the queue is never sent");
  });

  it("never has more than the limit in a replica while clients leave and time out, and forgets no slot", async function () {
    this.timeout(120_000);
    const strict = endpointOf({
      versions: [versionOf("blue", { scoringTimeoutMs: 400, maxQueueWaitMs: 2_000 })],
    });
    await router.serve([strict], sliceOf("blue", { a: one.address, b: two.address }));
    const left = new Set<string>();
    const pending: Promise<void>[] = [];
    for (let index = 0; index < 1_500; index++) {
      const test = String(index);
      const ms = Math.random() < 0.02 ? 900 : 10 + Math.floor(Math.random() * 20);
      const leaveAfterMs = Math.random() < 0.3 ? Math.random() * 100 : undefined;
      pending.push(
        router
          .send({
            path: `/api/v1/service/churn/score?ms=${ms}`,
            headers: { "x-test": test },
            ...(leaveAfterMs === undefined ? {} : { leaveAfterMs }),
          })
          .then(({ status }) => void (status === 0 && left.add(test))),
      );
      await sleep(10);
    }
    await Promise.all(pending);
    assert.deepEqual([one.maximum(), two.maximum()], [1, 1]);
    await until(
      async () => !(await router.haproxy.socket.command("aml load")).includes("orphans"),
      3_000,
    );
    assert.equal(
      await router.haproxy.stat("o.ns.churn.blue", "in", "slim"),
      3,
      "the plug and two slots",
    );
    const both = await Promise.all([router.send(), router.send()]);
    assert.deepEqual(
      both.map(({ status }) => status),
      [200, 200],
    );
    assert.equal(
      await router.haproxy.stat("i.ns.churn.blue", "BACKEND", "qmax"),
      0,
      "nobody waited in the inner layer",
    );
    assert.ok(left.size > 100);
  });

  it("sends a request that a replica refused to another one", async () => {
    const refusing = "127.0.0.1:1";
    await router.serve(
      [endpointOf({ versions: [versionOf("blue", { maxQueueWaitMs: 5_000 })] })],
      sliceOf("blue", { a: one.address, refusing }),
    );
    for (let index = 0; index < 5; index++) assert.equal((await router.send()).status, 200);
    assert.equal(one.seen.length, 5);
  });

  it("shares requests by weight, and moves all of them with one change", async () => {
    // 500 requests at once: on a busy machine some queue for longer than the default wait.
    const patient = { maxConcurrentRequestsPerContainer: 50, maxQueueWaitMs: 20_000 };
    const weighted = (percentile: number) =>
      endpointOf({
        versions: [
          versionOf("blue", patient),
          versionOf("green", {
            ...patient,
            isDefault: false,
            trafficPercentile: percentile,
          }),
        ],
      });
    const slices = [
      ...sliceOf("blue", { a: one.address }),
      ...sliceOf("green", { b: two.address }),
    ];
    const share = async (count: number) => {
      const replies = await Promise.all(Array.from({ length: count }, () => router.send()));
      assert.ok(replies.every(({ status }) => status === 200));
      return (
        replies.filter(({ headers }) => headers["azureml-model-deployment"] === "green").length /
        count
      );
    };
    await router.serve([weighted(10)], slices);
    const tenth = ((await share(500)) + (await share(500))) / 2;
    assert.ok(tenth > 0.06 && tenth < 0.15, String(tenth));
    await router.serve([weighted(100)], slices);
    assert.equal(await share(100), 1);
    await router.serve([weighted(0)], slices);
    assert.equal(await share(100), 0);
    const chosen = await router.send({ headers: { "azureml-model-deployment": "green" } });
    assert.equal(chosen.headers["azureml-model-deployment"], "green");
  });

  it("counts what a version has in flight, in its queue, and what ever arrived", async () => {
    await router.serve(
      [endpointOf({ versions: [versionOf("blue", { maxQueueWaitMs: 3_000 })] })],
      sliceOf("blue", { a: one.address }),
    );
    const version = () => router.samples.get("ns/churn")?.versions["blue"];
    await until(() => version()?.slots === 1);
    const arrived = version()?.arrivals ?? 0;
    const replies = Array.from({ length: 4 }, () =>
      router.send({ path: "/api/v1/service/churn/score?ms=200" }),
    );
    await until(() => version()?.inFlight === 1 && version()?.queued === 3);
    await Promise.all(replies);
    await until(() => version()?.inFlight === 0 && version()?.queued === 0);
    assert.equal(version()?.arrivals, arrived + 4);
    assert.equal(router.samples.get("ns/churn")?.appliedGeneration, 1);
  });
});
