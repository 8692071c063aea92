// Illegal arguments on the real CLI: every path and reason once, no stack trace, nothing changed.
import assert from "node:assert/strict";
import { KUBECONFIG } from "../support/component-kubeconfig";
import { expectFailure, expectSuccess, finished, type Stack, withStack } from "../support/stack";

/** A program whose `later` has outputs that only the update knows. */
function program(body: string): string {
  return `
    const pulumi = require("@pulumi/pulumi");
    const { AmlInferenceRouter, AmlModelEndpoint } = require("aml-inference");
    const made = { image: "registry.example/model:1", percent: 130, cores: -1 };
    const provider = { create: async () => ({ id: "later", outs: made }) };
    class Later extends pulumi.dynamic.Resource {
      constructor() {
        super(provider, "later", { image: undefined, percent: undefined, cores: undefined });
      }
    }
    const later = new Later();
    const router = {
      kubeconfig: ${JSON.stringify(KUBECONFIG)},
      namespace: "aml-inference",
      scoringBaseUri: "http://203.0.113.7",
    };
    ${body}
  `;
}

const preview = async (stack: Stack) =>
  finished(await stack.start(["preview", "--non-interactive", "--stack", "test"]));

/** How often the text stands in the output. */
const count = (output: string, text: string): number => output.split(text).length - 1;

/** Types of the resources that the state holds. */
async function typesInState(stack: Stack): Promise<string[]> {
  const state = JSON.parse(await stack.stateText()) as {
    checkpoint: { latest?: { resources?: { type: string }[] } };
  };
  return (state.checkpoint.latest?.resources ?? []).map(({ type }) => type).sort();
}

/** Each sentence once in what the CLI tells at the end; the progress before it may repeat them. */
function assertOnce(output: string, sentences: readonly string[]): void {
  const diagnostics = output.slice(output.lastIndexOf("Diagnostics:"));
  for (const sentence of sentences) {
    assert.equal(count(diagnostics, sentence), 1, `${sentence}\n${output}`);
  }
  assert.doesNotMatch(output, /^\s+at .*\.js:\d+/m, "no stack trace");
}

describe("A program with illegal arguments", () => {
  it("prints all twelve of its mistakes, those beside unknown inputs too, and changes nothing", async () => {
    const mistakes = program(`
      new AmlModelEndpoint("churn", {
        router: { ...router, namespace: "" },
        namespace: "Models",
        tokenAuthEnabled: true,
        keyVersions: { primaryKey: 0 },
        versions: {
          blue: { image: later.image, isControl: true, trafficPercentile: 60, gpuCores: 0.5 },
          green: {
            image: later.image,
            cpuCores: later.cores,
            isControl: true,
            trafficPercentile: 130,
            livenessProbe: { successThreshold: 2 },
          },
          red: { image: "", autoscale: { minReplicas: 5, maxReplicas: 2 }, scoringTimeoutMs: 300001 },
        },
      });
    `);
    const sentences = [
      "router.namespace must be a text that is not empty",
      "namespace must be 1 to 63 lower-case letters",
      "tokenAuthEnabled must be false or unset",
      "keyVersions.primaryKey must be a whole number of at least 1: it is 0",
      "versions.blue.gpuCores must be a whole number of at least 0: it is 0.5",
      "versions.green.trafficPercentile must be 0 to 100 in steps of 0.01: it is 130",
      "versions.green.livenessProbe.successThreshold must be 1",
      'versions.red.image must be a text that is not empty: it is ""',
      "versions.red.autoscale.minReplicas must be at most maxReplicas, which is 2: it is 5",
      "versions.red.scoringTimeoutMs must be a whole number from 1 to 300000: it is 300001",
      "versions must have exactly one with isDefault set to true: none has",
      "versions must have at most one with isControl set to true: blue and green have",
    ];
    await withStack({ program: mistakes }, async (stack) => {
      const { output } = await expectFailure(preview(stack));
      assertOnce(output, sentences);
      assertOnce(output, ["the arguments have 12 problems"]);
      assertOnce((await expectFailure(stack.up())).output, sentences);
      const types = await typesInState(stack);
      assert.deepEqual(
        types.filter((type) => !/^(pulumi:|pulumi-nodejs:dynamic:Resource$)/.test(type)),
        ["aml-inference:index:AmlModelEndpoint"],
      );
    });
  });

  it("prints all mistakes that stand inside Outputs, at preview", async () => {
    const mistakes = program(`
      new AmlModelEndpoint("churn", {
        router,
        authEnabled: pulumi.output("no"),
        versions: {
          blue: { image: later.image, isDefault: pulumi.output(true), gpuCores: pulumi.output(-1) },
          green: pulumi.output({ image: "registry.example/model:1", trafficPercentile: 130 }),
          red: {
            image: later.image,
            podTemplate: pulumi.output({ spec: { containers: null, hostNetwork: true } }),
          },
        },
        tags: pulumi.output(undefined),
        keys: pulumi.output({ primaryKey: "short" }),
      });
    `);
    await withStack({ program: mistakes }, async (stack) => {
      const { output } = await expectFailure(preview(stack));
      assertOnce(output, [
        'authEnabled must be true or false: it is "no"',
        "versions.blue.gpuCores must be a whole number of at least 0: it is -1",
        "versions.green.trafficPercentile must be 0 to 100 in steps of 0.01: it is 130",
        "versions.red.podTemplate.spec.hostNetwork is true, which podSecurity",
        "versions.red.podTemplate.spec.containers[model] can't be removed or renamed",
        "keys.primaryKey must be 16 to 256 letters",
      ]);
    });
  });

  it("names a reference's kubeconfig that turns out to be missing: no other cluster is meant", async () => {
    const mistakes = program(`
      const versions = { blue: { image: "registry.example/model:1" } };
      const reference = { ...router, kubeconfig: pulumi.output(undefined) };
      new AmlModelEndpoint("churn", { router: reference, versions });
    `);
    await withStack({ program: mistakes }, async (stack) => {
      const { output } = await expectFailure(preview(stack));
      assertOnce(output, ["router.kubeconfig is required: it is missing"]);
    });
  });

  it("is refused by the update before any child changes, when only the update knows the values", async () => {
    const mistakes = program(`
      const versions = {
        blue: { image: later.image, isDefault: true, cpuCores: later.cores },
        green: { image: later.image, trafficPercentile: later.percent },
      };
      new AmlModelEndpoint("churn", { router, namespace: "models", versions });
    `);
    await withStack({ program: mistakes }, async (stack) => {
      const { output } = await expectFailure(stack.up());
      assertOnce(output, [
        "versions.blue.cpuCores must be above 0 in steps of 0.001: it is -1",
        "versions.green.trafficPercentile must be 0 to 100 in steps of 0.01: it is 130",
      ]);
      const types = await typesInState(stack);
      assert.deepEqual(
        types.filter((type) => /^kubernetes:|EndpointKeys|EndpointRoute/.test(type)),
        [],
      );
    });
  });

  it("gets one sentence for a kubeconfig that is none, which stays unseen", async () => {
    const mistakes = program(`
      new AmlInferenceRouter("fe", { kubeconfig: "password: hunter2" });
    `);
    await withStack({ program: mistakes }, async (stack) => {
      const { output } = await expectFailure(preview(stack));
      assertOnce(output, ["kubeconfig can't be used: it names no current-context"]);
      assert.doesNotMatch(output, /hunter2/);
    });
  });
});

describe("The keys of an endpoint", () => {
  const keys = (versions: string) => `
    const { EndpointKeys } = require("aml-inference/dist/provider/endpoint-keys/endpoint-keys.js");
    const endpointArguments = {
      component: "AmlModelEndpoint",
      name: "churn",
      arguments: { router: { namespace: "a", scoringBaseUri: "b" }, versions: { blue: { image: "churn:1" } } },
    };
    const keys = new EndpointKeys("keys", { endpointArguments, ...${versions} });
    exports.primaryKey = keys.primaryKey;
    exports.secondaryKey = keys.secondaryKey;
  `;
  const outputsAfterUp = async (stack: Stack, versions: string) => {
    await stack.setProgram(keys(versions));
    await expectSuccess(stack.up());
    return stack.outputs();
  };

  it("are made once, stay, and are replaced one by one as their numbers rise; the state holds neither in clear", async () => {
    await withStack({ program: keys("{}") }, async (stack) => {
      const first = await outputsAfterUp(stack, "{ primaryKeyVersion: 1, secondaryKeyVersion: 1 }");
      for (const key of Object.values(first)) assert.match(String(key), /^[A-Za-z0-9]{32}$/);
      assert.notEqual(first["primaryKey"], first["secondaryKey"]);

      await expectSuccess(stack.up("--expect-no-changes"));
      assert.deepEqual(await stack.outputs(), first);

      const second = await outputsAfterUp(
        stack,
        "{ primaryKeyVersion: 1, secondaryKeyVersion: 2 }",
      );
      assert.equal(second["primaryKey"], first["primaryKey"]);
      assert.notEqual(second["secondaryKey"], first["secondaryKey"]);

      const own = `{ primaryKeyVersion: 1, secondaryKeyVersion: 2, primaryKey: "my-own-key-of-mine" }`;
      const third = await outputsAfterUp(stack, own);
      assert.deepEqual(third, { ...second, primaryKey: "my-own-key-of-mine" });

      const state = await stack.stateText();
      for (const key of Object.values({ ...first, ...second, ...third })) {
        assert.ok(!state.includes(String(key)), "a key in clear");
      }

      await stack.setProgram(keys("{ primaryKeyVersion: 1, secondaryKeyVersion: 1 }"));
      const { output } = await expectFailure(stack.up());
      assert.match(output, /keyVersions\.secondaryKey can't decrease: it was 2 and is 1/);

      // The state has of the endpoint's arguments what is compared, and nothing else.
      assert.ok(!state.includes("churn:1"), "an argument that is compared with nothing");
      const moved = keys("{ primaryKeyVersion: 1, secondaryKeyVersion: 2 }");
      await stack.setProgram(moved.replace("arguments: {", 'arguments: { namespace: "other",'));
      const { output: refused } = await expectFailure(stack.up());
      assert.match(
        refused,
        /namespace can't change, .*: it was "aml-inference-endpoints" and is "other"/,
      );
    });
  });
});
