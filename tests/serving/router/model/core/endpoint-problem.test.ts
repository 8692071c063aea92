// findProblem(): why a router leaves a ModelEndpoint out.
import assert from "node:assert/strict";
import { findProblem } from "../../../../../serving/router/model/core/endpoint-problem";
import type { EndpointVersion } from "../../../../../contracts/model-endpoint/model-endpoint";
import { endpointOf, versionOf } from "../../../../support/model-endpoints";

const withVersion = (overrides: Partial<EndpointVersion>) =>
  endpointOf({ versions: [versionOf("blue", overrides)] });
const others = (...percentiles: number[]) =>
  endpointOf({
    versions: [
      versionOf("blue"),
      ...percentiles.map((trafficPercentile, index) =>
        versionOf(`other-${index}`, { isDefault: false, trafficPercentile }),
      ),
    ],
  });

describe("findProblem()", () => {
  it("finds none in a legal endpoint", () => {
    assert.equal(findProblem(endpointOf()), undefined);
    assert.equal(findProblem(others(33.3, 33.3, 33.4)), undefined);
  });

  const cases: [string, ReturnType<typeof endpointOf>, RegExp][] = [
    ["a name that is a command", endpointOf({}, { name: "a;b" }), /^metadata.name must be 3 to 32/],
    ["a namespace with a dot", endpointOf({}, { namespace: "a.b" }), /^metadata.namespace must be/],
    [
      "a version's name with a dot",
      withVersion({ name: "a.b" }),
      /^spec.versions\[a.b\].name must/,
    ],
    ["no default", withVersion({ isDefault: false }), /one with isDefault: there are 0$/],
    [
      "one name twice",
      endpointOf({ versions: [versionOf("blue"), versionOf("blue")] }),
      /different/,
    ],
    ["shares above 100", others(60, 40.01), /sum to 100 at most: it is 100.01$/],
    [
      "a negative share",
      withVersion({ trafficPercentile: -1 }),
      /trafficPercentile must be 0 to 100/,
    ],
    [
      "no slots",
      withVersion({ maxConcurrentRequestsPerContainer: 0 }),
      /whole number from 1: it is 0$/,
    ],
    [
      "a queue wait that HAProxy can't count",
      withVersion({ maxQueueWaitMs: 2 ** 31 }),
      /maxQueueWaitMs/,
    ],
    ["half a millisecond", withVersion({ scoringTimeoutMs: 0.5 }), /scoringTimeoutMs/],
    [
      "a stream idle for ever",
      withVersion({ streamIdleTimeoutMs: 3_600_001 }),
      /streamIdleTimeoutMs must be a whole number from 1000 to 3600000: it is 3600001/,
    ],
    ["no time for a stream", withVersion({ maxStreamSeconds: 0 }), /maxStreamSeconds/],
    [
      "a digest that is none",
      endpointOf({
        authentication: { mode: "Key", keyDigests: [{ name: "primary", sha256: "yes yes" }] },
      }),
      /keyDigests must be 64/,
    ],
  ];
  for (const [what, endpoint, message] of cases) {
    it(`finds ${what}`, () => {
      const problem = findProblem(endpoint);
      assert.equal(problem?.reason, "InvalidSpec");
      assert.match(problem.message, message);
    });
  }
});
