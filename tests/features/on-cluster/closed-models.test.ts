// What a model's container may do, what the cluster shows of its secrets, and what becomes of code that isn't ours.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ENDPOINT_NAMESPACE } from "../../../contracts/pods/pod-defaults";
import { type KubeObject } from "../../../kubernetes/core/kube-object";
import { type Pod } from "../../../kubernetes/core/workload";
import { KubeClient } from "../../../kubernetes/io/kube-client";
import { quickstartModelImage } from "../../../tools/images";
import { eventually } from "../../support/eventually";
import { runInContainer } from "../../support/run-in-container";
import { expectFailure, expectSuccess, openStack, type Stack } from "../../support/stack";
import { call, deleteNamespace, testCluster, type TestCluster } from "../../support/test-cluster";

// Of this run: the last one's may still be going.
const NAMESPACE = `closed-${randomBytes(3).toString("hex")}`;
const PROGRAM = `
const { readFileSync } = require("node:fs");
const { secret } = require("@pulumi/pulumi");
const { AmlInferenceRouter, AmlModelEndpoint } = require("aml-inference");
const kubeconfig = readFileSync("kubeconfig", "utf8");
const router = new AmlInferenceRouter("fe", { kubeconfig, clusterPurpose: "DevTest", namespace: "${NAMESPACE}" });
const { token, ...version } = JSON.parse(readFileSync("version.json", "utf8"));
const environmentVariables = { AZUREML_MODEL_DIR: "azureml-models/diabetes/1", TOKEN: secret(token) };
const short = { numReplicas: 1, scoringTimeoutMs: 1000, maxStreamSeconds: 1 };
// No namespace: this story is the one of the default.
new AmlModelEndpoint("closed", { router, versions: { blue: { ...short, ...version, environmentVariables } } });
`;
/** Of no pod's specification, and in no state. */
const [FIRST, SECOND] = [randomBytes(9).toString("hex"), randomBytes(9).toString("hex")];
/** An image whose user is root. */
const ROOTS = "node:24";
const AUTOSCALER = "aml-inference-autoscaler";

/** Opens what ARP spoofing needs, and says who tries. */
const RAW_SOCKET = `
import os, socket
try:
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    print(os.getuid(), "opened")
except PermissionError:
    print(os.getuid(), "refused")
`;

describe("Models behind closed doors", () => {
  let cluster: TestCluster;
  let client: KubeClient;
  let stack: Stack;

  const declare = (version: object) =>
    writeFile(
      join(stack.folder, "version.json"),
      JSON.stringify({ image: quickstartModelImage, token: FIRST, ...version }),
    );
  const list = <T extends KubeObject>(
    [apiVersion, kind]: readonly [string, string],
    namespace: string,
    labels?: string,
  ) => client.list<T>({ apiVersion, kind, namespace }, labels === undefined ? {} : { labels });
  const pods = async (namespace: string, labels: string) => {
    const found = await list<Pod>(["v1", "Pod"], namespace, labels);
    return found.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  };
  const model = async () => {
    const [pod, ...others] = await pods(ENDPOINT_NAMESPACE, "aml-inference.io/endpoint=closed");
    assert.ok(pod !== undefined && others.length === 0);
    return pod.metadata.name;
  };
  const inModel = async (...command: readonly string[]) => {
    const at = { namespace: ENDPOINT_NAMESPACE, pod: await model(), container: "model" };
    return (await runInContainer(cluster.kubeconfig, at, command)).trim();
  };
  const secrets = async () =>
    (await list(["v1", "Secret"], ENDPOINT_NAMESPACE)).map(({ metadata }) => metadata.name);

  before(async () => {
    cluster = await testCluster();
    const kubeconfig = await readFile(cluster.kubeconfig, "utf8");
    client = KubeClient.fromKubeConfig(kubeconfig);
    stack = await openStack({ program: PROGRAM });
    await writeFile(join(stack.folder, "kubeconfig"), kubeconfig);
    await declare({});
    await expectSuccess(stack.up());
  });
  after(async () => {
    await expectSuccess(stack.destroy());
    await stack.close();
    for (const namespace of [NAMESPACE, ENDPOINT_NAMESPACE]) {
      await deleteNamespace(cluster.client, namespace);
    }
  });

  it("a model in a namespace of endpoints isn't root and can't forge packets", async () => {
    assert.equal(await inModel("python3", "-c", RAW_SOCKET), "1000 refused");
    const namespace = await client.read<KubeObject>(
      { apiVersion: "v1", kind: "Namespace" },
      ENDPOINT_NAMESPACE,
    );
    const labels = namespace?.metadata.labels ?? {};
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "baseline");
    const policies = await list(["networking.k8s.io/v1", "NetworkPolicy"], ENDPOINT_NAMESPACE);
    assert.deepEqual(
      policies.map(({ metadata }) => metadata.name),
      ["closed-models"],
    );
  });

  it("has its secret variable, which stands nowhere but in a Secret", async () => {
    assert.equal(await inModel("printenv", "TOKEN"), FIRST);
    const shown = await Promise.all(
      [
        ["apps/v1", "Deployment"],
        ["apps/v1", "ReplicaSet"],
        ["v1", "Pod"],
        ["aml-inference.io/v1", "ModelEndpoint"],
      ].map(([version = "", kind = ""]) => list([version, kind], ENDPOINT_NAMESPACE)),
    );
    const everything = JSON.stringify(shown) + (await stack.stateText());
    for (const text of [FIRST, Buffer.from(FIRST).toString("base64")]) {
      assert.ok(!everything.includes(text));
    }
  });

  it("goes back from an image of root's, whose error names the argument, to its former secret", async () => {
    const [former = ""] = await secrets();
    await declare({ image: ROOTS, token: SECOND });
    const { output } = await expectFailure(stack.up());
    assert.match(
      output,
      /image \S*node:24 runs as root, which podSecurity "Restricted" refuses: give the version another user's number as runAsUser, or podSecurity "Baseline"/,
    );
    assert.match(output, /Its former template is back: 1 replica of image \S+ serves/);
    assert.ok((await secrets()).includes(former));
    // One that starts now still finds it.
    const pod = await model();
    await call(cluster.client, "DELETE", `/api/v1/namespaces/${ENDPOINT_NAMESPACE}/pods/${pod}`);
    await eventually("another replica runs", async () => {
      const [other] = await pods(ENDPOINT_NAMESPACE, "aml-inference.io/endpoint=closed");
      return other?.metadata.name !== pod && other?.status?.containerStatuses?.[0]?.ready === true;
    });
    assert.equal(await inModel("printenv", "TOKEN"), FIRST);
  });

  it("gets the new secret, and the former is deleted; a preview says which version may be root", async () => {
    const [former = ""] = await secrets();
    await declare({ token: SECOND, podSecurity: "Baseline" });
    const { diagnostics = [] } = await stack.preview();
    const said = diagnostics.map(({ message }) => message).join("\n");
    assert.match(said, /versions\.blue\.podSecurity is Baseline: its model may run as root/);
    assert.ok(!said.includes(SECOND));
    await expectSuccess(stack.up());
    assert.equal(await inModel("printenv", "TOKEN"), SECOND);
    assert.equal(await inModel("python3", "-c", RAW_SOCKET), "1000 refused");
    const left = await secrets();
    assert.equal(left.length, 1);
    assert.ok(!left.includes(former));
  });

  it("the autoscaler doesn't start code that somebody put in place of ours, until `up` brings it back", async () => {
    const deployment = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/${AUTOSCALER}`;
    const label = `app.kubernetes.io/name=${AUTOSCALER}`;
    const scale = async (replicas: number) => {
      const body = { spec: { replicas } };
      const contentType = "application/merge-patch+json";
      await cluster.client.request({ method: "PATCH", path: deployment, body, contentType });
    };
    await scale(0);
    await eventually("no autoscaler runs", async () => {
      const left = await list<Pod>(["v1", "Pod"], NAMESPACE, label);
      return left.length === 0;
    });
    const configMaps = await list(["v1", "ConfigMap"], NAMESPACE, label);
    const ours = configMaps.find(({ immutable }) => immutable === true);
    assert.ok(ours !== undefined);
    const { name, labels, annotations } = ours.metadata;
    const path = `/api/v1/namespaces/${NAMESPACE}/configmaps`;
    await call(cluster.client, "DELETE", `${path}/${name}`);
    await call(cluster.client, "POST", path, {
      metadata: { name, labels, annotations },
      immutable: true,
      data: { "code.cjs": 'console.log("other code runs")' },
    });
    await scale(1);
    const log = await eventually("the pod says why it doesn't start", async () => {
      const [pod] = await pods(NAMESPACE, label);
      const status = pod?.status?.containerStatuses?.[0];
      if (pod === undefined || (status?.restartCount ?? 0) === 0) return undefined;
      const logs = `/api/v1/namespaces/${NAMESPACE}/pods/${pod.metadata.name}/log?previous=true`;
      const text = JSON.stringify(await call(cluster.client, "GET", logs));
      return text.includes("released") ? text : undefined;
    });
    assert.match(log, /the code isn't the released one and is not started/);
    assert.ok(!log.includes("other code runs"));

    const { output } = await expectSuccess(stack.up());
    assert.match(output, /data/);
    const [pod] = await pods(NAMESPACE, label);
    assert.equal(pod?.status?.containerStatuses?.[0]?.ready, true);
  });
});
