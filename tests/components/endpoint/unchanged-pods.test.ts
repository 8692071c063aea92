// The pods of endpoints that exist already: another revision would replace every replica at the next update.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { PodSecurity } from "../../../contracts/choices";
import { REVISION_ANNOTATION } from "../../../contracts/model-endpoint/model-endpoint";
import { digestOf } from "../../../values/digest";
import { DEPLOYMENT, image, only, register } from "../../support/endpoint-registrations";

/** As an endpoint was declared, with what its Deployment was: its revision, and the digest of the whole. */
const DECLARED: readonly (readonly [what: string, object, revision: string, whole: string])[] = [
  ["an image alone", {}, "aa000c218bee6285", "2af61b3502f183ad"],
  [
    "resources, placement and secrets",
    {
      numReplicas: 2,
      ...{ cpuCores: 2, cpuCoresLimit: 4, memoryGb: 3.5, memoryGbLimit: 4, gpuCores: 1 },
      ...{ scoringTimeoutMs: 90_001, maxStreamSeconds: 30 },
      livenessProbe: { initialDelaySeconds: 100, periodSeconds: 5, failureThreshold: 4 },
      environmentVariables: { LEVEL: "DEBUG", TOKEN: pulumi.secret("hush") },
      nodeSelector: { pool: "gpu" },
      tolerations: [{ key: "team", operator: "Exists" }],
      tags: { team: "risk" },
    },
    "d6bd68ff6c57e48d",
    "bb9736e01a8e44ea",
  ],
  [
    "Baseline, and a user",
    { podSecurity: PodSecurity.Baseline, runAsUser: 1000, gpuCores: 0 },
    "2cbfe4c6b9ab4295",
    "e83465a922df9a68",
  ],
];

describe("A version that exists", () => {
  for (const [what, version, revision, whole] of DECLARED) {
    it(`keeps its pods and its Deployment: ${what}`, async () => {
      const { registered } = await register({ versions: { blue: { image, ...version } } });
      const { inputs } = only(registered, DEPLOYMENT);
      const { metadata } = inputs as { metadata: { annotations: Record<string, string> } };
      assert.deepEqual(
        [metadata.annotations[REVISION_ANNOTATION], digestOf(inputs)],
        [revision, whole],
      );
    });
  }
});
