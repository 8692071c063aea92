// What a version's arguments add to its pods, on Pulumi's mocks.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type AmlModelEndpointArgs } from "../../../components/endpoint/aml-model-endpoint-args";
import { PodSecurity, TopologySpread } from "../../../contracts/choices";
import { versionObjectName } from "../../../validation/endpoint/names";
import { at, DEPLOYMENT, image, only, register, ROUTE } from "../../support/endpoint-registrations";

const ACCOUNT = "kubernetes:core/v1:ServiceAccount";
const clientId = "00000000-0000-0000-0000-00000000000a";
const labels = { "aml-inference.io/endpoint": "churn", "aml-inference.io/version": "blue" };
const restricted = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

async function declare(version: object, endpoint: Partial<AmlModelEndpointArgs> = {}) {
  const { registered } = await register({ versions: { blue: { image, ...version } }, ...endpoint });
  const { inputs } = only(registered, DEPLOYMENT);
  // What is undefined isn't there.
  const template = JSON.parse(JSON.stringify(at(inputs, "spec.template"))) as object;
  const pod = (path: string) => at(template, path === "" ? "spec" : `spec.${path}`);
  return {
    registered,
    inputs,
    template,
    pod,
    model: (path: string) => pod(`containers.0.${path}`),
  };
}

describe("A version's pod has", () => {
  it("command, arguments, and variables from Secrets and ConfigMaps, after the user's own", async () => {
    const { model } = await declare({
      ...{ command: ["vllm"], args: ["serve", pulumi.output("/models")] },
      environmentVariables: { LEVEL: "DEBUG" },
      environmentFrom: [
        { secretName: pulumi.output("hub"), key: "token", variable: "HF_TOKEN" },
        { configMapName: "settings", key: "SERVICE_VERSION", optional: true },
        { configMapName: "all", prefix: "APP_" },
        { secretName: "more" },
      ],
    });
    assert.deepEqual([model("command"), model("args")], [["vllm"], ["serve", "/models"]]);
    assert.deepEqual(model("env"), [
      { name: "SERVICE_NAME", value: "churn" },
      { name: "SERVICE_PATH_PREFIX", value: "api/v1/service/churn" },
      { name: "LEVEL", value: "DEBUG" },
      { name: "HF_TOKEN", valueFrom: { secretKeyRef: { name: "hub", key: "token" } } },
      {
        name: "SERVICE_VERSION",
        valueFrom: {
          configMapKeyRef: { name: "settings", key: "SERVICE_VERSION", optional: true },
        },
      },
    ]);
    assert.deepEqual(model("envFrom"), [
      { prefix: "APP_", configMapRef: { name: "all" } },
      { secretRef: { name: "more" } },
    ]);
  });

  it("volumes, mounts, init containers within the level, and what places it", async () => {
    const { pod, model, template } = await declare({
      volumes: {
        models: { persistentVolumeClaim: { claimName: "m" }, mountPath: "/models", readOnly: true },
        shm: { emptyDir: { medium: "Memory", sizeLimit: "2Gi" }, mountPath: "/dev/shm" },
        scratch: { emptyDir: {} },
      },
      initContainers: [{ name: "fetch", image, securityContext: { runAsUser: 7 } }],
      imagePullSecrets: ["registry"],
      ...{ podLabels: { team: "risk" }, podAnnotations: { note: "a" } },
      ...{ affinity: { nodeAffinity: {} }, topologySpread: TopologySpread.ScheduleAnyway },
      ...{ priorityClassName: "high", runtimeClassName: "kata" },
      ...{ podSecurityContext: { fsGroup: 2000 } },
      securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: [] } },
      ...{ ephemeralStorageGb: 1.5, ephemeralStorageGbLimit: 2 },
      ...{ gpuCores: 2, gpuResource: "amd.com/gpu", terminationGracePeriodSeconds: 600 },
    });
    assert.deepEqual(pod("volumes"), [
      { name: "models", persistentVolumeClaim: { claimName: "m" } },
      { name: "shm", emptyDir: { medium: "Memory", sizeLimit: "2Gi" } },
      { name: "scratch", emptyDir: {} },
    ]);
    assert.deepEqual(model("volumeMounts"), [
      { name: "models", mountPath: "/models", readOnly: true },
      { name: "shm", mountPath: "/dev/shm" },
    ]);
    assert.deepEqual(pod("initContainers"), [
      { name: "fetch", image, securityContext: { ...restricted, runAsUser: 7 } },
    ]);
    assert.deepEqual(pod("imagePullSecrets"), [{ name: "registry" }]);
    assert.deepEqual(at(template, "metadata.labels"), { team: "risk", ...labels });
    assert.equal(at(template, "metadata.annotations.note"), "a");
    const constraints = pod("topologySpreadConstraints") as readonly object[];
    assert.deepEqual(constraints[1], {
      ...{ topologyKey: "kubernetes.io/hostname", maxSkew: 1, whenUnsatisfiable: "ScheduleAnyway" },
      ...{ labelSelector: { matchLabels: labels }, matchLabelKeys: ["pod-template-hash"] },
    });
    assert.equal(constraints.length, 2);
    assert.deepEqual([pod("priorityClassName"), pod("runtimeClassName")], ["high", "kata"]);
    assert.deepEqual(pod("securityContext"), {
      ...{ seccompProfile: { type: "RuntimeDefault" }, runAsNonRoot: true, fsGroup: 2000 },
    });
    assert.deepEqual(model("securityContext"), { ...restricted, readOnlyRootFilesystem: true });
    assert.deepEqual(model("resources"), {
      requests: { cpu: "100m", memory: "500M", "ephemeral-storage": "1500M" },
      limits: { "ephemeral-storage": "2G", "amd.com/gpu": "2" },
    });
    assert.deepEqual(pod("tolerations.2.key"), "amd.com/gpu");
    assert.equal(pod("terminationGracePeriodSeconds"), 600);
    assert.equal(model("lifecycle.preStop.sleep.seconds"), 122);
  });

  it("probes at its own routes, and as long to load as it is given", async () => {
    const { registered, inputs, model } = await declare({
      inferenceConfig: {
        startupTimeoutSeconds: pulumi.output(3600),
        livenessRoute: { path: "/live", port: 8000 },
        readinessRoute: pulumi.output({ path: "/ready" }),
      },
    });
    const httpGet = { path: "/ready", port: 5001 };
    assert.deepEqual(model("startupProbe"), {
      ...{ httpGet, periodSeconds: 1, timeoutSeconds: 2, failureThreshold: 3600 },
    });
    assert.deepEqual(model("readinessProbe.httpGet"), httpGet);
    assert.deepEqual(model("livenessProbe.httpGet"), { path: "/live", port: 8000 });
    assert.equal(at(inputs, "spec.progressDeadlineSeconds"), 4200);
    assert.equal(only(registered, ROUTE).inputs["rolloutTimeoutSeconds"], 4200);
    const longest = { inferenceConfig: { startupTimeoutSeconds: 14_400 } };
    const seconds = async (version: object, endpoint = {}) =>
      at((await declare(version, endpoint)).inputs, "spec.progressDeadlineSeconds");
    assert.equal(await seconds(longest), 14_400);
    assert.equal(await seconds({ inferenceConfig: {} }), 600);
    const short = { inferenceConfig: { startupTimeoutSeconds: 60 } };
    assert.equal(await seconds(short, { rolloutTimeoutSeconds: 90 }), 90);
  });

  it("an account's token only where an account is given", async () => {
    const named = await declare({ serviceAccountName: "models" });
    assert.equal(named.pod("serviceAccountName"), "models");
    assert.equal(named.pod("automountServiceAccountToken"), undefined);
    const none = await declare({ serviceAccountName: pulumi.output(undefined) });
    assert.equal(none.pod("serviceAccountName"), undefined);
    assert.equal(none.pod("automountServiceAccountToken"), false);
  });

  it("a managed identity, by the endpoint's own account or by the user's", async () => {
    const own = await declare({ workloadIdentityClientId: pulumi.output(clientId) });
    const account = only(own.registered, ACCOUNT);
    assert.equal(account.name, "churn");
    const id = at(account.inputs, "metadata.annotations");
    assert.equal((id as Record<string, string>)["azure.workload.identity/client-id"], clientId);
    assert.equal(account.inputs["automountServiceAccountToken"], false);
    assert.equal(own.pod("serviceAccountName"), "churn");
    assert.equal(own.pod("automountServiceAccountToken"), false);
    const given = await declare({ workloadIdentityClientId: clientId, serviceAccountName: "sa" });
    assert.ok(!given.registered.some(({ type }) => type === ACCOUNT));
    assert.equal(given.pod("serviceAccountName"), "sa");
    for (const { template, model } of [own, given]) {
      assert.deepEqual(at(template, "metadata.labels"), {
        "azure.workload.identity/use": "true",
        ...labels,
      });
      const env = model("env") as readonly { readonly name: string }[];
      assert.deepEqual(env.at(-1), { name: "AZURE_CLIENT_ID", value: clientId });
    }
    const nobody = await declare({ workloadIdentityClientId: pulumi.output(undefined) });
    assert.ok(!nobody.registered.some(({ type }) => type === ACCOUNT));
    assert.deepEqual(nobody.template, (await declare({})).template);
  });

  it("what podTemplate says, and containers of it within the level", async () => {
    const podTemplate = {
      metadata: { annotations: { note: "b" } },
      spec: {
        dnsPolicy: "Default",
        securityContext: { seccompProfile: null },
        containers: [
          { name: "log", image: pulumi.output("log:1") },
          { name: "model", env: [{ name: "SERVICE_VERSION", $patch: "delete" }] },
        ],
      },
    };
    const { pod, template } = await declare({ podTemplate, podAnnotations: { other: "c" } });
    const annotations = at(template, "metadata.annotations") as object;
    assert.deepEqual(Object.keys(annotations).sort(), [
      "aml-inference.io/revision",
      "note",
      "other",
    ]);
    assert.deepEqual(at(template, "metadata.labels"), labels);
    assert.equal(pod("dnsPolicy"), "Default");
    const level = { seccompProfile: { type: "RuntimeDefault" }, runAsNonRoot: true };
    assert.deepEqual(pod("securityContext"), level);
    for (const deleted of [null, { $patch: "delete" }, { $patch: "replace" }]) {
      const patched = await declare({ podTemplate: { spec: { securityContext: deleted } } });
      assert.deepEqual(patched.pod("securityContext"), level);
    }
    assert.deepEqual(pod("containers.0"), {
      ...{ name: "log", image: "log:1", securityContext: restricted },
    });
    const plain = await declare({});
    const env = plain.model("env") as readonly { readonly name: string }[];
    assert.deepEqual(pod("containers.1"), {
      ...(plain.model("") ?? (plain.pod("containers.0") as object)),
      env: env.filter(({ name }) => name !== "SERVICE_VERSION"),
    });
  });

  it("nothing else with an empty podTemplate, and nothing of ours with Privileged", async () => {
    assert.deepEqual((await declare({ podTemplate: {} })).template, (await declare({})).template);
    const { model, pod } = await declare(
      {
        podSecurity: PodSecurity.Privileged,
        podTemplate: {
          spec: { containers: [{ name: "model", securityContext: { privileged: true } }] },
        },
      },
      { namespace: "models" },
    );
    assert.deepEqual(model("securityContext"), { privileged: true });
    assert.deepEqual(pod("securityContext"), { seccompProfile: { type: "RuntimeDefault" } });
  });

  it("the account of one version only, and every object the name of its version", async () => {
    const { registered } = await register({
      versions: {
        blue: { image, isDefault: true },
        green: { image, workloadIdentityClientId: clientId },
      },
    });
    const account = (name: string) =>
      at(
        only(registered, DEPLOYMENT, versionObjectName("churn", name)).inputs,
        "spec.template.spec.serviceAccountName",
      );
    assert.deepEqual([account("blue"), account("green")], [undefined, "churn"]);
  });
});
