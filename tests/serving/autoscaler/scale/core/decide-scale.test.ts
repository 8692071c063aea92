// decideScale() along timelines with an explicit now, in the style of Knative's autoscaler tests.

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type ScaleDecision,
  type ScaleSettings,
  decideScale,
  wantedReplicas,
} from "../../../../../serving/autoscaler/scale/core/decide-scale";
import {
  type LoadHistory,
  recordReading,
} from "../../../../../serving/autoscaler/load/core/load-history";

const PERIOD_MS = 100;
const WINDOWS = { refreshMs: 1_000, holdMs: 60_000 };
const SETTINGS: ScaleSettings = {
  minReplicas: 1,
  maxReplicas: 100,
  targetUtilization: 70,
  maxConcurrentRequestsPerContainer: 1,
  holdMs: WINDOWS.holdMs,
};

/** A version under load: time passes, the decision is carried out, and each change is remembered. */
class Timeline {
  nowMs = 1_000_000;
  history: LoadHistory | undefined;
  readonly changes: { readonly atMs: number; readonly decision: ScaleDecision }[] = [];

  constructor(
    public replicas: number,
    readonly settings: ScaleSettings = SETTINGS,
  ) {}

  decide(unknownLoad?: { reason: string; message: string }): ScaleDecision {
    const { history, replicas } = this;
    const facts = {
      desiredReplicas: replicas,
      readyReplicas: replicas,
      ...(history && { history }),
      ...(unknownLoad && { unknownLoad }),
    };
    return decideScale(facts, this.settings, this.nowMs);
  }

  read(load: number): ScaleDecision {
    const reading = { atMs: this.nowMs, inFlight: load, queued: 0, slots: this.replicas };
    this.history = recordReading(this.history, reading, WINDOWS);
    return this.decide();
  }

  /** Plays a load for a time, deciding at each reading; returns the last decision. */
  play(load: number | ((tick: number) => number), forMs: number): ScaleDecision {
    let decision: ScaleDecision | undefined;
    for (let tick = 0; tick * PERIOD_MS < forMs; tick += 1) {
      this.nowMs += PERIOD_MS;
      decision = this.read(typeof load === "number" ? load : load(tick));
      if (decision.replicas !== this.replicas) {
        this.changes.push({ atMs: this.nowMs, decision });
        this.replicas = decision.replicas;
      }
    }
    assert.ok(decision);
    return decision;
  }
}

describe("wantedReplicas()", () => {
  const table = [
    { load: 0, target: 70, concurrency: 1, wanted: 0 },
    { load: 0.7, target: 70, concurrency: 1, wanted: 1 },
    { load: 0.71, target: 70, concurrency: 1, wanted: 2 },
    { load: 7, target: 70, concurrency: 1, wanted: 10 },
    { load: 200, target: 70, concurrency: 1, wanted: 286 },
    { load: 200, target: 70, concurrency: 4, wanted: 72 },
    { load: 0.07 * 3, target: 21, concurrency: 1, wanted: 1 },
    { load: 100, target: 100, concurrency: 1, wanted: 100 },
  ];
  for (const { load, target, concurrency, wanted } of table) {
    it(`wants ${wanted} for ${load} requests at ${target} % of ${concurrency}`, () => {
      const settings = {
        targetUtilization: target,
        maxConcurrentRequestsPerContainer: concurrency,
      };
      assert.equal(wantedReplicas(load, settings), wanted);
    });
  }
});

describe("decideScale() goes up", () => {
  it("answers a step of 10 × in one decision, within the refresh period", () => {
    const timeline = new Timeline(2);
    timeline.play(1, 5_000);
    const stepAtMs = timeline.nowMs;
    timeline.play(10, 2_000);
    assert.deepEqual(
      timeline.changes.map(({ decision }) => [decision.replicas, decision.reason]),
      [[15, "LoadAboveTarget"]],
    );
    assert.ok((timeline.changes[0]?.atMs ?? Infinity) - stepAtMs <= WINDOWS.refreshMs);
  });

  it("does not answer one reading's spike in full", () => {
    const timeline = new Timeline(2);
    timeline.play(1, 5_000);
    const spike = timeline.play(50, PERIOD_MS);
    assert.equal(spike.reason, "LoadRising");
    timeline.play(1, 5_000);
    assert.ok(timeline.replicas <= wantedReplicas(50 / 10 + 1, SETTINGS));
  });

  it("answers a load that swings around a high average", () => {
    const timeline = new Timeline(2);
    timeline.play((tick) => (tick % 2 === 0 ? 20 : 0), 3_000);
    assert.ok(timeline.replicas >= wantedReplicas(10, SETTINGS));
  });

  it("follows a steady rise while it lasts", () => {
    const timeline = new Timeline(2);
    timeline.play((tick) => tick / 2, 10_000);
    assert.ok(timeline.replicas >= wantedReplicas(45, SETTINGS));
  });

  it("counts replicas that are starting, and asks for no more while they start", () => {
    const timeline = new Timeline(2);
    timeline.play(10, 3_000);
    assert.equal(timeline.replicas, 15);
    const decision = timeline.play(10, 30_000);
    assert.deepEqual([decision.replicas, decision.reason], [15, "WithinTarget"]);
    assert.equal(timeline.changes.length, 1);
  });

  it("stops at maxReplicas and says so", () => {
    const timeline = new Timeline(2, { ...SETTINGS, maxReplicas: 5 });
    const decision = timeline.play(10, 3_000);
    assert.deepEqual([timeline.replicas, decision.reason], [5, "AtMaximum"]);
  });
});

describe("decideScale() goes down", () => {
  it("keeps the larger count while the window still holds it, then goes in at most two steps", () => {
    const timeline = new Timeline(1);
    timeline.play(10, 3_000);
    assert.equal(timeline.replicas, 15);
    const held = timeline.play(1, WINDOWS.holdMs - 1_000);
    assert.deepEqual([held.replicas, held.reason], [15, "LargerLoadInWindow"]);
    timeline.play(1, 4_000);
    const downs = timeline.changes.slice(1);
    assert.equal(timeline.replicas, 2);
    assert.ok(downs.length <= 2, `${downs.length} steps`);
    assert.ok(downs.every(({ decision }) => decision.reason === "LoadBelowTarget"));
  });

  it("goes down to what the largest load of the window wants, not to what the newest does", () => {
    const timeline = new Timeline(1);
    timeline.play(10, 3_000);
    timeline.play(5, 30_000);
    timeline.play(1, 35_000);
    assert.equal(timeline.replicas, wantedReplicas(5, SETTINGS));
  });

  it("never goes down before it has observed a full window, as a new leader has not", () => {
    const timeline = new Timeline(20);
    const held = timeline.play(0, WINDOWS.holdMs);
    assert.deepEqual([held.replicas, held.reason], [20, "WindowNotFull"]);
    timeline.play(0, 2 * PERIOD_MS);
    assert.equal(timeline.replicas, 1);
  });

  it("stops at minReplicas", () => {
    const timeline = new Timeline(20, { ...SETTINGS, minReplicas: 3 });
    timeline.play(0, WINDOWS.holdMs + 1_000);
    assert.equal(timeline.replicas, 3);
  });

  it("does not flap at a load that hovers around the target", () => {
    const timeline = new Timeline(10);
    timeline.play((tick) => 6.5 + Math.sin(tick / 7), 600_000);
    assert.ok(timeline.changes.length <= 2, `${timeline.changes.length} changes`);
  });
});

describe("decideScale() holds", () => {
  it("without any data", () => {
    const decision = new Timeline(4).decide();
    assert.deepEqual([decision.replicas, decision.reason], [4, "NoLoadReported"]);
  });

  it("with stale data", () => {
    const timeline = new Timeline(1);
    timeline.read(50);
    timeline.nowMs += 1_001;
    const decision = timeline.decide();
    assert.deepEqual([decision.replicas, decision.reason], [1, "StaleLoad"]);
    assert.match(decision.message, /1001 ms old/);
  });

  it("while a router is missing, with its reason", () => {
    const timeline = new Timeline(1);
    timeline.play(0.1, 3_000);
    const missing = { reason: "RouterSilent", message: "router-1 is ready and did not report." };
    const decision = timeline.decide(missing);
    assert.deepEqual([decision.replicas, decision.reason], [1, "RouterSilent"]);
    assert.equal(decision.message, missing.message);
  });

  it("when the clock goes back", () => {
    const timeline = new Timeline(1);
    timeline.read(50);
    timeline.nowMs -= 5;
    assert.deepEqual(timeline.decide().reason, "ClockJumped");
  });

  it("the number after a jump forward: the window starts anew", () => {
    const timeline = new Timeline(20);
    timeline.play(14, WINDOWS.holdMs);
    timeline.nowMs += 3_600_000;
    const after = timeline.play(0, 30_000);
    assert.deepEqual([after.replicas, after.reason], [20, "WindowNotFull"]);
  });

  it("within the limits even when it knows nothing", () => {
    const low = new Timeline(1, { ...SETTINGS, minReplicas: 2 }).decide();
    assert.deepEqual([low.replicas, low.reason], [2, "BelowMinimum"]);
    const high = new Timeline(9, { ...SETTINGS, maxReplicas: 5 }).decide();
    assert.deepEqual([high.replicas, high.reason], [5, "AboveMaximum"]);
  });
});

describe("decideScale(), for all loads", () => {
  const loads = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 40 });
  const settings = fc
    .record({
      minReplicas: fc.integer({ min: 1, max: 20 }),
      more: fc.integer({ min: 0, max: 200 }),
      targetUtilization: fc.integer({ min: 1, max: 100 }),
      maxConcurrentRequestsPerContainer: fc.integer({ min: 1, max: 50 }),
    })
    .map(({ more, ...rest }) => ({
      ...rest,
      maxReplicas: rest.minReplicas + more,
      holdMs: 2_000,
    }));
  const windows = { refreshMs: 1_000, holdMs: 2_000 };
  const present = fc.integer({ min: 0, max: 300 });

  function decideAfter(history: readonly number[], chosen: ScaleSettings, replicas: number) {
    let state: LoadHistory | undefined;
    history.forEach((load, tick) => {
      const reading = { atMs: tick * PERIOD_MS, inFlight: load, queued: 0, slots: 1 };
      state = recordReading(state, reading, windows);
    });
    const facts = { desiredReplicas: replicas, readyReplicas: 0, ...(state && { history: state }) };
    return decideScale(facts, chosen, (history.length - 1) * PERIOD_MS);
  }

  it("stays within the limits", () => {
    fc.assert(
      fc.property(loads, settings, present, (history, chosen, replicas) => {
        const decision = decideAfter(history, chosen, replicas);
        assert.ok(decision.replicas >= chosen.minReplicas);
        assert.ok(decision.replicas <= chosen.maxReplicas);
      }),
    );
  });

  it("never wants fewer replicas for more load", () => {
    const more = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(loads, more, settings, present, (history, extra, chosen, replicas) => {
        const heavier = history.map((load, index) => load + (extra[index] ?? 0));
        const light = decideAfter(history, chosen, replicas).replicas;
        assert.ok(decideAfter(heavier, chosen, replicas).replicas >= light);
      }),
    );
  });

  it("gives every decision a CamelCase reason and a sentence", () => {
    fc.assert(
      fc.property(loads, settings, present, (history, chosen, replicas) => {
        const { reason, message } = decideAfter(history, chosen, replicas);
        assert.match(reason, /^([A-Z][a-z]+)+$/);
        assert.match(message, /^[A-Z0-9m].*\.$/);
      }),
    );
  });
});
