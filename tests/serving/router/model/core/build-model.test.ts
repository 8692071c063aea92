// buildModel(): ModelEndpoints and EndpointSlices in, what HAProxy is to serve out.
import assert from "node:assert/strict";
import { buildModel } from "../../../../../serving/router/model/core/build-model";
import { digestOf, endpointOf, sliceOf, versionOf } from "../../../../support/model-endpoints";

describe("buildModel()", () => {
  it("wants the ready replicas of each version, by the version's own Service", () => {
    const endpoint = endpointOf({
      versions: [
        versionOf("blue"),
        versionOf("green", { isDefault: false, trafficPercentile: 10 }),
      ],
    });
    const { endpoints } = buildModel(
      [endpoint],
      [
        ...sliceOf("blue", { a: "10.0.0.1:5001", b: undefined }),
        ...sliceOf("green", { c: "10.0.0.3:5002" }),
        ...sliceOf("blue", { d: "10.0.0.4:5001" }, "elsewhere"),
      ],
    );
    const wanted = endpoints.get("ns/churn");
    assert.equal(wanted?.route, "None:9000:blue:10000:green");
    const replicas = wanted?.versions.map(({ key, replicas, notReady }) => [
      key,
      [...replicas],
      [...notReady],
    ]);
    assert.deepEqual(replicas, [
      ["ns.churn.blue", [["a", "10.0.0.1:5001"]], ["b"]],
      ["ns.churn.green", [["c", "10.0.0.3:5002"]], []],
    ]);
  });

  it("bounds streams as declared, or by the defaults where the resource is older than these fields", () => {
    const declared = { streamIdleTimeoutMs: 1_000, maxStreamSeconds: 3_600 };
    const versions = [versionOf("blue"), versionOf("green", { isDefault: false, ...declared })];
    const { endpoints } = buildModel([endpointOf({ versions })], []);
    const bounds = endpoints
      .get("ns/churn")
      ?.versions.map(({ streamIdleTimeoutMs, maxStreamSeconds }) => [
        streamIdleTimeoutMs,
        maxStreamSeconds,
      ]);
    assert.deepEqual(bounds, [
      [300_000, 120],
      [1_000, 3_600],
    ]);
  });

  it("gives a terminating replica no further request, ready or not", () => {
    const [slice] = sliceOf("blue", { a: "10.0.0.1:5001" });
    assert.ok(slice?.endpoints?.[0]);
    const terminating = {
      ...slice,
      endpoints: [{ ...slice.endpoints[0], conditions: { ready: true, terminating: true } }],
    };
    const { endpoints } = buildModel([endpointOf()], [terminating]);
    const [blue] = endpoints.get("ns/churn")?.versions ?? [];
    assert.deepEqual([blue?.replicas.size, [...(blue?.notReady ?? [])]], [0, ["a"]]);
  });

  it("serves the older of two endpoints of one name and tells the newer", () => {
    const older = endpointOf({}, { namespace: "b", creationTimestamp: "2026-01-01T00:00:00Z" });
    const newer = endpointOf({}, { namespace: "a", creationTimestamp: "2026-01-02T00:00:00Z" });
    for (const order of [
      [older, newer],
      [newer, older],
    ]) {
      const model = buildModel(order, []);
      assert.deepEqual([...model.endpoints.keys()], ["b/churn"]);
      assert.deepEqual(model.problems.get("a/churn"), {
        reason: "NameTaken",
        message: "metadata.name must be unique in the cluster: b/churn is older and serves churn",
      });
    }
  });

  it("leaves a wrong endpoint out and the others alone", () => {
    const wrong = endpointOf(
      { versions: [versionOf("blue; shutdown sessions")] },
      { name: "wrong" },
    );
    const model = buildModel([wrong, endpointOf()], []);
    assert.deepEqual([...model.endpoints.keys()], ["ns/churn"]);
    assert.equal(model.problems.get("ns/wrong")?.reason, "InvalidSpec");
  });

  it("goes on serving the generation before a wrong one, with today's replicas", () => {
    const first = buildModel([endpointOf()], []);
    const wrong = endpointOf({ versions: [] }, { generation: 2 });
    const slices = sliceOf("blue", { a: "10.0.0.1:5001" });
    const model = buildModel([wrong], slices, first.accepted);
    assert.equal(model.endpoints.get("ns/churn")?.generation, 1);
    assert.equal(model.endpoints.get("ns/churn")?.versions[0]?.replicas.size, 1);
    assert.match(model.problems.get("ns/churn")?.message ?? "", /^spec.versions must be 1 to 6/);
  });

  it("drops a suspended endpoint, and keeps its generation to say so", () => {
    const model = buildModel([endpointOf({ suspended: true }, { generation: 5 })], []);
    assert.equal(model.endpoints.size, 0);
    assert.deepEqual([...model.suspended], [["ns/churn", 5]]);
  });

  it("never opens an endpoint by accident", () => {
    const keys = [{ name: "primary" as const, sha256: digestOf("k") }];
    const modes: [unknown, string | undefined][] = [
      ["Key", "Key:10000:blue"],
      ["None", "None:10000:blue"],
      ["none", undefined],
      ["", undefined],
      [undefined, undefined],
    ];
    for (const [mode, route] of modes) {
      const authentication = { mode: mode as "Key", keyDigests: keys };
      const model = buildModel([endpointOf({ authentication })], []);
      assert.equal(model.endpoints.get("ns/churn")?.route, route, String(mode));
    }
    const keyless = buildModel([endpointOf({ authentication: { mode: "Key" } })], []);
    assert.equal(keyless.endpoints.size, 0);
  });
});
