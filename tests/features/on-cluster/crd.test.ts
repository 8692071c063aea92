// A real API server takes and refuses ModelEndpoints as the components do, on both sides of each line.

import assert from "node:assert/strict";
import {
  type EndpointVersion,
  type ModelEndpoint,
  API_VERSION,
  KIND,
  PLURAL,
} from "../../../contracts/model-endpoint/model-endpoint";
import { autoscaleOf, versionOf } from "../../support/model-endpoints";
import { type TestCluster, testCluster } from "../../support/test-cluster";

const DIGEST = "0123456789abcdef".repeat(4);
const AUTOSCALE = autoscaleOf();
const KEY = { mode: "Key", keyDigests: [{ name: "primary", sha256: DIGEST }] };

function version(changes: object = {}): EndpointVersion {
  const names = { serviceName: "churn-blue", deploymentName: "churn-blue" };
  return versionOf("blue", { ...names, autoscale: AUTOSCALE, ...changes });
}

function other(name: string, changes: object = {}): EndpointVersion {
  return version({ name, isDefault: false, ...changes });
}

function without(value: object, field: string): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== field));
}

interface Case {
  readonly name?: string;
  readonly authentication?: object;
  readonly versions?: readonly object[];
}

/** What is tried, and for what is refused a piece of the sentence. */
type Row = readonly [what: string, tried: Case, refusal?: RegExp];

const auto = (changes: object): Case => ({
  versions: [version({ autoscale: { ...AUTOSCALE, ...changes } })],
});
const one = (changes: object): Case => ({ versions: [version(changes)] });
const shares = (...percentiles: number[]): Case => ({
  versions: percentiles.map((trafficPercentile, index) =>
    version({ name: `version-${index}`, isDefault: index === 0, trafficPercentile }),
  ),
});
const digest = (sha256: string): Case => ({
  authentication: { mode: "Key", keyDigests: [{ name: "primary", sha256 }] },
});

const ROWS: readonly Row[] = [
  ["an endpoint of one version", {}],
  ["an endpoint's name of 3 characters", { name: "a-1" }],
  ["an endpoint's name of 2 characters", { name: "ab" }, /metadata\.name must be 3 to 32/],
  ["an endpoint's name of 32 characters", { name: "a".repeat(32) }],
  ["an endpoint's name of 33 characters", { name: "a".repeat(33) }, /metadata\.name must be/],
  ["an endpoint's name that starts with a digit", { name: "1ab" }, /metadata\.name must be/],
  ["an endpoint's name with a dot", { name: "a.b" }, /metadata\.name must be/],

  ["a version's name of 3 characters", one({ name: "a-1" })],
  ["a version's name of 2 characters", one({ name: "ab" }), /name.*at least 3/],
  ["a version's name of 32 characters", one({ name: "a".repeat(32) })],
  ["a version's name of 33 characters", one({ name: "a".repeat(33) }), /name.*than 32/],
  ["a version's name that ends with a dash", one({ name: "blue-" }), /name.*should match/],
  ["a version's name with a capital", one({ name: "Blue" }), /name.*should match/],

  ["no version", { versions: [] }, /versions.*at least 1/],
  ["six versions", shares(0, 0, 0, 0, 0, 0)],
  ["seven versions", shares(0, 0, 0, 0, 0, 0, 0), /versions.*at most 6/],
  ["two versions of one name", { versions: [version(), other("blue")] }, /Duplicate value/],
  ["no default", one({ isDefault: false }), /exactly one version must have isDefault true/],
  [
    "two defaults",
    { versions: [version(), version({ name: "green" })] },
    /exactly one version must have isDefault true/,
  ],
  ["one Control", { versions: [version({ type: "Control" }), other("green")] }],
  [
    "two Controls",
    { versions: [version({ type: "Control" }), other("green", { type: "Control" })] },
    /at most one version may have type Control/,
  ],
  ["another type", one({ type: "Shadow" }), /type.*Unsupported value/],

  ["a percentile of 100", shares(100)],
  ["a percentile of 100.01", shares(100.01), /trafficPercentile.*less than or equal to 100/],
  ["a negative percentile", shares(-0.01), /trafficPercentile.*greater than or equal to 0/],
  ["a percentile of 0.07, which is not exact in binary", shares(0.07)],
  ["a percentile of 0.075", shares(0.075), /trafficPercentile must be in steps of 0\.01/],
  ["shares of 33.3 + 33.3 + 33.4", shares(33.3, 33.3, 33.4)],
  ["shares of 0.1 + 0.2 + 99.7", shares(0.1, 0.2, 99.7)],
  ["shares of 33.3 + 33.3 + 33.41", shares(33.3, 33.3, 33.41), /must sum to 100 at most/],
  ["shares of 60 + 41", shares(60, 41), /must sum to 100 at most/],

  ["no requests at the same time", one({ maxConcurrentRequestsPerContainer: 0 }), /equal to 1/],
  ["a queue wait of 1 ms", one({ maxQueueWaitMs: 1 })],
  ["a queue wait of 0 ms", one({ maxQueueWaitMs: 0 }), /maxQueueWaitMs.*equal to 1/],
  ["half a millisecond", one({ maxQueueWaitMs: 1.5 }), /maxQueueWaitMs.*integer/],
  ["a scoring timeout of 1 ms", one({ scoringTimeoutMs: 1 })],
  ["a scoring timeout of 0 ms", one({ scoringTimeoutMs: 0 }), /scoringTimeoutMs.*equal to 1/],
  ["a scoring timeout of 300000 ms", one({ scoringTimeoutMs: 300_000 })],
  ["a scoring timeout of 300001 ms", one({ scoringTimeoutMs: 300_001 }), /equal to 300000/],
  ["streams of 3600 s", one({ maxStreamSeconds: 3_600 })],
  ["streams of 0 s", one({ maxStreamSeconds: 0 }), /maxStreamSeconds.*equal to 1/],
  ["streams of 3601 s", one({ maxStreamSeconds: 3_601 }), /maxStreamSeconds.*equal to 3600/],
  ["streams that idle for 1000 ms", one({ streamIdleTimeoutMs: 1_000 })],
  ["streams that idle for 999 ms", one({ streamIdleTimeoutMs: 999 }), /equal to 1000/],

  ["as many replicas at least as at most", auto({ minReplicas: 3, maxReplicas: 3 })],
  [
    "more replicas at least than at most",
    auto({ minReplicas: 4, maxReplicas: 3 }),
    /minReplicas must not exceed maxReplicas/,
  ],
  ["no replicas at least", auto({ minReplicas: 0 }), /minReplicas.*equal to 1/],
  ["a target of 1 %", auto({ targetUtilization: 1 })],
  ["a target of 0 %", auto({ targetUtilization: 0 }), /targetUtilization.*equal to 1/],
  ["a target of 100 %", auto({ targetUtilization: 100 })],
  ["a target of 101 %", auto({ targetUtilization: 101 }), /targetUtilization.*equal to 100/],
  ["a refresh period of 0 s", auto({ refreshPeriodInSeconds: 0 }), /refreshPeriodInSeconds.*to 1/],

  ["a fixed number of replicas", { versions: [without(version({ numReplicas: 1 }), "autoscale")] }],
  [
    "a fixed number of no replicas",
    { versions: [without(version({ numReplicas: 0 }), "autoscale")] },
    /numReplicas.*equal to 1/,
  ],
  [
    "autoscale and numReplicas",
    one({ numReplicas: 2 }),
    /exactly one of autoscale and numReplicas/,
  ],
  [
    "neither autoscale nor numReplicas",
    { versions: [without(version(), "autoscale")] },
    /exactly one of autoscale and numReplicas/,
  ],

  ["keys", { authentication: KEY }],
  [
    "two keys",
    {
      authentication: {
        mode: "Key",
        keyDigests: [...KEY.keyDigests, { name: "secondary", sha256: DIGEST }],
      },
    },
  ],
  [
    "one key twice",
    { authentication: { mode: "Key", keyDigests: [...KEY.keyDigests, ...KEY.keyDigests] } },
    /Duplicate value/,
  ],
  ["mode Key without digests", { authentication: { mode: "Key" } }, /keyDigests must be given/],
  [
    "mode Key with an empty list",
    { authentication: { mode: "Key", keyDigests: [] } },
    /keyDigests.*at least 1/,
  ],
  [
    "mode None with digests",
    { authentication: { ...KEY, mode: "None" } },
    /keyDigests must be given when mode is Key, and only then/,
  ],
  ["another mode", { authentication: { mode: "Token" } }, /mode.*Unsupported value/],
  ["a digest with capitals", digest(DIGEST.toUpperCase()), /sha256.*should match/],
  ["a digest that is too short", digest(DIGEST.slice(1)), /sha256.*should match/],
  ["a digest that is too long", digest(`${DIGEST}0`), /sha256/],
  ...Object.keys(without(version(), "autoscale")).map((field): Row => [
    `no ${field}`,
    { versions: [without(version(), field)] },
    new RegExp(field),
  ]),
];

describe("The API server", () => {
  let cluster: TestCluster;
  before(async () => {
    cluster = await testCluster();
  });

  for (const [what, tried, refusal] of ROWS) {
    it(`${refusal === undefined ? "takes" : "refuses"} ${what}`, async () => {
      const { name = "churn", authentication = { mode: "None" }, versions = [version()] } = tried;
      const response = await cluster.client.request({
        method: "POST",
        path: `/apis/${API_VERSION}/namespaces/default/${PLURAL}`,
        query: { dryRun: "All", fieldValidation: "Strict" },
        body: {
          apiVersion: API_VERSION,
          kind: KIND,
          metadata: { name },
          spec: { authentication, versions },
        },
      });
      const { message = "" } = response.body as { readonly message?: string };
      if (refusal === undefined) {
        assert.equal(response.status, 201, message);
        const { spec } = response.body as ModelEndpoint;
        assert.deepEqual(spec, { authentication, versions });
      } else {
        assert.equal(response.status, 422, message);
        assert.match(message, refusal);
      }
    });
  }
});
