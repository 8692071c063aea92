// A model server that needs more than an image: a command, a Secret, a ConfigMap, volumes, an init container, an account.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NODE_IMAGE } from "../../../contracts/pods/pod-defaults";
import { type KubeObject } from "../../../kubernetes/core/kube-object";
import { type Pod } from "../../../kubernetes/core/workload";
import { KubeClient } from "../../../kubernetes/io/kube-client";
import {
  changingSteps,
  expectFailure,
  expectSuccess,
  openStack,
  type Stack,
} from "../../support/stack";
import { call, deleteNamespace, testCluster, type TestCluster } from "../../support/test-cluster";

// Of this run: the last one's may still be going.
const RUN = randomBytes(3).toString("hex");
const [ROUTER, MODELS] = [`pod-router-${RUN}`, `pod-models-${RUN}`];
const TOKEN = randomBytes(9).toString("hex");
const PROGRAM = `
const { readFileSync } = require("node:fs");
const { AmlInferenceRouter, AmlModelEndpoint } = require("aml-inference");
const kubeconfig = readFileSync("kubeconfig", "utf8");
const router = new AmlInferenceRouter("fe", { kubeconfig, clusterPurpose: "DevTest", namespace: "${ROUTER}" });
const blue = JSON.parse(readFileSync("version.json", "utf8"));
const { scoringUri, primaryKey } = new AmlModelEndpoint("needy", { router, namespace: "${MODELS}", versions: { blue } });
Object.assign(exports, { scoringUri, primaryKey });
`;

/** Says what its pod has. It isn't ready where Azure ML's images are asked, and alone where it was told. */
const SERVER = `
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount/token";
createServer((request, response) => {
  const { HUB_TOKEN, APP_LEVEL, SERVICE_NAME } = process.env;
  if (request.url === "/ready" || request.url === "/live") return void response.end("well");
  if (!request.url.startsWith("/score")) return void response.writeHead(404).end();
  const claims = JSON.parse(Buffer.from(readFileSync(ACCOUNT, "utf8").split(".")[1], "base64url"));
  response.end(JSON.stringify({
    hub: HUB_TOKEN, level: APP_LEVEL, name: SERVICE_NAME, argument: process.argv[2],
    file: readFileSync("/secret/token", "utf8"), fetched: readFileSync("/models/model.txt", "utf8"),
    memory: readFileSync("/proc/mounts", "utf8").split("\\n").some((line) => line.startsWith("tmpfs /dev/shm ")),
    account: claims.sub, user: process.getuid(),
  }));
}).listen(5001);
`;

const WHAT_IT_NEEDS = {
  ...{
    image: NODE_IMAGE,
    runAsUser: 1000,
    numReplicas: 1,
    scoringTimeoutMs: 1000,
    maxStreamSeconds: 1,
  },
  inferenceConfig: {
    ...{ livenessRoute: { path: "/live" }, readinessRoute: { path: "/ready" } },
    startupTimeoutSeconds: 120,
  },
  ...{ command: ["node"], args: ["/program/server.mjs", "$(APP_LEVEL)"] },
  environmentFrom: [
    { secretName: "hub", key: "token", variable: "HUB_TOKEN" },
    { configMapName: "settings", prefix: "APP_" },
  ],
  serviceAccountName: "models",
  volumes: {
    program: { configMap: { name: "program" }, mountPath: "/program", readOnly: true },
    token: { secret: { secretName: "hub" }, mountPath: "/secret", readOnly: true },
    models: { emptyDir: {}, mountPath: "/models", readOnly: true },
    shm: { emptyDir: { medium: "Memory", sizeLimit: "16Mi" }, mountPath: "/dev/shm" },
  },
  initContainers: [
    {
      ...{
        name: "fetch",
        image: NODE_IMAGE,
        volumeMounts: [{ name: "models", mountPath: "/out" }],
      },
      command: ["node", "-e", 'require("fs").writeFileSync("/out/model.txt", "fetched")'],
    },
  ],
  ...{ podLabels: { team: "risk" }, topologySpread: "ScheduleAnyway" },
  ...{ ephemeralStorageGb: 0.1, terminationGracePeriodSeconds: 45 },
};

describe("A model server that needs a pod of its own kind", () => {
  let cluster: TestCluster;
  let client: KubeClient;
  let stack: Stack;

  const declare = (version: object) =>
    writeFile(join(stack.folder, "version.json"), JSON.stringify({ ...WHAT_IT_NEEDS, ...version }));
  const pods = async () => {
    const found = await client.list<Pod>({ apiVersion: "v1", kind: "Pod", namespace: MODELS });
    return found.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  };
  const score = async () => {
    const { scoringUri, primaryKey } = await stack.outputs();
    const headers = { authorization: `Bearer ${String(primaryKey)}` };
    const answer = await fetch(String(scoringUri), { method: "POST", headers, body: "{}" });
    assert.equal(answer.status, 200);
    return answer.json();
  };
  const told = {
    ...{ hub: TOKEN, file: TOKEN, level: "DEBUG", argument: "DEBUG", name: "needy" },
    ...{ fetched: "fetched", memory: true, user: 1000 },
    account: `system:serviceaccount:${MODELS}:models`,
  };

  before(async () => {
    cluster = await testCluster();
    const kubeconfig = await readFile(cluster.kubeconfig, "utf8");
    client = KubeClient.fromKubeConfig(kubeconfig);
    const enforce = { "pod-security.kubernetes.io/enforce": "restricted" };
    await call(cluster.client, "POST", "/api/v1/namespaces", {
      metadata: { name: MODELS, labels: enforce },
    });
    const objects = [
      ["secrets", { metadata: { name: "hub" }, stringData: { token: TOKEN } }],
      ["configmaps", { metadata: { name: "settings" }, data: { LEVEL: "DEBUG" } }],
      ["configmaps", { metadata: { name: "program" }, data: { "server.mjs": SERVER } }],
      ["serviceaccounts", { metadata: { name: "models" } }],
    ] as const;
    for (const [plural, object] of objects) {
      await call(cluster.client, "POST", `/api/v1/namespaces/${MODELS}/${plural}`, object);
    }
    stack = await openStack({ program: PROGRAM });
    await writeFile(join(stack.folder, "kubeconfig"), kubeconfig);
    await declare({});
    await expectSuccess(stack.up());
  });
  after(async () => {
    await expectSuccess(stack.destroy());
    await stack.close();
    for (const name of [ROUTER, MODELS]) await deleteNamespace(cluster.client, name);
  });

  it("has all of it, in a namespace that enforces the restricted profile", async () => {
    assert.deepEqual(await score(), told);
    const [pod] = await pods();
    assert.equal(pod?.metadata.labels?.["team"], "risk");
    assert.ok(!(await stack.stateText()).includes(TOKEN));
    assert.deepEqual(changingSteps(await stack.preview()), []);
  });

  it("is replaced by one with a sidecar of podTemplate, which the next update leaves alone", async () => {
    const sidecar = { name: "log", image: NODE_IMAGE, command: ["sleep", "600"] };
    const podTemplate = { spec: { dnsPolicy: "Default", containers: [sidecar] } };
    await declare({ podTemplate });
    await expectSuccess(stack.up());
    assert.deepEqual(await score(), told);
    const [pod, ...others] = await pods();
    assert.equal(others.length, 0);
    const { containers, dnsPolicy } = (pod as KubeObject & { readonly spec: Spec }).spec;
    assert.deepEqual(containers.map(({ name }) => name).sort(), ["log", "model"]);
    assert.equal(dnsPolicy, "Default");
    assert.deepEqual(changingSteps(await stack.preview()), []);
  });

  it("stays as it is when podTemplate asks for what isn't its to change", async () => {
    const before = (await pods()).map(({ metadata }) => metadata.uid);
    const spec = { hostNetwork: true, terminationGracePeriodSeconds: 1, containers: null };
    await declare({
      podTemplate: { metadata: { labels: { "aml-inference.io/version": null } }, spec },
    });
    const { output } = await expectFailure(stack.up());
    for (const sentence of [
      /podTemplate\.spec\.hostNetwork is true, which podSecurity "Restricted" refuses/,
      /podTemplate\.spec\.terminationGracePeriodSeconds can't be changed, to 1: /,
      /podTemplate\.spec\.containers\[model\] can't be removed or renamed: /,
      /podTemplate\.metadata\.labels\["aml-inference\.io\/version"\] can't be changed, to missing: /,
    ]) {
      assert.match(output, sentence);
    }
    assert.deepEqual(
      (await pods()).map(({ metadata }) => metadata.uid),
      before,
    );
    assert.deepEqual(await score(), told);
  });
});

interface Spec {
  readonly containers: readonly { readonly name: string }[];
  readonly dnsPolicy: string;
}
