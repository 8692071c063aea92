// Several routers act as one: real HAProxies, with models that count what they have at the same time.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { handOver } from "../support/hand-over";
import { TABLES } from "../../serving/router/haproxy/core/names";
import { endpointOf, sliceOf, versionOf } from "../support/model-endpoints";
import { startPeerRouters, type PeerRouters, type View } from "../support/peer-routers";
import { startReplica, type Replica } from "../support/replica";
import { until, type Reply } from "../support/test-router";

const score = (ms: number, as = "ok") => `/api/v1/service/churn/score?ms=${ms}&as=${as}`;
const VERSION = "ns.churn.blue";

for (const count of [1, 2, 3])
  describe(`${count} routers as one`, function () {
    this.timeout(180_000);
    let peers: PeerRouters;
    let replicas: readonly Replica[];
    let [owner, term] = [0, 0];

    before(async function () {
      this.timeout(300_000);
      peers = await startPeerRouters(count);
      replicas = await Promise.all([startReplica(), startReplica()]);
    });
    after(async () => {
      await peers.stop();
      await Promise.all(replicas.map((replica) => replica.stop()));
    });
    afterEach(async () => {
      // After every story no place is missing, and none is given twice.
      for (const replica of replicas) replica.reset();
      await serve({}, 2);
      const replies = await Promise.all(
        peers.routers.flatMap((router) => [1, 2].map(() => router.send({ path: score(20) }))),
      );
      assert.ok(replies.every(({ status }) => status === 200));
      assert.ok(replicas.every((replica) => replica.maximum() <= 1));
      // A model may be done with a request whose client has left up to 200 ms before its place is free.
      const limit = () => peers.routers[owner]?.haproxy.stat(`o.${VERSION}`, "in", "slim");
      await until(async () => (await limit()) === 3);
    });

    const view = (overrides = {}, pods = 1): View => {
      const names = Object.fromEntries(
        replicas.slice(0, pods).map(({ address }, index) => [`r${index}`, address]),
      );
      const version = versionOf("blue", { maxQueueWaitMs: 20_000, ...overrides });
      return {
        endpoints: [endpointOf({ versions: [version] })],
        slices: sliceOf("blue", names),
        ...{ owner, term },
      };
    };
    const serve = async (overrides = {}, pods = 1) => {
      term++;
      for (const each of peers.routers.keys()) await peers.tell(each, view(overrides, pods));
    };
    const move = async (overrides = {}, pods = 1) => {
      const from = owner;
      owner = (owner + 1) % count;
      term++;
      await handOver(peers, { from, view: view(overrides, pods) });
    };
    const at = (index: number) => {
      const router = peers.routers[index];
      assert.ok(router);
      return router;
    };
    /** Requests that the router counts as present. */
    const arrived = async (router: number) => {
      const table = await at(router).haproxy.socket.command(`show table ${TABLES.arrived}`);
      return Number(/conn_cur=(\d+)/.exec(table)?.[1] ?? 0);
    };
    const queued = () =>
      Math.max(
        ...peers.routers.map(
          ({ samples }) => samples.get("ns/churn")?.versions["blue"]?.queued ?? 0,
        ),
      );
    const only = () => {
      const [replica] = replicas;
      assert.ok(replica);
      return replica;
    };

    /** Requests by the clock, to all routers in turn. */
    async function load(
      requests: number,
      perSecond: number,
      of: (index: number) => { readonly ms: number; readonly leaveAfterMs?: number },
    ): Promise<readonly Reply[]> {
      const startedMs = performance.now();
      const replies: Promise<Reply>[] = [];
      for (let index = 0; index < requests; index++) {
        const waitMs = startedMs + (index * 1_000) / perSecond - performance.now();
        if (waitMs > 0) await sleep(waitMs);
        const { ms, ...rest } = of(index);
        const headers = { "x-test": String(index) };
        replies.push(at(index % count).send({ path: score(ms), headers, ...rest }));
      }
      return Promise.all(replies);
    }

    it("never have a replica above its limit, with clients that leave and models that are late", async () => {
      await serve({ scoringTimeoutMs: 150 }, 2);
      const left = new Set<number>();
      const replies = await load(1_000, 40, (index) => {
        const leaves = Math.random() < 0.3;
        if (leaves) left.add(index);
        const ms = Math.random() < 0.02 ? 400 : 15 + Math.random() * 20;
        return { ms, ...(leaves ? { leaveAfterMs: Math.random() * 100 } : {}) };
      });
      const staying = replies.filter((_, index) => !left.has(index)).map(({ status }) => status);
      assert.deepEqual(
        [...new Set(staying)].filter((status) => status !== 200 && status !== 504),
        [],
      );
      assert.ok(replicas.every((replica) => replica.maximum() === 1));
      await until(() => queued() === 0, 5_000);
    });

    it("are first in, first out, also while the version goes from one to the other", async () => {
      for (const moves of count === 1 ? [0] : [0, 1]) {
        await serve();
        only().reset();
        const replies: Promise<Reply>[] = [];
        for (let index = 0; index < 30; index++) {
          const headers = { "x-test": String(index) };
          const path = score(index === 0 ? 5_000 : 10);
          replies.push(at(index % count).send({ path, headers }));
          // One after the other: two on their way may overtake each other.
          await until(async () => (await arrived(owner)) > index);
        }
        // The former owner's request goes on: its place comes back when it ends.
        if (moves > 0) await move();
        assert.ok((await Promise.all(replies)).every(({ status }) => status === 200));
        assert.deepEqual(
          only().seen,
          Array.from({ length: 30 }, (_, index) => String(index)),
        );
        assert.equal(only().maximum(), 1);
      }
    });

    if (count > 1)
      for (const perSecond of [25, 40, 50, 400])
        it(`lose nothing while the version goes back and forth at ${perSecond} requests a second`, async () => {
          const pods = perSecond > 100 ? 2 : 1;
          const ms = perSecond > 100 ? 2 : 22;
          await serve({}, pods);
          for (const replica of replicas) replica.reset();
          const replies = load(perSecond * 5, perSecond, () => ({ ms }));
          for (let each = 0; each < 6; each++) {
            await sleep(500);
            await move({}, pods);
          }
          const statuses = (await replies).map(({ status }) => status);
          assert.deepEqual([...new Set(statuses)], [200]);
          assert.ok(replicas.every((replica) => replica.maximum() <= 1));
          const seen = replicas.flatMap((replica) => replica.seen);
          assert.equal(new Set(seen).size, seen.length, "none was sent twice");
        });
  });
