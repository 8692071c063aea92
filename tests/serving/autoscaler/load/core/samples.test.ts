// From lines of the metrics channel to the load of a version.

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  countRouters,
  sumLoad,
} from "../../../../../serving/autoscaler/load/core/aggregate-samples";
import { parseSample } from "../../../../../serving/autoscaler/load/core/parse-sample";
import {
  type RouterView,
  applySample,
} from "../../../../../serving/autoscaler/load/core/router-view";
import type {
  EndpointSample,
  RouterSample,
  VersionSample,
} from "../../../../../contracts/metrics-channel/router-sample";

const KEY = "models/churn";

function endpointSample(version: Partial<VersionSample>): EndpointSample {
  const idle = { inFlight: 0, queued: 0, slots: 0, arrivals: 0, draining: {} };
  return { appliedGeneration: 1, versions: { blue: { ...idle, ...version } } };
}

function sample(sequence: number, version?: Partial<VersionSample>, full = sequence === 1) {
  const endpoints = version === undefined ? {} : { [KEY]: endpointSample(version) };
  return { router: "router-0", sequence, full, endpoints } satisfies RouterSample;
}

function apply(view: RouterView | undefined, next: RouterSample, nowMs = 0): RouterView {
  const applied = applySample(view, next, nowMs);
  if (!applied.ok) throw new Error(applied.message);
  return applied.view;
}

function viewOf(router: string, version: Partial<VersionSample>, receivedAtMs = 0): RouterView {
  return apply(undefined, { ...sample(1, version), router }, receivedAtMs);
}

describe("parseSample()", () => {
  it("takes what routers send", () => {
    const line = JSON.stringify(sample(1, { inFlight: 3, draining: { "blue-x": 0 } }));
    assert.deepEqual(parseSample(line), { ok: true, sample: JSON.parse(line) as unknown });
  });

  const refused: [string, unknown, RegExp][] = [
    ["no JSON", undefined, /must be one JSON object per line/],
    ["a list", [], /^sample must be an object: it is \[\]$/],
    ["no router", { ...sample(1), router: "" }, /^router must be the router's pod name: it is ""$/],
    ["a broken sequence", { ...sample(1), sequence: 1.5 }, /^sequence must be a whole number/],
    ["no full", { ...sample(1), full: undefined }, /^full must be true or false: it is missing$/],
    [
      "a null endpoint",
      { ...sample(1), endpoints: { [KEY]: null } },
      /must be an object: it is null/,
    ],
    [
      "a negative count",
      sample(1, { inFlight: -1 }),
      /^endpoints\.models\/churn\.versions\.blue\.inFlight must be a whole number from 0: it is -1$/,
    ],
    [
      "a draining count in words",
      sample(1, { draining: { x: "0" as never } }),
      /draining\.x must be/,
    ],
    [
      "a problem without words",
      { ...sample(1), endpoints: { [KEY]: { ...endpointSample({}), problem: {} } } },
      /problem must be a reason and a message/,
    ],
  ];
  for (const [name, value, message] of refused) {
    it(`refuses ${name}`, () => {
      const parsed = parseSample(value === undefined ? "{" : JSON.stringify(value));
      assert.ok(!parsed.ok);
      assert.match(parsed.message, message);
    });
  }

  it("never throws, whatever comes", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void parseSample(JSON.stringify(value))));
  });
});

describe("applySample()", () => {
  it("keeps what an incremental sample does not mention", () => {
    const view = apply(apply(undefined, sample(1, { inFlight: 2 })), sample(2));
    assert.equal(view.endpoints.get(KEY)?.versions["blue"]?.inFlight, 2);
  });

  it("forgets what a full sample does not mention", () => {
    const view = apply(apply(undefined, sample(1, { inFlight: 2 })), sample(2, undefined, true));
    assert.equal(view.endpoints.size, 0);
  });

  it("refuses a gap in the sequence, another router's name, and an incremental first sample", () => {
    const view = apply(undefined, sample(1));
    assert.ok(!applySample(view, sample(3), 0).ok);
    assert.ok(!applySample(view, { ...sample(2), router: "router-1" }, 0).ok);
    assert.ok(!applySample(undefined, sample(1, {}, false), 0).ok);
  });
});

describe("countRouters() and sumLoad()", () => {
  const ready = new Set(["a", "b"]);

  it("add up all ready routers", () => {
    const views = [
      viewOf("a", { inFlight: 1, queued: 2, slots: 3 }),
      viewOf("b", { inFlight: 10, queued: 20, slots: 30 }),
    ];
    const counted = countRouters(views, ready, 100);
    assert.ok(counted.ok);
    const reading = { atMs: 100, inFlight: 11, queued: 22, slots: 33 };
    assert.deepEqual(sumLoad(counted.views, KEY, "blue", 100), reading);
  });

  it("count nothing of a version that isn't reported, also when it is called like a property of all objects", () => {
    const reading = { atMs: 0, inFlight: 0, queued: 0, slots: 0 };
    for (const version of ["green", "constructor"]) {
      assert.deepEqual(sumLoad([viewOf("a", { inFlight: 1 })], KEY, version, 0), reading);
    }
  });

  it("do not depend on the order of routers and samples within a tick", () => {
    const counts = fc.record({ inFlight: fc.nat(99), queued: fc.nat(99), slots: fc.nat(99) });
    fc.assert(
      fc.property(fc.array(counts, { maxLength: 8 }), (versions) => {
        const views = versions.map((version, index) => viewOf(`r${index}`, version));
        const backwards = [...views].reverse();
        assert.deepEqual(sumLoad(backwards, KEY, "blue", 0), sumLoad(views, KEY, "blue", 0));
      }),
    );
  });

  it("name a ready router that does not report, and one whose sample is old", () => {
    const counted = countRouters([viewOf("a", {}, 0)], ready, 1_001);
    assert.ok(!counted.ok);
    assert.equal(counted.reason, "RouterSilent");
    assert.match(counted.message, /^a, b are ready but did not report for 1000 ms/);
  });

  it("hold when no router is ready", () => {
    const counted = countRouters([viewOf("a", {})], new Set(), 0);
    assert.ok(!counted.ok && counted.reason === "NoReadyRouter");
  });

  it("count a vanished router's last requests for a while, then drop them", () => {
    const only = new Set(["a"]);
    const vanished = viewOf("b", { inFlight: 7 }, 0);
    const load = (nowMs: number) => {
      const counted = countRouters([viewOf("a", {}, nowMs), vanished], only, nowMs);
      assert.ok(counted.ok);
      return sumLoad(counted.views, KEY, "blue", nowMs).inFlight;
    };
    assert.equal(load(5_000), 7);
    assert.equal(load(5_001), 0);
  });
});
