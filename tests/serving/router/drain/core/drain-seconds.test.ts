// How long a drain may take, by what is served.
import assert from "node:assert/strict";
import {
  DRAIN_MARGIN_SECONDS,
  LONGEST_DRAIN_SECONDS,
  LONGEST_QUEUE_SECONDS,
} from "../../../../../contracts/pods/router-environment";
import { drainSeconds, nextBound } from "../../../../../serving/router/drain/core/drain-seconds";
import { endpointOf, versionOf } from "../../../../support/model-endpoints";

const served = (...versions: readonly object[]) => [
  endpointOf({
    versions: versions.map((more, index) =>
      versionOf(`v${index}`, { maxQueueWaitMs: 500, ...more }),
    ),
  }),
];

describe("drainSeconds()", () => {
  it("is the longest queue wait and answer of any version, rounded up, with the margin", () => {
    const endpoints = served(
      { scoringTimeoutMs: 60_000 },
      { scoringTimeoutMs: 300_000, maxQueueWaitMs: 10_200 },
    );
    assert.equal(drainSeconds(endpoints), DRAIN_MARGIN_SECONDS + 311);
  });

  it("lets a stream end: for two minutes where the version says nothing, else as long as it says", () => {
    assert.equal(drainSeconds(served({ scoringTimeoutMs: 1_000 })), DRAIN_MARGIN_SECONDS + 121);
    const long = served({ scoringTimeoutMs: 1_000, maxStreamSeconds: 900 });
    assert.equal(drainSeconds(long), DRAIN_MARGIN_SECONDS + 901);
  });

  it("never exceeds what the pod's grace period is made for", () => {
    const endless = served({ maxQueueWaitMs: 1e12, maxStreamSeconds: 3_600 });
    assert.equal(drainSeconds(endless), LONGEST_DRAIN_SECONDS);
    assert.equal(
      drainSeconds(served({ maxQueueWaitMs: 1e12, scoringTimeoutMs: 1_000 })),
      DRAIN_MARGIN_SECONDS + LONGEST_QUEUE_SECONDS + 120,
    );
  });

  it("is the margin while nothing is served", () => {
    assert.equal(drainSeconds([]), DRAIN_MARGIN_SECONDS);
  });
});

describe("nextBound()", () => {
  it("grows at once, and shrinks when what had the longer bound must have ended", () => {
    const first = nextBound(undefined, 100, 0);
    const longer = nextBound(first, 300, 1_000);
    assert.equal(longer.seconds, 300);
    const still = nextBound(longer, 300, 2_000);
    assert.equal(nextBound(still, 100, 301_999).seconds, 300);
    assert.equal(nextBound(still, 100, 302_000).seconds, 100);
  });
});
