// What an AmlModelEndpoint registers, on Pulumi's mocks.
import { REVISION_ANNOTATION } from "../../../contracts/model-endpoint/model-endpoint";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { GPU_TOLERATIONS } from "../../../kubernetes/core/gpus";
import { AmlInferenceRouter } from "../../../components/router/aml-inference-router";
import { AmlModelEndpoint } from "../../../components/endpoint/aml-model-endpoint";
import { surroundings } from "../../../provider/engine/surroundings";
import { validateEndpoint } from "../../../validation/endpoint/validate-endpoint";
import { versionObjectName } from "../../../validation/endpoint/names";
import { KUBECONFIG } from "../../support/component-kubeconfig";
import {
  at,
  DEPLOYMENT,
  image,
  KEYS,
  only,
  register,
  ROUTE,
  router,
  SERVICE,
} from "../../support/endpoint-registrations";
import { runProgram } from "../../support/pulumi-mocks";

const blue = versionObjectName("churn", "blue");
const green = versionObjectName("churn", "green");
const pod = "spec.template.spec";
const container = `${pod}.containers.0`;

describe("AmlModelEndpoint", () => {
  it("registers the keys, a Deployment and a Service per version, and the route", async () => {
    const versions = { green: { image, isDefault: true }, blue: { image } };
    const { registered } = await register({ versions, namespace: "models" });
    assert.deepEqual(registered.map(({ type, name }) => `${type} ${name}`).sort(), [
      "aml-inference:index:AmlModelEndpoint churn",
      `${DEPLOYMENT} ${blue}`,
      `${DEPLOYMENT} ${green}`,
      "kubernetes:core/v1:Namespace churn",
      `${SERVICE} ${blue}`,
      `${SERVICE} ${green}`,
      "kubernetes:networking.k8s.io/v1:NetworkPolicy churn",
      "pulumi-nodejs:dynamic/aml-inference:DeclaredObjects churn",
      "pulumi-nodejs:dynamic/aml-inference:EndpointKeys churn",
      `${ROUTE} churn`,
      "pulumi:providers:kubernetes aml-inference-cluster-dd59ec23",
    ]);
  });

  it("tells the URIs, the keys and the versions' states", async () => {
    const { outputs } = await register({});
    const { urn, ...rest } = outputs;
    assert.equal(urn, "urn:pulumi:stack::project::aml-inference:index:AmlModelEndpoint::churn");
    assert.deepEqual(rest, {
      scoringUri: "http://203.0.113.7/api/v1/service/churn/score",
      swaggerUri: "http://203.0.113.7/api/v1/service/churn/swagger.json",
      primaryKey: "p".repeat(32),
      secondaryKey: "s".repeat(32),
      versionStates: { blue: "Healthy" },
    });
  });

  it("keeps both keys secret", async () => {
    let secret: boolean[] = [];
    await runProgram(() => {
      const endpoint = new AmlModelEndpoint("churn", { router, versions: { blue: { image } } });
      const both = [endpoint.primaryKey, endpoint.secondaryKey].map((key) => pulumi.isSecret(key));
      void Promise.all(both).then((known) => {
        secret = known;
      });
      return { uri: endpoint.scoringUri };
    });
    assert.deepEqual(secret, [true, true]);
  });

  it("runs a version with v1's defaults", async () => {
    const { registered } = await register({});
    const { inputs } = only(registered, DEPLOYMENT);
    assert.equal(at(inputs, "spec.replicas"), 1);
    assert.equal(
      at(inputs, "metadata.annotations")?.["aml-inference.io/scale-mode" as never],
      "auto",
    );
    assert.deepEqual(at(inputs, `${container}.resources`), {
      requests: { cpu: "100m", memory: "500M" },
    });
    assert.deepEqual(at(inputs, `${container}.livenessProbe`), {
      httpGet: { path: "/", port: 5001 },
      periodSeconds: 10,
      initialDelaySeconds: 310,
      timeoutSeconds: 135,
      successThreshold: 1,
      failureThreshold: 3,
    });
    assert.equal(at(inputs, `${container}.ports.0.containerPort`), 5001);
    assert.equal(at(inputs, `${container}.imagePullPolicy`), "IfNotPresent");
    assert.deepEqual(at(inputs, "spec.strategy"), {
      type: "RollingUpdate",
      rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" },
    });
  });

  it("passes on resources, placement and environment; the user's variables win", async () => {
    const version = {
      image,
      cpuCores: 2,
      cpuCoresLimit: 4,
      memoryGb: 3.5,
      memoryGbLimit: 4,
      gpuCores: 1,
      nodeSelector: { pool: "gpu" },
      tolerations: [{ key: "gpu", operator: "Exists", effect: "NoSchedule" }],
      environmentVariables: { SERVICE_VERSION: "2024", LEVEL: "DEBUG" },
    };
    const { registered } = await register({ versions: { blue: version } });
    const { inputs } = only(registered, DEPLOYMENT);
    assert.deepEqual(at(inputs, `${container}.resources`), {
      requests: { cpu: "2", memory: "3500M" },
      limits: { cpu: "4", memory: "4G", "nvidia.com/gpu": "1" },
    });
    assert.deepEqual(at(inputs, `${pod}.nodeSelector`), { pool: "gpu" });
    assert.deepEqual(at(inputs, `${pod}.tolerations`), [
      ...version.tolerations,
      ...GPU_TOLERATIONS,
    ]);
    assert.deepEqual(at(inputs, `${container}.env`), [
      { name: "SERVICE_NAME", value: "churn" },
      { name: "SERVICE_PATH_PREFIX", value: "api/v1/service/churn" },
      { name: "SERVICE_VERSION", value: "2024" },
      { name: "LEVEL", value: "DEBUG" },
    ]);
  });

  it("lets a version with GPUs, and no other, onto GPU pools", async () => {
    const tolerations = async (version: object) => {
      const { registered } = await register({ versions: { blue: { image, ...version } } });
      return at(only(registered, DEPLOYMENT).inputs, `${pod}.tolerations`);
    };
    assert.deepEqual(await tolerations({ gpuCores: 1 }), GPU_TOLERATIONS);
    assert.deepEqual(await tolerations({ gpuCores: pulumi.output(2) }), GPU_TOLERATIONS);
    assert.equal(await tolerations({}), undefined);
    assert.equal(await tolerations({ gpuCores: 0 }), undefined);
    const all = [{ operator: "Exists" }];
    assert.deepEqual(await tolerations({ gpuCores: 1, tolerations: all }), all);
  });

  it("selects replicas by endpoint and version alone", async () => {
    const { registered } = await register({ tags: { team: "risk" } });
    const labels = { "aml-inference.io/endpoint": "churn", "aml-inference.io/version": "blue" };
    const deployment = only(registered, DEPLOYMENT).inputs;
    assert.deepEqual(at(deployment, "spec.selector.matchLabels"), labels);
    assert.deepEqual(at(deployment, "spec.template.metadata.labels"), labels);
    assert.deepEqual(at(only(registered, SERVICE).inputs, "spec.selector"), labels);
    assert.deepEqual(at(only(registered, SERVICE).inputs, "metadata.labels"), labels);
  });

  it("forces a fixed number of replicas and leaves an autoscaled one to the autoscaler", async () => {
    const fixed = await register({ versions: { blue: { image, numReplicas: 3 } } });
    const annotations = at(only(fixed.registered, DEPLOYMENT).inputs, "metadata.annotations");
    assert.equal(at(only(fixed.registered, DEPLOYMENT).inputs, "spec.replicas"), 3);
    assert.deepEqual(annotations, {
      "pulumi.com/skipAwait": "true",
      "pulumi.com/deletionPropagationPolicy": "background",
      "aml-inference.io/owner": "organization/project/stack AmlModelEndpoint churn",
      "aml-inference.io/scale-mode": "fixed",
      [REVISION_ANNOTATION]: at(only(fixed.registered, ROUTE).inputs, "revisions.blue"),
    });
    const auto = await register({ versions: { blue: { image, autoscale: { minReplicas: 2 } } } });
    assert.equal(at(only(auto.registered, DEPLOYMENT).inputs, "spec.replicas"), 2);
  });

  it("declares the versions to the routers, in the order of their names", async () => {
    const versions = {
      green: {
        image,
        isDefault: true,
        numReplicas: 2,
        maxQueueWaitMs: 100,
        streamIdleTimeoutMs: 1_000,
        maxStreamSeconds: 5,
      },
      blue: { image, trafficPercentile: 12.5, isControl: true, autoscale: { maxReplicas: 3 } },
    };
    const { registered } = await register({ versions });
    const { inputs } = only(registered, ROUTE);
    assert.equal(inputs["endpointName"], "churn");
    assert.equal(inputs["namespace"], "aml-inference-endpoints");
    assert.deepEqual(at(inputs, "spec.versions"), [
      {
        name: "blue",
        serviceName: blue,
        deploymentName: blue,
        isDefault: false,
        type: "Control",
        trafficPercentile: 12.5,
        maxConcurrentRequestsPerContainer: 1,
        maxQueueWaitMs: 500,
        scoringTimeoutMs: 60_000,
        autoscale: {
          minReplicas: 1,
          maxReplicas: 3,
          targetUtilization: 70,
          refreshPeriodInSeconds: 1,
        },
      },
      {
        name: "green",
        serviceName: green,
        deploymentName: green,
        isDefault: true,
        type: "Treatment",
        trafficPercentile: 0,
        maxConcurrentRequestsPerContainer: 1,
        maxQueueWaitMs: 100,
        scoringTimeoutMs: 60_000,
        streamIdleTimeoutMs: 1_000,
        maxStreamSeconds: 5,
        numReplicas: 2,
      },
    ]);
  });

  it("tells the routers digests of the keys, never the keys", async () => {
    const { registered } = await register({});
    const digest = (key: string): string =>
      createHash("sha256")
        .update(`${key.repeat(32)}@churn`)
        .digest("hex");
    assert.deepEqual(at(only(registered, ROUTE).inputs, "spec.authentication"), {
      mode: "Key",
      keyDigests: [
        { name: "primary", sha256: digest("p") },
        { name: "secondary", sha256: digest("s") },
      ],
    });
  });

  it("opens an endpoint only when authEnabled is false", async () => {
    const mode = async (authEnabled: pulumi.Input<boolean>): Promise<unknown> => {
      const { registered } = await register({ authEnabled });
      return at(only(registered, ROUTE).inputs, "spec.authentication.mode");
    };
    assert.equal(await mode(false), "None");
    assert.equal(await mode(pulumi.output(false)), "None");
    assert.equal(await mode(true), "Key");
    // What a program in another language, or a StackReference, may bring.
    assert.equal(await mode(pulumi.output(null as unknown as boolean)), "Key");
  });

  it("changes a version's revision with its pods, not with its traffic", async () => {
    const revision = async (version: object): Promise<unknown> => {
      const { registered } = await register({ versions: { blue: { image, ...version } } });
      const declared = at(only(registered, ROUTE).inputs, "revisions.blue");
      const { inputs } = only(registered, DEPLOYMENT);
      for (const path of ["metadata.annotations", "spec.template.metadata.annotations"]) {
        const annotations = at(inputs, path) as Record<string, unknown>;
        assert.equal(annotations[REVISION_ANNOTATION], declared);
      }
      return declared;
    };
    const first = await revision({});
    assert.equal(await revision({ trafficPercentile: 50, autoscale: { maxReplicas: 2 } }), first);
    assert.notEqual(await revision({ image: "registry.example/churn:2" }), first);
  });

  it("creates no namespace where it is the cluster's own", async () => {
    const { registered } = await register({ namespace: "default" });
    assert.deepEqual(
      registered.filter(({ type }) => type === "kubernetes:core/v1:Namespace"),
      [],
    );
  });

  it("uses the provider that its options hand down", async () => {
    const { registered } = await runProgram(() => {
      const provider = new k8s.Provider("mine", { kubeconfig: KUBECONFIG });
      const endpoint = new AmlModelEndpoint(
        "churn",
        { router: { ...router }, versions: { blue: { image } } },
        { provider },
      );
      return { uri: endpoint.scoringUri };
    });
    assert.match(only(registered, DEPLOYMENT).provider, /pulumi:providers:kubernetes::mine::/);
  });

  it("shows the engine neither the kubeconfig nor, in clear, a key", async () => {
    const { registered } = await register({ keys: { primaryKey: "0123456789abcdef" } });
    const { inputs } = only(registered, "aml-inference:index:AmlModelEndpoint");
    assert.deepEqual(Object.keys(inputs["router"] as object), ["namespace", "scoringBaseUri"]);
  });

  it("lets the keys judge the arguments, and a reference's kubeconfig with them", async () => {
    const { registered } = await register({ namespace: "models" });
    assert.deepEqual(only(registered, KEYS).inputs["endpointArguments"], {
      component: "AmlModelEndpoint",
      name: "churn",
      arguments: { router, namespace: "models", versions: { blue: { image } } },
    });
  });

  it("doesn't judge the kubeconfig of its program's router again", async () => {
    const { registered } = await runProgram(() => {
      const component = new AmlInferenceRouter("fe", { kubeconfig: KUBECONFIG });
      const versions = { blue: { image } };
      return { uri: new AmlModelEndpoint("churn", { router: component, versions }).scoringUri };
    });
    const { endpointArguments } = only(registered, KEYS).inputs;
    assert.deepEqual(Object.keys(at(endpointArguments, "arguments.router") as object).sort(), [
      "clusterPurpose",
      "namespace",
      "scoringBaseUri",
    ]);
    assert.deepEqual(
      validateEndpoint(
        "churn",
        at(endpointArguments, "arguments") as Record<string, unknown>,
        surroundings(),
      ),
      [],
    );
  });

  it("throws every problem in one error, before anything is registered", async () => {
    let thrown: unknown;
    const { registered } = await runProgram(() => {
      const versions = {
        blue: { image: pulumi.output(image), trafficPercentile: 130 },
        green: { image: "", numReplicas: pulumi.output(0) },
      };
      try {
        new AmlModelEndpoint("churn", { router, versions, collectModelData: true });
      } catch (error) {
        thrown = error;
      }
      return {};
    });
    assert.ok(pulumi.ResourceError.isInstance(thrown));
    assert.deepEqual(thrown.message.split("\n"), [
      "the arguments have 4 problems, nothing was changed:",
      "  versions.blue.trafficPercentile must be 0 to 100 in steps of 0.01: it is 130",
      '  versions.green.image must be a text that is not empty: it is ""',
      "  versions must have exactly one with isDefault set to true: none has",
      "  collectModelData must be false or unset: the model's inputs and outputs can't be collected yet",
    ]);
    assert.deepEqual(
      registered.map(({ type }) => type),
      ["aml-inference:index:AmlModelEndpoint"],
    );
  });
});
