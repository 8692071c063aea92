// One rejecting case per rule of an endpoint's arguments, and what must pass.
import assert from "node:assert/strict";
import { sentence } from "../../../values/argument-error";
import {
  validateEndpoint,
  validateEndpointChange,
} from "../../../validation/endpoint/validate-endpoint";
import { UNKNOWN } from "../../../values/unknown";
import { readKubeConfig } from "../../../kubernetes/io/kube-config";
import { KUBECONFIG } from "../../support/component-kubeconfig";

const router = {
  kubeconfig: KUBECONFIG,
  namespace: "aml-inference",
  scoringBaseUri: "http://1.2.3.4",
};
const world = { now: new Date("2026-06-01T00:00:00Z"), readKubeConfig };
const validate = (name: string, endpoint: Readonly<Record<string, unknown>>) =>
  validateEndpoint(name, endpoint, world);
const image = "registry.example/model:1";
const legal = { router, versions: { blue: { image } } };

/** Sentences about an endpoint whose only version has these arguments. */
function ofVersion(version: object): string[] {
  return validate("churn", { router, versions: { blue: { image, ...version } } }).map(sentence);
}

/** Sentences about an endpoint with these arguments. */
function ofEndpoint(endpoint: object): string[] {
  return validate("churn", { ...legal, ...endpoint }).map(sentence);
}

describe("validateEndpoint()", () => {
  it("accepts an image alone", () => assert.deepEqual(ofEndpoint({}), []));

  it("accepts every argument at once", () => {
    const version = {
      image,
      isDefault: true,
      isControl: true,
      trafficPercentile: 99.99,
      autoscale: {
        minReplicas: 2,
        maxReplicas: 2,
        targetUtilization: 100,
        refreshPeriodInSeconds: 5,
      },
      cpuCores: 0.1,
      cpuCoresLimit: 0.1,
      memoryGb: 1.5,
      memoryGbLimit: 2,
      gpuCores: 0,
      scoringTimeoutMs: 300_000,
      streamIdleTimeoutMs: 3_600_000,
      maxStreamSeconds: 3_600,
      maxConcurrentRequestsPerContainer: 4,
      maxQueueWaitMs: 1,
      livenessProbe: {
        periodSeconds: 1,
        initialDelaySeconds: 1,
        timeoutSeconds: 1,
        successThreshold: 1,
        failureThreshold: 1,
      },
      environmentVariables: { AZUREML_MODEL_DIR: "azureml-models", EMPTY: "" },
      nodeSelector: { "kubernetes.azure.com/mode": "user" },
      tolerations: [{ key: "gpu", operator: "Exists", effect: "NoSchedule" }],
      tags: { team: "risk" },
      properties: { origin: "v1" },
      description: "first",
    };
    const endpoint = {
      router,
      versions: { blue: version },
      namespace: "models",
      authEnabled: true,
      keys: { primaryKey: "0123456789abcdef", secondaryKey: "0123456789ABCDEF" },
      keyVersions: { primaryKey: 2, secondaryKey: 1 },
      tags: { team: "risk" },
      properties: {},
      description: "churn",
      rolloutTimeoutSeconds: 900,
      tokenAuthEnabled: false,
      collectModelData: false,
      enableAppInsights: false,
    };
    assert.deepEqual(validate("churn", endpoint), []);
  });

  it("accepts what is unknown, and judges what stands beside it", () => {
    const versions = {
      blue: { image: UNKNOWN, isDefault: true, cpuCores: UNKNOWN },
      green: { image: UNKNOWN, trafficPercentile: 130 },
    };
    assert.deepEqual(validate("churn", { router: UNKNOWN, versions }).map(sentence), [
      "versions.green.trafficPercentile must be 0 to 100 in steps of 0.01: it is 130",
    ]);
  });

  const versionCases: readonly (readonly [object, string])[] = [
    [{ image: "" }, 'versions.blue.image must be a text that is not empty: it is ""'],
    [{ image: undefined }, "versions.blue.image is required: it is missing"],
    [
      { trafficPercentile: 130 },
      "versions.blue.trafficPercentile must be 0 to 100 in steps of 0.01: it is 130",
    ],
    [
      { trafficPercentile: 0.001 },
      "versions.blue.trafficPercentile must be 0 to 100 in steps of 0.01: it is 0.001",
    ],
    [{ isDefault: "yes" }, 'versions.blue.isDefault must be true or false: it is "yes"'],
    [{ isControl: 1 }, "versions.blue.isControl must be true or false: it is 1"],
    [
      { numReplicas: 0 },
      "versions.blue.numReplicas must be a whole number from 1 to 1000: it is 0",
    ],
    [
      { numReplicas: 2, autoscale: {} },
      "versions.blue.numReplicas can't be given with autoscale: a version has a fixed number of replicas or is autoscaled",
    ],
    [
      { autoscale: { minReplicas: 0 } },
      "versions.blue.autoscale.minReplicas must be a whole number from 1 to 1000: it is 0",
    ],
    [
      { autoscale: { minReplicas: 11 } },
      "versions.blue.autoscale.minReplicas must be at most maxReplicas, which is 10: it is 11",
    ],
    [
      { autoscale: { targetUtilization: 101 } },
      "versions.blue.autoscale.targetUtilization must be a whole number from 1 to 100: it is 101",
    ],
    [
      { autoscale: { refreshPeriodInSeconds: 0.5 } },
      "versions.blue.autoscale.refreshPeriodInSeconds must be a whole number from 1 to 600: it is 0.5",
    ],
    [{ autoscale: true }, "versions.blue.autoscale must be an object: it is true"],
    [{ cpuCores: 0 }, "versions.blue.cpuCores must be above 0 in steps of 0.001: it is 0"],
    [
      { cpuCoresLimit: 0.05 },
      "versions.blue.cpuCoresLimit must be at least cpuCores, which is 0.1: it is 0.05",
    ],
    [{ memoryGb: -1 }, "versions.blue.memoryGb must be above 0: it is -1"],
    [
      { memoryGb: 2, memoryGbLimit: 1 },
      "versions.blue.memoryGbLimit must be at least memoryGb, which is 2: it is 1",
    ],
    [{ gpuCores: 0.5 }, "versions.blue.gpuCores must be a whole number of at least 0: it is 0.5"],
    [
      { scoringTimeoutMs: 300_001 },
      "versions.blue.scoringTimeoutMs must be a whole number from 1 to 300000: it is 300001",
    ],
    [
      { streamIdleTimeoutMs: 999 },
      "versions.blue.streamIdleTimeoutMs must be a whole number from 1000 to 3600000: it is 999",
    ],
    [
      { maxStreamSeconds: 3_601 },
      "versions.blue.maxStreamSeconds must be a whole number from 1 to 3600: it is 3601",
    ],
    [
      { maxConcurrentRequestsPerContainer: 0 },
      "versions.blue.maxConcurrentRequestsPerContainer must be a whole number from 1 to 10000: it is 0",
    ],
    [
      { maxQueueWaitMs: "500" },
      'versions.blue.maxQueueWaitMs must be a whole number from 1 to 3600000: it is "500"',
    ],
    [
      { livenessProbe: { periodSeconds: 0 } },
      "versions.blue.livenessProbe.periodSeconds must be a whole number of at least 1: it is 0",
    ],
    [
      { livenessProbe: { successThreshold: 2 } },
      "versions.blue.livenessProbe.successThreshold must be 1, the only value that Kubernetes accepts of a liveness probe: it is 2",
    ],
    [
      { environmentVariables: { LEVEL: 3 } },
      "versions.blue.environmentVariables.LEVEL must be a text: it is a number",
    ],
    [
      { tolerations: [{ keys: "gpu" }] },
      "versions.blue.tolerations[0].keys is not an argument; the arguments are key, operator, value, effect, tolerationSeconds",
    ],
  ];
  for (const [version, expected] of versionCases) {
    it(`refuses a version with ${JSON.stringify(version)}`, () =>
      assert.deepEqual(ofVersion(version), [expected]));
  }

  const endpointCases: readonly (readonly [object, RegExp])[] = [
    [{ router: undefined }, /^router is required: an AmlInferenceRouter or its outputs$/],
    [
      { router: { ...router, kubeconfig: "a: b" } },
      /^router\.kubeconfig can't be used: it names no/,
    ],
    [{ router: { ...router, namespace: "" } }, /^router\.namespace must be a text/],
    [{ versions: { B1: { image } } }, /^versions\.B1 must have a name of 3 to 32 lower-case/],
    [{ versions: [] }, /^versions must map names to versions: it is \[\]$/],
    [{ namespace: "Models" }, /^namespace must be 1 to 63 .*: it is "Models"$/],
    [{ authEnabled: "no" }, /^authEnabled must be true or false: it is "no"$/],
    [{ keys: { primaryKey: "short" } }, /^keys\.primaryKey must be 16 to 256 .*: it has 5 char/],
    [{ keys: { primaryKey: "with a space in it" } }, /^keys\.primaryKey must be 16 to 256/],
    [
      { keys: { primaryKey: "0123456789abcdef", secondaryKey: "0123456789abcdef" } },
      /^keys\.secondaryKey must differ from keys\.primaryKey$/,
    ],
    [
      { authEnabled: false, keys: { primaryKey: "0123456789abcdef" } },
      /^keys can't be given when authEnabled is false$/,
    ],
    [{ keyVersions: { primaryKey: 0 } }, /^keyVersions\.primaryKey must be a whole number of/],
    [{ tags: { team: 7 } }, /^tags\.team must be a text: it is a number$/],
    [{ properties: "x" }, /^properties must map names to texts: it is "x"$/],
    [{ description: 7 }, /^description must be a text that is not empty: it is 7$/],
    [
      { rolloutTimeoutSeconds: 0 },
      /^rolloutTimeoutSeconds must be a whole number from 1 to 14400: it is 0$/,
    ],
    [{ tokenAuthEnabled: true }, /^tokenAuthEnabled must be false or unset: tokens can't be/],
    [{ collectModelData: true }, /^collectModelData must be false or unset: the model's inputs/],
    [{ enableAppInsights: true }, /^enableAppInsights must be false or unset: nothing is sent/],
    [{ trafic: 7 }, /^trafic is not an argument; the arguments are router, versions/],
  ];
  for (const [endpoint, expected] of endpointCases) {
    it(`refuses an endpoint with ${JSON.stringify(endpoint)}`, () => {
      const found = ofEndpoint(endpoint);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found.join(), expected);
    });
  }

  it("refuses an endpoint's own name", () => {
    assert.match(
      validate("Churn", legal).map(sentence).join(),
      /^the endpoint must have a name of 3 to 32 .*: it is "Churn"$/,
    );
  });

  it("never shows a key", () => {
    const secret = "not legal, but mine";
    assert.ok(
      !ofEndpoint({ keys: { primaryKey: secret } })
        .join()
        .includes(secret),
    );
  });

  it("finds every problem at once", () => {
    const versions = {
      blue: { image, isControl: true, trafficPercentile: 60, gpuCores: -1 },
      green: { isControl: true, trafficPercentile: 60, scoringTimeoutMs: 0 },
    };
    assert.deepEqual(
      validate("churn", { router, versions, tokenAuthEnabled: true }).map(({ path }) => path),
      [
        "versions.blue.gpuCores",
        "versions.green.image",
        "versions.green.scoringTimeoutMs",
        "versions",
        "versions",
        "versions",
        "tokenAuthEnabled",
      ],
    );
  });
});

describe("validateEndpointChange()", () => {
  it("refuses another namespace, and says what to do", () => {
    const found = validateEndpointChange({ namespace: "a" }, { namespace: "b" }).map(sentence);
    assert.match(
      found.join(),
      /^namespace can't change, .*it was "a" and is "b"; declare a second/,
    );
  });

  it("takes an unset namespace for the default one", () => {
    assert.deepEqual(validateEndpointChange({}, { namespace: "aml-inference-endpoints" }), []);
    assert.equal(validateEndpointChange({}, { namespace: "models" }).length, 1);
  });

  it("waits for an unknown namespace", () => {
    assert.deepEqual(validateEndpointChange({ namespace: "a" }, { namespace: UNKNOWN }), []);
  });
});
