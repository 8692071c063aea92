// Both sides of each line that the arguments of a version's pod have.
import assert from "node:assert/strict";
import { sentence } from "../../../values/argument-error";
import { UNKNOWN } from "../../../values/unknown";
import { validateEndpoint } from "../../../validation/endpoint/validate-endpoint";
import { readKubeConfig } from "../../../kubernetes/io/kube-config";
import { KUBECONFIG } from "../../support/component-kubeconfig";

const router = { kubeconfig: KUBECONFIG, namespace: "fe", scoringBaseUri: "http://1.2.3.4" };
const world = { now: new Date("2026-06-01T00:00:00Z"), readKubeConfig };
const image = "registry.example/model:1";

function ofVersion(version: object, endpoint: object = {}): string[] {
  const versions = { blue: { image, ...version } };
  return validateEndpoint("churn", { router, versions, ...endpoint }, world).map(sentence);
}

const own = { namespace: "models" };
const model = (fields: object) => ({ spec: { containers: [{ name: "model", ...fields }] } });
const sidecar = (fields: object) => ({ spec: { containers: [{ name: "log", ...fields }] } });

describe("A version's pod", () => {
  it("accepts every argument at once", () => {
    const version = {
      inferenceConfig: {
        startupTimeoutSeconds: 14_400,
        livenessRoute: { path: "/health", port: 8000 },
        readinessRoute: { path: "/v1/models" },
      },
      ...{ command: ["vllm"], args: ["serve", ""], imagePullSecrets: ["registry"] },
      environmentVariables: { LEVEL: "DEBUG" },
      environmentFrom: [
        { secretName: "hub", key: "token", variable: "HF_TOKEN" },
        { configMapName: "settings", prefix: "APP_", optional: true },
      ],
      serviceAccountName: "models",
      workloadIdentityClientId: "00000000-0000-0000-0000-00000000000a",
      volumes: {
        models: { persistentVolumeClaim: { claimName: "m" }, mountPath: "/models", readOnly: true },
        shm: { emptyDir: { medium: "Memory" }, mountPath: "/dev/shm" },
        unmounted: { csi: { driver: "blob.csi.azure.com" } },
      },
      initContainers: [{ name: "fetch", image }],
      ...{ podLabels: { team: "risk" }, podAnnotations: { "prometheus.io/scrape": "true" } },
      ...{ affinity: {}, topologySpread: "ScheduleAnyway", priorityClassName: "high" },
      ...{ runtimeClassName: "kata", podSecurityContext: { fsGroup: 2000 } },
      securityContext: {
        readOnlyRootFilesystem: true,
        capabilities: { add: ["NET_BIND_SERVICE"] },
      },
      ...{ ephemeralStorageGb: 1, ephemeralStorageGbLimit: 1 },
      ...{ gpuCores: 1, gpuResource: "nvidia.com/mig-1g.5gb" },
      terminationGracePeriodSeconds: 152,
      podTemplate: { spec: { dnsPolicy: "Default" } },
    };
    assert.deepEqual(ofVersion(version, { rolloutTimeoutSeconds: 14_400 }), []);
  });

  const legal: readonly (readonly [string, object, object?])[] = [
    ["a patch that sets what is there already", { podTemplate: model({ name: "model" }) }],
    [
      "a token with an account",
      { serviceAccountName: "a", podTemplate: { spec: { automountServiceAccountToken: true } } },
    ],
    [
      "a sidecar on another port",
      { podTemplate: sidecar({ image, ports: [{ containerPort: 9090 }] }) },
    ],
    ["root with Baseline", { podSecurity: "Baseline", podSecurityContext: { runAsUser: 0 } }],
    [
      "CHOWN with Baseline",
      { podSecurity: "Baseline", securityContext: { capabilities: { add: ["CHOWN"] } } },
    ],
    [
      "the node's network with Privileged",
      { podSecurity: "Privileged", podTemplate: { spec: { hostNetwork: true } } },
      own,
    ],
    [
      "what is unknown",
      {
        podTemplate: UNKNOWN,
        volumes: UNKNOWN,
        podSecurity: UNKNOWN,
        securityContext: { privileged: true },
      },
    ],
    [
      "what is unknown inside",
      {
        podTemplate: {
          spec: UNKNOWN,
          metadata: { labels: { "aml-inference.io/endpoint": UNKNOWN } },
        },
      },
    ],
    [
      "an entry whose source is unknown",
      { environmentFrom: [{ secretName: UNKNOWN }, { configMapName: UNKNOWN, key: UNKNOWN }] },
    ],
    [
      "a token of an account that isn't known yet",
      {
        serviceAccountName: UNKNOWN,
        podTemplate: { spec: { automountServiceAccountToken: true } },
      },
    ],
    [
      "a token of the patch's account",
      {
        podTemplate: { spec: { automountServiceAccountToken: true, serviceAccountName: UNKNOWN } },
      },
    ],
    [
      "what may turn out to be left out",
      { environmentFrom: [{ secretName: "a", variable: UNKNOWN }], gpuResource: UNKNOWN },
    ],
    ["null for what isn't there", { podTemplate: { spec: { affinity: null } } }],
  ];
  for (const [what, version, endpoint] of legal) {
    it(`accepts ${what}`, () => assert.deepEqual(ofVersion(version, endpoint), []));
  }

  const V = "versions.blue";
  const T = `${V}.podTemplate`;
  const allows = (level: string) =>
    `which podSecurity "Restricted" refuses: podSecurity "${level}" allows it${level === "Privileged" ? ", in a namespace of your own that allows it" : ""}`;
  const refused: readonly (readonly [object, readonly string[]])[] = [
    [{ command: "vllm" }, [`${V}.command must be a list: it is "vllm"`]],
    [{ args: [1] }, [`${V}.args[0] must be a text: it is a number`]],
    [
      { inferenceConfig: { startupTimeoutSeconds: 14_401 } },
      [
        `${V}.inferenceConfig.startupTimeoutSeconds must be a whole number from 1 to 14400: it is 14401`,
      ],
    ],
    [
      { inferenceConfig: { livenessRoute: { path: "health" } } },
      [`${V}.inferenceConfig.livenessRoute.path must be a path that begins with /: it is "health"`],
    ],
    [
      { environmentFrom: [{ key: "a" }] },
      [`${V}.environmentFrom[0] must have exactly one of secretName, configMapName: none is given`],
    ],
    [
      { environmentFrom: [{ secretName: "a", configMapName: "b" }] },
      [
        `${V}.environmentFrom[0] must have exactly one of secretName, configMapName: secretName and configMapName are given`,
      ],
    ],
    [
      { environmentFrom: [{ secretName: "a", variable: "B" }] },
      [`${V}.environmentFrom[0].key is required beside variable: it is missing`],
    ],
    [
      { environmentFrom: [{ secretName: "a", key: "tls.crt/1" }] },
      [
        `${V}.environmentFrom[0].key must be the name of a variable: it is "tls.crt/1"; give the variable's name as variable`,
      ],
    ],
    [
      { environmentFrom: [{ secretName: "a", key: "b", prefix: "C_" }] },
      [
        `${V}.environmentFrom[0].prefix can't be given with key: it is put before the names of all keys`,
      ],
    ],
    [
      { environmentVariables: { A: "1" }, environmentFrom: [{ secretName: "s", key: "A" }] },
      [`${V}.environmentFrom[0] sets variable A, which is set already`],
    ],
    [
      { workloadIdentityClientId: "me" },
      [`${V}.workloadIdentityClientId must be a UUID: it is "me"`],
    ],
    [
      { volumes: { a: { mountPath: "/a" } } },
      [
        `${V}.volumes.a must have exactly one of persistentVolumeClaim, secret, configMap, csi, emptyDir: none is given`,
      ],
    ],
    [
      { volumes: { a: { secret: { name: "s" } } } },
      [`${V}.volumes.a.secret must be an object with secretName`],
    ],
    [
      { volumes: { a: { hostPath: { path: "/" } } } },
      [
        `${V}.volumes.a.hostPath is not an argument; the arguments are mountPath, subPath, readOnly, persistentVolumeClaim, secret, configMap, csi, emptyDir`,
        `${V}.volumes.a must have exactly one of persistentVolumeClaim, secret, configMap, csi, emptyDir: none is given`,
      ],
    ],
    [
      { volumes: { a: { emptyDir: {}, mountPath: "/x" }, b: { emptyDir: {}, mountPath: "/x" } } },
      [`${V}.volumes.b.mountPath must be another than that of volume a: it is /x`],
    ],
    [
      { initContainers: [{ name: "model", image }] },
      [
        `${V}.initContainers[0].name must be a name that no other container of the pod has: it is "model"`,
      ],
    ],
    [
      { initContainers: [{ name: "a" }] },
      [`${V}.initContainers[0].image is required: it is missing`],
    ],
    [
      { podLabels: { "aml-inference.io/endpoint": "other" } },
      [
        `${V}.podLabels["aml-inference.io/endpoint"] can't be given: what begins with aml-inference.io/ says which pods are the version's`,
      ],
    ],
    [
      { topologySpread: "Even" },
      [`${V}.topologySpread must be ScheduleAnyway or DoNotSchedule: it is "Even"`],
    ],
    [
      { gpuResource: "amd.com/gpu" },
      [`${V}.gpuResource can't be given without gpuCores, the number of them`],
    ],
    [
      { ephemeralStorageGb: 2, ephemeralStorageGbLimit: 1 },
      [`${V}.ephemeralStorageGbLimit must be at least ephemeralStorageGb, which is 2: it is 1`],
    ],
    [
      { terminationGracePeriodSeconds: 151 },
      [
        `${V}.terminationGracePeriodSeconds must be at least 152, so that the last requests of a removed replica end (the longer of scoringTimeoutMs and maxStreamSeconds, and 32 s): it is 151`,
      ],
    ],
    [
      { securityContext: { privileged: true } },
      [`${V}.securityContext.privileged is true, ${allows("Privileged")}`],
    ],
    [
      { securityContext: { capabilities: { add: ["CHOWN", "SYS_ADMIN"] } } },
      [
        `${V}.securityContext.capabilities.add is "CHOWN", ${allows("Baseline")}`,
        `${V}.securityContext.capabilities.add is "SYS_ADMIN", ${allows("Privileged")}`,
      ],
    ],
    [
      { podSecurityContext: { runAsNonRoot: false } },
      [`${V}.podSecurityContext.runAsNonRoot is false, ${allows("Baseline")}`],
    ],
    [
      { initContainers: [{ name: "a", image, securityContext: { runAsUser: 0 } }] },
      [`${V}.initContainers[a].securityContext.runAsUser is 0, ${allows("Baseline")}`],
    ],
    [
      { podTemplate: { spec: { hostNetwork: true, hostIPC: false } } },
      [`${T}.spec.hostNetwork is true, ${allows("Privileged")}`],
    ],
    [
      {
        podTemplate: {
          spec: {
            volumes: [
              { name: "a", hostPath: { path: "/" } },
              { name: "n", nfs: { server: "s" } },
            ],
          },
        },
      },
      [
        `${T}.spec.volumes[a].hostPath is {"path":"/"}, ${allows("Privileged")}`,
        `${T}.spec.volumes[n].nfs is {"server":"s"}, ${allows("Baseline")}`,
      ],
    ],
    [
      { podTemplate: sidecar({ image, securityContext: { allowPrivilegeEscalation: true } }) },
      [
        `${T}.spec.containers[log].securityContext.allowPrivilegeEscalation is true, ${allows("Baseline")}`,
      ],
    ],
    [
      { podTemplate: "x" },
      [`${T} must be an object with metadata or spec, as a pod template has: it is "x"`],
    ],
    [
      { podTemplate: { replicas: 2, spec: { selector: {} } } },
      [
        `${T}.replicas can't be given: numReplicas or autoscale decides it`,
        `${T}.spec.selector can't be given: it says which pods are the version's`,
      ],
    ],
    [
      { podTemplate: { metadata: { name: "x" } } },
      [
        `${T}.metadata.name can't be given: of a pod's metadata only labels and annotations can be patched`,
      ],
    ],
    [
      { podTemplate: { metadata: { labels: { "aml-inference.io/version": "green" } } } },
      [
        `${T}.metadata.labels["aml-inference.io/version"] can't be changed, to "green": it says which pods are the version's`,
      ],
    ],
    [
      { podTemplate: { metadata: { labels: { $patch: "replace", a: "b" } } } },
      ["endpoint", "version"].map(
        (name) =>
          `${T}.metadata.labels["aml-inference.io/${name}"] can't be changed, to missing: it says which pods are the version's`,
      ),
    ],
    [
      { podTemplate: { metadata: { annotations: { "aml-inference.io/revision": "1" } } } },
      [
        `${T}.metadata.annotations["aml-inference.io/revision"] can't be given: what begins with aml-inference.io/ says which pods are the version's`,
      ],
    ],
    [
      { podTemplate: { spec: { terminationGracePeriodSeconds: 0 } } },
      [
        `${T}.spec.terminationGracePeriodSeconds can't be changed, to 0: give the version's argument terminationGracePeriodSeconds, which covers the drain`,
      ],
    ],
    [
      { podTemplate: { spec: { containers: [{ name: "model", $patch: "delete" }] } } },
      [`${T}.spec.containers[model] can't be removed or renamed: it is the container that serves`],
    ],
    [
      { podTemplate: { spec: { containers: null } } },
      [`${T}.spec.containers[model] can't be removed or renamed: it is the container that serves`],
    ],
    [
      { podTemplate: model({ lifecycle: { preStop: { exec: { command: ["true"] } } } }) },
      [
        `${T}.spec.containers[model].lifecycle.preStop can't be changed, to {"sleep":{},"exec":{"command":["true"]}}: it keeps a removed replica until its last requests have ended`,
      ],
    ],
    [
      { podTemplate: model({ lifecycle: null }) },
      [
        `${T}.spec.containers[model].lifecycle.preStop can't be changed, to missing: it keeps a removed replica until its last requests have ended`,
      ],
    ],
    [
      { podTemplate: model({ ports: [{ containerPort: 5001, $patch: "delete" }] }) },
      [
        `${T}.spec.containers[model].ports[5001] can't be changed, to missing: it is the port that routers send requests to`,
      ],
    ],
    [
      { podTemplate: sidecar({ image, ports: [{ containerPort: 5001 }] }) },
      [
        `${T}.spec.containers[log].ports[5001] can't be given: the model's container listens on 5001`,
      ],
    ],
    [
      { podTemplate: { spec: { automountServiceAccountToken: true } } },
      [
        `${T}.spec.automountServiceAccountToken can't be given without serviceAccountName: every pod of the namespace has the default account`,
      ],
    ],
    [
      {
        podTemplate: {
          spec: {
            volumes: [
              { name: "t", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } },
            ],
          },
        },
      },
      [
        `${T}.spec.volumes[t].projected.sources can't be given without serviceAccountName: every pod of the namespace has the default account`,
      ],
    ],
    [
      { podTemplate: sidecar({ image, env: [{ value: "1" }] }) },
      [
        `${T}.spec.containers[log].env[0] must have name, by which the entries of this list are merged`,
      ],
    ],
  ];
  for (const [version, expected] of refused) {
    it(`refuses ${JSON.stringify(version)}`, () => assert.deepEqual(ofVersion(version), expected));
  }

  it("may be Privileged only in a namespace that may allow it", () => {
    const version = { podSecurity: "Privileged" };
    assert.deepEqual(ofVersion(version, own), []);
    for (const endpoint of [{}, { namespace: "aml-inference-endpoints" }]) {
      assert.deepEqual(ofVersion(version, endpoint), [
        'versions.blue.podSecurity can\'t be "Privileged" in aml-inference-endpoints, which refuses such pods: give the endpoint a namespace that allows them',
      ]);
    }
  });

  it("has as long as it may load to be rolled out", () => {
    const version = { inferenceConfig: { startupTimeoutSeconds: 601 } };
    assert.deepEqual(ofVersion(version, { rolloutTimeoutSeconds: 601 }), []);
    assert.deepEqual(ofVersion(version, { rolloutTimeoutSeconds: 600 }), [
      "rolloutTimeoutSeconds must be at least versions.blue.inferenceConfig.startupTimeoutSeconds, which is 601: it is 600",
    ]);
  });
});
