// How long pods wait for their last requests, and probes for busy replicas.
import assert from "node:assert/strict";
import fc from "fast-check";
import { probeTimes } from "../../../components/endpoint/pod-times";
import { drainTimes } from "../../../contracts/pods/drain-times";

const DEFAULTS = {
  initialDelaySeconds: 310,
  periodSeconds: 10,
  timeoutSeconds: 2,
  successThreshold: 1,
  failureThreshold: 3,
};

const bounds = fc.record({
  scoringTimeoutMs: fc.integer({ min: 1, max: 300_000 }),
  maxStreamSeconds: fc.integer({ min: 1, max: 3_600 }),
});
const seconds = fc.integer({ min: 1, max: 1_000 });
const declared = fc.record({
  initialDelaySeconds: seconds,
  periodSeconds: seconds,
  timeoutSeconds: seconds,
  successThreshold: fc.constant(1),
  failureThreshold: seconds,
});

describe("drainTimes()", () => {
  it("covers the longer of a response's first byte and a stream, rounded up, and the router's propagation", () => {
    const of = (scoringTimeoutMs: number, maxStreamSeconds: number) =>
      drainTimes({ scoringTimeoutMs, maxStreamSeconds });
    assert.deepEqual(of(60_000, 120), { preStopSeconds: 122, graceSeconds: 152 });
    assert.deepEqual(of(90_001, 1), { preStopSeconds: 93, graceSeconds: 123 });
  });
});

describe("probeTimes()", () => {
  it("keeps the declared numbers but for the time-out, which covers the longest request", () => {
    const { liveness, readiness } = probeTimes(DEFAULTS, {
      scoringTimeoutMs: 60_000,
      maxStreamSeconds: 120,
    });
    assert.deepEqual(liveness, { ...DEFAULTS, timeoutSeconds: 135 });
    assert.deepEqual(readiness, { periodSeconds: 5, timeoutSeconds: 125, failureThreshold: 1 });
  });

  it("fails no probe that waits behind a request within its bounds, whatever is declared", () => {
    fc.assert(
      fc.property(declared, bounds, (probe, { scoringTimeoutMs, maxStreamSeconds }) => {
        const { liveness, readiness } = probeTimes(probe, { scoringTimeoutMs, maxStreamSeconds });
        for (const { timeoutSeconds = 0 } of [liveness, readiness]) {
          assert.ok(timeoutSeconds * 1_000 >= scoringTimeoutMs + probe.timeoutSeconds * 1_000);
          assert.ok(timeoutSeconds >= maxStreamSeconds + probe.timeoutSeconds);
        }
      }),
    );
  });

  it("takes a hung replica out of service, and tells every router, before it can be restarted", () => {
    fc.assert(
      fc.property(declared, bounds, (probe, longest) => {
        const { liveness, readiness } = probeTimes(probe, longest);
        const { periodSeconds = 0, timeoutSeconds = 0, failureThreshold } = readiness;
        assert.equal(failureThreshold, 1);
        // The readiness probe may begin a whole period after the liveness probe.
        assert.ok(periodSeconds + timeoutSeconds + 5 <= (liveness.timeoutSeconds ?? 0));
      }),
    );
  });

  it("gives a slow loader as long as v1 did before it is restarted", () => {
    const probe = { ...DEFAULTS, initialDelaySeconds: 100, periodSeconds: 5, failureThreshold: 4 };
    const { startup } = probeTimes(probe, { scoringTimeoutMs: 1, maxStreamSeconds: 1 });
    assert.deepEqual(startup, { periodSeconds: 1, timeoutSeconds: 2, failureThreshold: 120 });
  });
});
