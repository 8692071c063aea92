// Endpoints, versions and replicas whose names stand in HAProxy's replies: on a real HAProxy, none is taken for a failure.
import assert from "node:assert/strict";
import { MAPS } from "../../serving/router/haproxy/core/names";
import { endpointOf, sliceOf, versionOf } from "../support/model-endpoints";
import type { Replica } from "../support/replica";
import { setUpRouter } from "../support/set-up-router";
import { until, type TestRouter } from "../support/test-router";

const NAMES = [
  ...["error-detection", "not-found", "unknown", "invalid-x", "usage", "in-use", "busy", "queued"],
  ...["registered", "deleted", "ready", "removed"],
];

describe("the router with names that HAProxy's replies contain", function () {
  this.timeout(60_000);
  let router: TestRouter;
  let one: Replica;
  let two: Replica;
  setUpRouter((started) => ({ router, one, two } = started));

  const endpoints = (generation: number, names: readonly string[] = NAMES) =>
    names.map((name) =>
      endpointOf({ versions: [versionOf(name, { maxQueueWaitMs: 5_000 })] }, { name, generation }),
    );
  const pods = (address: string) => NAMES.flatMap((name) => sliceOf(name, { [name]: address }));
  const statuses = () =>
    Promise.all(
      NAMES.map(
        async (name) => (await router.send({ path: `/api/v1/service/${name}/score` })).status,
      ),
    );
  const applied = (generation: number) => () =>
    NAMES.every((name) => router.samples.get(`ns/${name}`)?.appliedGeneration === generation);

  it("adds, changes and removes all of them without a failed step", async () => {
    const everyStatus = (status: number) => NAMES.map(() => status);
    await router.serve(endpoints(1), pods(one.address));
    assert.deepEqual(await statuses(), everyStatus(200));
    await until(applied(1));
    // Each replica gets another address: it is deleted and added again.
    await router.serve(endpoints(2), pods(two.address));
    await until(async () => !(await shown()).includes(one.address));
    assert.deepEqual(await statuses(), everyStatus(200));
    await until(applied(2));
    await router.serve([], []);
    await until(async () => (await shown()).split("\n").length === 1);
    assert.deepEqual(await statuses(), everyStatus(404));
    assert.deepEqual(router.logged('"level":"error"'), []);
  });

  it("removes a version that was published when the agent ended, though its target is gone", async () => {
    await router.serve(endpoints(1, ["deleted"]), pods(one.address));
    await router.stopAgent();
    for (const entry of [`${MAPS.endpoints} deleted`, `${MAPS.versions} deleted:deleted`])
      assert.equal(await router.haproxy.socket.command(`del map ${entry}`), "");
    router.startAgent();
    await router.serve([], []);
    await until(async () => (await shown()).split("\n").length === 1, 10_000);
    assert.deepEqual(router.logged('"level":"error"'), []);
  });

  const shown = () => router.haproxy.socket.command("aml show");
});
