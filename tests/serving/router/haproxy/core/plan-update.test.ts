// planUpdate(): two models in, HAProxy's commands out; by example and by property.
import assert from "node:assert/strict";
import fc from "fast-check";
import type { ModelEndpoint } from "../../../../../contracts/model-endpoint/model-endpoint";
import type { EndpointSlice } from "../../../../../kubernetes/core/endpoint-slice";
import { buildModel, type Model } from "../../../../../serving/router/model/core/build-model";
import { applySteps } from "../../../../../serving/router/haproxy/core/apply-steps";
import {
  emptyLive,
  NO_VERSION,
  type LiveModel,
} from "../../../../../serving/router/haproxy/core/live-model";
import { planUpdate } from "../../../../../serving/router/haproxy/core/plan-update";
import { renderStep, type Step } from "../../../../../serving/router/haproxy/core/step";
import { digestOf, endpointOf, sliceOf, versionOf } from "../../../../support/model-endpoints";

const steps = (live: LiveModel, model: Model): readonly Step[] =>
  planUpdate(live, model).flatMap((group) => group.steps);

/** Does every step, as an idle HAProxy would. */
function apply(live: LiveModel, model: Model): LiveModel {
  return applySteps(live, steps(live, model));
}

const transcript = (live: LiveModel, model: Model): readonly string[] =>
  steps(live, model).flatMap((step) => renderStep(step, "aml").map(({ text }) => text));

const pool =
  "pool-conn-name var(txn.pool) pool-low-conn 8 pool-purge-delay 2s " +
  "check inter 24h fastinter 200ms downinter 200ms fall 1 rise 1 init-state up observe layer4 error-limit 1 on-error mark-down";

describe("planUpdate()", () => {
  it("makes an endpoint from the inside out: keys, backends, plug, replicas, target, route, ready", () => {
    const authentication = {
      mode: "Key",
      keyDigests: [{ name: "primary", sha256: digestOf("k") }],
    } as const;
    const model = buildModel(
      [endpointOf({ authentication })],
      sliceOf("blue", { a: "10.0.0.1:5001" }),
    );
    assert.deepEqual(transcript(emptyLive("1"), model), [
      `add map virt@keys churn:${digestOf("k")} yes`,
      "add backend i.ns.churn.blue from inner",
      "add backend o.ns.churn.blue from outer",
      "add server o.ns.churn.blue/in abns@aml-hop maxconn 1 strict-maxconn",
      "enable server o.ns.churn.blue/in",
      "aml plug ns.churn.blue",
      "publish backend i.ns.churn.blue",
      "publish backend o.ns.churn.blue",
      `add server i.ns.churn.blue/a 10.0.0.1:5001 maxconn 1 ${pool}`,
      "enable health i.ns.churn.blue/a",
      "aml use ns.churn.blue a 1",
      "add map virt@versions churn:blue ns.churn.blue:500:60000:300000:120",
      "add map virt@endpoints churn Key:10000:blue",
      "add map virt@ready ready yes",
    ]);
  });

  it("leaves the replicas of a namespace that isn't known as they are, and what is of others", () => {
    const endpoints = [
      endpointOf({}, { namespace: "unread" }),
      endpointOf({}, { name: "fraud", namespace: "ns" }),
    ];
    const slices = ["unread", "ns"].flatMap((namespace) =>
      sliceOf("blue", { a: "10.0.0.1:5001" }).map((slice) => ({
        ...slice,
        metadata: { ...slice.metadata, namespace },
      })),
    );
    const live = apply(emptyLive("1"), buildModel(endpoints, slices));
    const replicasOf = (each: LiveModel, version: string) => [
      ...(each.versions.get(version)?.replicas.keys() ?? []),
    ];
    assert.deepEqual(replicasOf(live, "unread.churn.blue"), ["a"]);
    // As after a restart of the agent: nothing of the namespace is listed, and nothing was served before.
    const replicas = {
      podsAt: () => [],
      replicaSet: () => undefined,
      isKnown: (namespace: string) => namespace === "ns",
      troubleIn: (namespace: string) => (namespace === "ns" ? undefined : "forbidden"),
      isForbidden: () => false,
    };
    const model = buildModel(endpoints, [], new Map(), { replicas });
    const after = apply(live, model);
    assert.deepEqual(replicasOf(after, "unread.churn.blue"), ["a"]);
    assert.deepEqual(replicasOf(after, "ns.fraud.blue"), []);
    assert.ok(after.routes.has("churn"));
    assert.equal(model.problems.get("unread/churn")?.reason, "NamespaceUnreadable");
    assert.equal(model.problems.has("ns/fraud"), false);
    // Nobody has verified the addresses for long.
    const isForbidden = (namespace: string) => namespace === "unread";
    const forbidden = buildModel(endpoints, slices, new Map(), {
      replicas: { ...replicas, isForbidden },
    });
    assert.deepEqual(replicasOf(apply(live, forbidden), "unread.churn.blue"), []);
    assert.match(forbidden.problems.get("unread/churn")?.message ?? "", /sends no requests/);
  });

  it("changes a weight with one command", () => {
    const weighted = (percentile: number) =>
      buildModel(
        [
          endpointOf({
            versions: [
              versionOf("blue"),
              versionOf("green", { isDefault: false, trafficPercentile: percentile }),
            ],
          }),
        ],
        [],
      );
    const live = apply(emptyLive("1"), weighted(10));
    assert.deepEqual(transcript(live, weighted(50)), [
      "set map virt@endpoints churn None:5000:blue:10000:green",
    ]);
  });

  it("brings a new replica in before the old one leaves, and deletes the old one last", () => {
    const at = (pods: Record<string, string>) => buildModel([endpointOf()], sliceOf("blue", pods));
    const live = apply(emptyLive("1"), at({ a: "10.0.0.1:5001" }));
    assert.deepEqual(transcript(live, at({ b: "10.0.0.2:5001" })), [
      `add server i.ns.churn.blue/b 10.0.0.2:5001 maxconn 1 ${pool}`,
      "enable health i.ns.churn.blue/b",
      "aml use ns.churn.blue b 1",
      "aml drain ns.churn.blue a",
      "del server i.ns.churn.blue/a",
    ]);
  });

  it("uses a replica that comes back while it still computes", () => {
    const at = (pods: Record<string, string | undefined>) =>
      buildModel([endpointOf()], sliceOf("blue", pods));
    const used = apply(emptyLive("1"), at({ a: "10.0.0.1:5001" }));
    const live = applySteps(used, [
      { kind: "drainReplica", version: "ns.churn.blue", replica: "a" },
    ]);
    assert.deepEqual(transcript(live, at({ a: "10.0.0.1:5001" })), ["aml use ns.churn.blue a 1"]);
  });

  it("deletes a pod's server before it adds the same name at another address", () => {
    const at = (address: string) => buildModel([endpointOf()], sliceOf("blue", { a: address }));
    const live = apply(emptyLive("1"), at("10.0.0.1:5001"));
    assert.deepEqual(transcript(live, at("10.0.0.2:5001")), [
      "aml drain ns.churn.blue a",
      "del server i.ns.churn.blue/a",
    ]);
    const without = apply(live, at("10.0.0.2:5001"));
    assert.deepEqual(transcript(without, at("10.0.0.2:5001")), [
      `add server i.ns.churn.blue/a 10.0.0.2:5001 maxconn 1 ${pool}`,
      "enable health i.ns.churn.blue/a",
      "aml use ns.churn.blue a 1",
    ]);
  });

  it("takes a removed endpoint's route first, and its backends once they are idle", () => {
    const live = apply(
      emptyLive("1"),
      buildModel([endpointOf()], sliceOf("blue", { a: "10.0.0.1:5001" })),
    );
    assert.deepEqual(transcript(live, buildModel([], [])), [
      "del map virt@endpoints churn",
      "del map virt@versions churn:blue",
      "unpublish backend o.ns.churn.blue",
      "aml close ns.churn.blue",
      "aml drain ns.churn.blue a",
      "del server i.ns.churn.blue/a",
      "del server o.ns.churn.blue/in",
      "del backend o.ns.churn.blue",
      "unpublish backend i.ns.churn.blue",
      "del backend i.ns.churn.blue",
    ]);
  });

  it("unpublishes a removed version that an agent finds published but without a target", () => {
    const model = buildModel([endpointOf()], []);
    const version = { ...NO_VERSION, inner: true, outer: true, outerServer: true, published: true };
    const live = {
      ...apply(emptyLive("1"), model),
      routes: new Map<string, string>(),
      targets: new Map<string, string>(),
      versions: new Map([["ns.churn.blue", version]]),
    };
    assert.equal(transcript(live, buildModel([], []))[0], "unpublish backend o.ns.churn.blue");
  });

  it("publishes a version again that is wanted again while its last requests end", () => {
    const model = buildModel([endpointOf()], sliceOf("blue", { a: "10.0.0.1:5001" }));
    const served = apply(emptyLive("1"), model);
    // HAProxy said "Busy." to the next step.
    const live = applySteps(served, steps(served, buildModel([], [])).slice(0, 3));
    assert.deepEqual(transcript(live, model), [
      "enable server o.ns.churn.blue/in",
      "aml plug ns.churn.blue",
      "publish backend i.ns.churn.blue",
      "publish backend o.ns.churn.blue",
      "add map virt@versions churn:blue ns.churn.blue:500:60000:300000:120",
      "add map virt@endpoints churn None:10000:blue",
    ]);
  });

  it("revokes a key after the new one is known", () => {
    const keyed = (key: string) =>
      buildModel(
        [
          endpointOf({
            authentication: {
              mode: "Key",
              keyDigests: [{ name: "primary", sha256: digestOf(key) }],
            },
          }),
        ],
        [],
      );
    const live = apply(emptyLive("1"), keyed("old"));
    assert.deepEqual(transcript(live, keyed("new")), [
      `add map virt@keys churn:${digestOf("new")} yes`,
      `del map virt@keys churn:${digestOf("old")}`,
    ]);
  });

  it("says not ready when asked to, and nothing else", () => {
    const model = buildModel([endpointOf()], []);
    const live = apply(emptyLive("1"), model);
    const plan = planUpdate(live, model, false).flatMap((group) => group.steps);
    assert.deepEqual(plan, [{ kind: "setReady", ready: false }]);
  });
});

describe("planUpdate() for any two clusters", () => {
  const clusters = fc.array(
    fc.record({
      name: fc.constantFrom("one", "two", "three"),
      namespace: fc.constantFrom("ns-a", "ns-b"),
      key: fc.constantFrom("None", "k1", "k2"),
      suspended: fc.boolean(),
      versions: fc.uniqueArray(
        fc.record({
          name: fc.constantFrom("blue", "green", "red"),
          limit: fc.integer({ min: 1, max: 3 }),
          percentile: fc.integer({ min: 0, max: 30 }),
          pods: fc.dictionary(
            fc.constantFrom("a", "b", "c"),
            fc.constantFrom("10.0.0.1:5001", "10.0.0.2:5001"),
          ),
        }),
        { selector: ({ name }) => name, minLength: 1, maxLength: 3 },
      ),
    }),
    { maxLength: 5 },
  );

  type Cluster = typeof clusters extends fc.Arbitrary<infer T> ? T : never;

  function resourcesOf(cluster: Cluster): [ModelEndpoint[], EndpointSlice[]] {
    const unique = new Map(cluster.map((each) => [`${each.namespace}/${each.name}`, each]));
    const endpoints = [...unique.values()].map(({ name, namespace, key, suspended, versions }) =>
      endpointOf(
        {
          suspended,
          authentication:
            key === "None"
              ? { mode: "None" }
              : { mode: "Key", keyDigests: [{ name: "primary", sha256: digestOf(key, name) }] },
          versions: versions.map((version, index) =>
            versionOf(version.name, {
              serviceName: `${name}-${version.name}`,
              isDefault: index === 0,
              trafficPercentile: version.percentile,
              maxConcurrentRequestsPerContainer: version.limit,
            }),
          ),
        },
        { name, namespace },
      ),
    );
    const slices = [...unique.values()].flatMap(({ name, namespace, versions }) =>
      versions.flatMap((version) => sliceOf(`${name}-${version.name}`, version.pods, namespace)),
    );
    return [endpoints, slices];
  }

  /** Plans and applies until nothing is left; a pod whose address changed takes two rounds. */
  function settle(live: LiveModel, model: Model): LiveModel {
    let settled = live;
    for (let round = 0; round < 3 && steps(settled, model).length > 0; round++)
      settled = apply(settled, model);
    return settled;
  }

  const plain = (live: LiveModel): unknown => ({
    routes: [...live.routes].sort(),
    keys: [...live.keys].sort(),
    targets: [...live.targets].sort(),
    versions: [...live.versions]
      .map(([key, { replicas, ...rest }]) => [key, rest, [...replicas].sort()])
      .sort(),
  });

  it("ends where nothing is left to do, and where a fresh HAProxy would end", () => {
    fc.assert(
      fc.property(clusters, clusters, (before, after) => {
        const model = buildModel(...resourcesOf(after));
        const live = settle(settle(emptyLive("1"), buildModel(...resourcesOf(before))), model);
        assert.deepEqual(steps(live, model), []);
        assert.deepEqual(plain(live), plain(settle(emptyLive("1"), model)));
      }),
    );
  });

  it("does not depend on the order of the resources", () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        const [endpoints, slices] = resourcesOf(cluster);
        const forwards = steps(emptyLive("1"), buildModel(endpoints, slices));
        const backwards = buildModel([...endpoints].reverse(), [...slices].reverse());
        assert.deepEqual(steps(emptyLive("1"), backwards), forwards);
      }),
    );
  });

  it("never routes to a version or needs a key that HAProxy does not know yet", () => {
    fc.assert(
      fc.property(clusters, clusters, (before, after) => {
        let live = settle(emptyLive("1"), buildModel(...resourcesOf(before)));
        for (const step of steps(live, buildModel(...resourcesOf(after)))) {
          live = applySteps(live, [step]);
          if (step.kind === "setRoute") assertRouteServed(live, step.endpoint, step.route);
          // What still takes requests must not lose its outerServer or its backend.
          if (step.kind === "deleteOuterServer")
            assert.equal(live.versions.get(step.version)?.open, false);
        }
      }),
    );
  });

  function assertRouteServed(live: LiveModel, endpoint: string, route: string): void {
    const [mode, ...weights] = route.split(":");
    if (mode === "Key") assert.ok([...live.keys].some((key) => key.startsWith(`${endpoint}:`)));
    for (const name of weights.filter((_, index) => index % 2 === 1)) {
      const target = live.targets.get(`${endpoint}:${name}`);
      assert.ok(live.versions.get(target?.split(":")[0] ?? "")?.open, `${endpoint}:${name}`);
    }
  }
});
