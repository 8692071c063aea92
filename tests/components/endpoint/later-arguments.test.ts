// An endpoint's arguments as Outputs at every level, on Pulumi's mocks: of a StackReference, or undefined after all.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output";
import { AmlModelEndpoint } from "../../../components/endpoint/aml-model-endpoint";
import {
  type AmlModelEndpointArgs,
  type EndpointVersionArgs,
} from "../../../components/endpoint/aml-model-endpoint-args";
import { TopologySpread } from "../../../contracts/choices";
import { type RouterReference } from "../../../components/engine/router-reference";
import { withoutNulls } from "../../../values/without";
import { KUBECONFIG } from "../../support/component-kubeconfig";
import { type Registered, runProgram } from "../../support/pulumi-mocks";

const router = {
  kubeconfig: KUBECONFIG,
  namespace: "aml-inference",
  scoringBaseUri: "http://203.0.113.7",
};
const image = "registry.example/churn:1";

const green: EndpointVersionArgs = {
  image,
  isDefault: true,
  numReplicas: 2,
  tags: { team: "risk" },
  properties: { stage: "canary" },
  description: "second",
  livenessProbe: { periodSeconds: 7 },
};
const blue: EndpointVersionArgs = {
  image,
  trafficPercentile: 10,
  autoscale: { minReplicas: 2, maxReplicas: 4 },
  cpuCoresLimit: 1,
  gpuCores: 1,
  environmentVariables: { LEVEL: "DEBUG" },
  nodeSelector: { pool: "fast" },
  tolerations: [{ key: "team", operator: "Exists" }],
  ...{ command: ["serve"], args: ["--model"], gpuResource: "amd.com/gpu" },
  environmentFrom: [
    { secretName: "hub", key: "token", variable: "HF_TOKEN" },
    { configMapName: "settings" },
  ],
  ...{ imagePullSecrets: ["registry"], serviceAccountName: "models" },
  workloadIdentityClientId: "00000000-0000-0000-0000-00000000000a",
  volumes: { shm: { emptyDir: { medium: "Memory" }, mountPath: "/dev/shm" } },
  initContainers: [{ name: "fetch", image }],
  ...{ podLabels: { a: "b" }, podAnnotations: { c: "d" }, affinity: { nodeAffinity: {} } },
  ...{ topologySpread: TopologySpread.DoNotSchedule, priorityClassName: "high" },
  ...{ runtimeClassName: "kata", podSecurityContext: { fsGroup: 1 }, ephemeralStorageGb: 1 },
  securityContext: { readOnlyRootFilesystem: true },
  inferenceConfig: { livenessRoute: { path: "/live", port: 8000 }, startupTimeoutSeconds: 50 },
  terminationGracePeriodSeconds: 400,
  podTemplate: {
    spec: {
      containers: [
        { name: "log", image },
        { name: "model", stdin: true, livenessProbe: null },
      ],
    },
  },
};
const plain: AmlModelEndpointArgs = {
  router,
  versions: { green, blue },
  namespace: "models",
  rolloutTimeoutSeconds: 60,
  keys: { primaryKey: "0123456789abcdef" },
  keyVersions: { secondaryKey: 2 },
};

async function register(args: AmlModelEndpointArgs): Promise<readonly Registered[]> {
  const run = await runProgram(() => {
    const endpoint = new AmlModelEndpoint("churn", args);
    const { scoringUri, primaryKey, versionStates } = endpoint;
    return { scoringUri, primaryKey, versionStates };
  });
  return run.registered;
}

/** What is registered but for the component itself, whose inputs are the arguments as they were given. */
async function children(args: AmlModelEndpointArgs) {
  const registered = await register(args);
  return registered
    .filter(({ type }) => !type.endsWith(":AmlModelEndpoint"))
    .map(({ type, name, inputs }) => ({ type, name, inputs }))
    .sort((one, other) => (`${one.type} ${one.name}` < `${other.type} ${other.name}` ? -1 : 1));
}

/** The same value in which every object, list and value is an Output. */
function outputs(value: unknown): unknown {
  if (Array.isArray(value)) return pulumi.output(value.map(outputs));
  if (typeof value !== "object" || value === null) return pulumi.output(value as string);
  const members = Object.entries(value).map(([name, member]) => [name, outputs(member)] as const);
  return pulumi.output(Object.fromEntries(members) as Record<string, unknown>);
}

const later = pulumi.output<string | undefined>(undefined);
const nothing = pulumi.output(null as unknown as string | undefined);

describe("AmlModelEndpoint's arguments", () => {
  // The types, too, take an Output at each level: this file compiles.
  const forms: Readonly<Record<string, AmlModelEndpointArgs>> = {
    "a promise of the versions": { ...plain, versions: Promise.resolve({ green, blue }) },
    "an Output of the versions": { ...plain, versions: pulumi.output({ green, blue }) },
    "an Output of one version": { ...plain, versions: { green, blue: pulumi.output(blue) } },
    "Outputs of what versions hold": {
      ...plain,
      versions: {
        green: {
          ...green,
          numReplicas: pulumi.output(2),
          tags: pulumi.output({ team: "risk" }),
          properties: { stage: pulumi.output("canary") },
          livenessProbe: pulumi.output({ periodSeconds: 7 }),
        },
        blue: {
          ...blue,
          autoscale: pulumi.output({ minReplicas: 2, maxReplicas: 4 }),
          environmentVariables: pulumi.output({ LEVEL: "DEBUG" }),
          nodeSelector: pulumi.output({ pool: "fast" }),
          tolerations: [pulumi.output({ key: "team", operator: "Exists" })],
        },
      },
    },
    "Outputs of keys and their versions": {
      ...plain,
      keys: pulumi.output({ primaryKey: "0123456789abcdef" }),
      keyVersions: pulumi.output({ secondaryKey: 2 }),
    },
    "an Output of everything": outputs(plain) as AmlModelEndpointArgs,
    "Outputs at every level": Object.fromEntries(
      Object.entries(plain).map(([name, value]) => [name, outputs(value)]),
    ) as unknown as AmlModelEndpointArgs,
  };
  for (const [what, args] of Object.entries(forms)) {
    if (what === "an Output of everything") continue;
    it(`declare the same with ${what}`, async () => {
      const [declared, expected] = [await children(args), await children(plain)];
      const names = declared.map(({ type, name }) => `${type} ${name}`);
      // A kubeconfig that comes later has no digest for the provider's name.
      // The dynamic provider leaves out what is null (operations.test.ts).
      const present = declared.map((each) => ({ ...each, inputs: withoutNulls(each.inputs) }));
      const isProvider = ({ type }: { readonly type: string }) => type.startsWith("pulumi:");
      assert.equal(names.length, expected.length);
      assert.deepEqual(
        present.filter((each) => !isProvider(each)),
        expected.filter((each) => !isProvider(each)),
      );
    });
  }

  it("count as left out where they are undefined or null, now or later", async () => {
    const least = { router, versions: { blue: { image } } };
    const expected = await children(least);
    const absent = {
      ...{ namespace: later, description: later, rolloutTimeoutSeconds: undefined },
      ...{ keys: pulumi.output(undefined), keyVersions: { primaryKey: undefined } },
      authEnabled: undefined,
    };
    const version = {
      image,
      ...{ numReplicas: pulumi.output<number | undefined>(undefined), autoscale: undefined },
      ...{
        cpuCores: pulumi.output<number | undefined>(undefined),
        cpuCoresLimit: nothing as never,
      },
      ...{ nodeSelector: nothing as never, tolerations: null as never, tags: nothing as never },
      ...{ description: later, livenessProbe: null as never, isDefault: nothing as never },
      ...{ command: nothing as never, environmentFrom: nothing as never, gpuResource: later },
      ...{ imagePullSecrets: null as never, serviceAccountName: later, volumes: nothing as never },
      ...{ workloadIdentityClientId: later, initContainers: nothing as never },
      ...{ podLabels: nothing as never, podAnnotations: nothing as never, affinity: null as never },
      ...{ topologySpread: nothing as never, priorityClassName: later, runtimeClassName: later },
      ...{ securityContext: nothing as never, podSecurityContext: nothing as never },
      ...{ inferenceConfig: nothing as never, ephemeralStorageGb: nothing as never },
      ...{ terminationGracePeriodSeconds: nothing as never, podTemplate: nothing as never },
      environmentVariables: pulumi.output({ LEVEL: undefined as unknown as string }),
    };
    const versions = { blue: version, green: undefined as never, red: null as never };
    const declared = await children({ ...least, ...absent, versions });
    // The keys have the arguments as they were given, and the guard the namespace.
    const isArguments = ({ type }: { readonly type: string }) =>
      /:(EndpointKeys|DeclaredObjects)$/.test(type);
    const withoutArguments = (all: typeof declared) =>
      all.map((each) => (isArguments(each) ? { ...each, inputs: {} } : each));
    assert.deepEqual(
      JSON.parse(JSON.stringify(withoutArguments(declared))),
      JSON.parse(JSON.stringify(withoutArguments(expected))),
    );
  });

  it("keep a secret Output of the versions a secret", async () => {
    const secretEnv = { LEVEL: "hush" };
    const versions = pulumi.secret({ blue: { image, environmentVariables: secretEnv } });
    const seen: { readonly spec: Record<string, unknown> }[] = [];
    await pulumi.runtime.setMocks(
      {
        newResource: ({ name, type, inputs }) => {
          if (type.endsWith(":Deployment")) seen.push(inputs as (typeof seen)[number]);
          return { id: name, state: { ...(inputs as object), primaryKey: "p", secondaryKey: "s" } };
        },
        call: () => ({}),
      },
      "project",
      "stack",
      false,
      "organization",
    );
    const endpoint = new AmlModelEndpoint("churn", { router, versions });
    await new Promise<void>((resolve) => endpoint.versionStates.apply(() => resolve()));
    const [{ spec } = { spec: {} }, ...others] = seen;
    assert.equal(others.length, 0);
    // What the SDK puts around a secret value.
    assert.equal(spec["4dabf18193072939515e22adb298388d"], "1b47061264138c4ac30d75fd1eb44270");
  });

  it("show a preview what it knows, and say what it doesn't", async () => {
    const seen: Registered[] = [];
    const logged: string[] = [];
    const mocks: pulumi.runtime.Mocks = {
      newResource: ({ type, name, inputs, provider = "" }) => {
        seen.push({ type, name, inputs: inputs as Record<string, unknown>, provider });
        return { id: name, state: inputs as object };
      },
      call: () => ({}),
    };
    await pulumi.runtime.setMocks(mocks, "project", "stack", true, "organization");
    const warn = pulumi.log.warn;
    const unknownly = <T>() => pulumi.output("").apply(() => unknown as unknown as T);
    try {
      Object.assign(pulumi.log, {
        warn: (text: string) => Promise.resolve(void logged.push(text)),
      });
      const one = new AmlModelEndpoint("one", {
        router,
        versions: unknownly<Record<string, EndpointVersionArgs>>(),
      });
      const other = new AmlModelEndpoint("other", {
        router,
        versions: { blue: unknownly<EndpointVersionArgs>(), green },
      });
      await Promise.all([one, other].map(({ urn }) => new Promise((done) => urn.apply(done))));
      for (let wait = 0; wait < 100 && seen.length < 12; wait += 1) {
        await new Promise((done) => setImmediate(done));
      }
    } finally {
      Object.assign(pulumi.log, { warn });
    }
    const namesOf = (type: string) =>
      seen.filter((each) => each.type.endsWith(`:${type}`)).map(({ name }) => name);
    assert.deepEqual(namesOf("EndpointRoute").sort(), ["one", "other"]);
    assert.equal(namesOf("Deployment").filter((name) => name.startsWith("one")).length, 0);
    assert.equal(namesOf("Deployment").filter((name) => name.startsWith("other")).length, 2);
    assert.deepEqual(
      logged.map((text) => text.slice(0, 42)),
      ["versions isn't known in this preview, so i"],
    );
    const guard = seen.find(
      ({ type, name }) => type.endsWith(":DeclaredObjects") && name === "one",
    );
    assert.equal(guard?.inputs["owned"], unknown);
  });

  it("make no program crash that has no types", async () => {
    const wrong = [undefined, null, {}, { router: null, versions: null }, { router, versions: [] }];
    for (const args of wrong) {
      await runProgram(() => {
        assert.throws(
          () => new AmlModelEndpoint("churn", args as unknown as AmlModelEndpointArgs),
          /the arguments have \d problem/,
        );
        return {};
      });
    }
    const garbage = { router, versions: pulumi.output("text") as unknown as never };
    assert.deepEqual(
      (await register(garbage)).filter(({ type }) => type.endsWith(":Deployment")),
      [],
    );
  });

  it("take an Output of the router's outputs", async () => {
    const reference: pulumi.Output<RouterReference> = pulumi.output(router);
    const run = await runProgram(() => {
      const { scoringUri } = new AmlModelEndpoint("churn", {
        router: reference,
        versions: { blue: { image } },
      });
      return { scoringUri };
    });
    assert.equal(run.outputs["scoringUri"], "http://203.0.113.7/api/v1/service/churn/score");
    const route = run.registered.find(({ type }) => type.endsWith(":EndpointRoute"));
    assert.equal(route?.inputs["kubeconfig"], KUBECONFIG);
  });
});
