// The Azure examples, as a user copies them: the real CLI on the stand-in Azure, whose clusters are the local Kubernetes, or on an own Azure.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { type ApiClient } from "../../../kubernetes/io/api-client";
import { KubeClient } from "../../../kubernetes/io/kube-client";
import { quickstartModelImage } from "../../../tools/images";
import { textAt, valueAt } from "../../../tools/standins/azure";
import {
  type AzureStack,
  CLIENT_SECRET,
  GROUP,
  openAzureStack,
  ownGroup,
  SUBSCRIPTION,
} from "../../support/azure-stack";
import { configure, EXAMPLE_ENVIRONMENT, useExample } from "../../support/example-program";
import {
  changingSteps,
  expectFailure,
  expectSuccess,
  finished,
  openStack,
  type Stack,
} from "../../support/stack";
import { call, deleteNamespace, testCluster } from "../../support/test-cluster";

const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}`;
const clusters = `${group}/providers/Microsoft.ContainerService/managedClusters`;
const clusterId = `${clusters}/prod`;
// Of this run: the last one's may still be going.
const NAMESPACE = `examples-${randomBytes(3).toString("hex")}`;
const ATTACHED = `${NAMESPACE}-attached`;
/** On an own Azure, which doesn't have the images of the local cluster: examples/quickstart/model, pushed somewhere. */
const IMAGE_VARIABLE = "AML_INFERENCE_MODEL_IMAGE";
const OWN_IMAGE = ownGroup === undefined ? undefined : process.env[IMAGE_VARIABLE];
const DOMAIN = "models.example.com";
const ROUTER = "aml-inference-router";

/** Steps of a preview, as `<op> <type> <name>`. */
async function plannedSteps(stack: Stack, ...args: readonly string[]): Promise<string[]> {
  return changingSteps(await stack.preview(...args))
    .filter(({ op }) => op !== "refresh")
    .map(({ op, urn }) => {
      const [type = "", name = ""] = urn.split("::").slice(-2);
      return `${op} ${type.split("$").at(-1)?.split(":").at(-1) ?? ""} ${name}`;
    })
    .sort();
}

describe("AmlAksCluster in the examples", function () {
  // An own Azure takes its time.
  this.timeout(ownGroup === undefined ? 900_000 : 4 * 3_600_000);
  let world: AzureStack;
  let stack: Stack;
  let cluster: ApiClient;

  const expectNoChange = async (of: Stack) => assert.deepEqual(await plannedSteps(of), []);
  const objectOf = (path: string) => `/apis/apps/v1/namespaces/${NAMESPACE}/${path}`;
  const agents = async () => {
    const pools = await world.azure.list(`${clusterId}/agentPools`);
    const found = pools.filter((pool) => textAt(pool, "name")?.startsWith("agents"));
    assert.equal(found.length, 1);
    return found[0];
  };
  const routerPods = async () => {
    const path = `/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=app.kubernetes.io%2Fname%3D${ROUTER}`;
    const { items } = (await call(cluster, "GET", path)) as { items: readonly unknown[] };
    return items.map((pod) => textAt(pod, "metadata.uid"));
  };

  before(async function () {
    if (ownGroup !== undefined && OWN_IMAGE === undefined) {
      console.log(`    skipped: ${IMAGE_VARIABLE} must name a model's image that Azure can pull`);
      this.skip();
    }
    const kubeconfig =
      ownGroup === undefined ? await readFile((await testCluster()).kubeconfig, "utf8") : undefined;
    world = await openAzureStack({
      program: "",
      env: EXAMPLE_ENVIRONMENT,
      ...(kubeconfig === undefined ? {} : { azure: { kubeconfig, silenceMs: 20 } }),
    });
    stack = world.stack;
    await useExample(stack, "aks-production");
    await configure(stack, {
      resourceGroupName: GROUP,
      namespace: NAMESPACE,
      modelImage: OWN_IMAGE ?? quickstartModelImage,
    });
  });
  after(async () => {
    if (ownGroup !== undefined) return OWN_IMAGE === undefined ? undefined : world.close();
    await world.close();
    // What a story that failed left would take the next one's room.
    const { client } = await testCluster();
    for (const namespace of [NAMESPACE, ATTACHED]) {
      await deleteNamespace(client, namespace).catch(() => undefined);
    }
  });

  it("aks-production: one up makes cluster, router and model, whatever call to Azure fails meanwhile", async () => {
    // The plugin tries a call four times: each of these ends a run.
    const faults = [5, 25].flatMap((first) =>
      [0, 1, 2, 3].map((next) => ({ kind: "503", position: first + next }) as const),
    );
    world.standIn?.faults.set(faults);
    let result = await stack.up();
    for (let runs = 1; result.code !== 0 && runs < 4; runs += 1) {
      assert.ok(!result.output.includes(CLIENT_SECRET));
      result = await stack.up();
    }
    assert.equal(result.code, 0, result.output);
    assert.equal(world.standIn?.faults.left ?? 0, 0);
    await expectNoChange(stack);
    const { scoringUri, primaryKey, certificatePem, kubeconfig, versionStates } =
      await stack.outputs();
    assert.deepEqual(versionStates, { blue: "Healthy" });
    cluster = KubeClient.fromKubeConfig(String(kubeconfig)).api;
    assert.equal(
      await score(cluster, String(scoringUri), String(primaryKey), String(certificatePem)),
      200,
    );
    const state = await stack.stateText();
    assert.ok(![CLIENT_SECRET, String(primaryKey)].some((secret) => state.includes(secret)));
  });

  it("aks-production: a change of the cluster is a change of the cluster alone", async () => {
    const before = await routerPods();
    await configure(stack, { agentCount: "4", upgradeChannel: "stable", team: "risk" });
    assert.deepEqual(await plannedSteps(stack), [
      "update AgentPool prod-agents",
      "update AmlAksCluster prod",
      "update ManagedCluster prod",
      "update UserAssignedIdentity prod-identity",
    ]);
    await expectSuccess(stack.up());
    const live = await world.azure.get(clusterId);
    assert.equal(valueAt(live, "properties.autoUpgradeProfile.upgradeChannel"), "stable");
    assert.equal(textAt(live, "tags.team"), "risk");
    // What the node autoscaler had is below the new minimum, which AKS would refuse.
    assert.partialDeepStrictEqual(await agents(), { properties: { minCount: 4, count: 4 } });
    assert.deepEqual(await routerPods(), before);
  });

  it("aks-production: shows and heals what somebody changed in Azure and in the cluster", async () => {
    await world.azure.edit(textAt(await agents(), "id") ?? "", "properties.maxCount", 20);
    const body = { apiVersion: "apps/v1", kind: "Deployment", spec: { revisionHistoryLimit: 7 } };
    const path = objectOf(`deployments/${ROUTER}`);
    await call(cluster, "PATCH", `${path}?fieldManager=somebody&force=true`, body);
    assert.deepEqual(await plannedSteps(stack, "--refresh"), [
      "update AgentPool prod-agents",
      "update RouterDeployment router",
    ]);
    await expectSuccess(stack.up("--refresh"));
    assert.equal(valueAt(await agents(), "properties.maxCount"), 10);
    assert.equal(valueAt(await call(cluster, "GET", path), "spec.revisionHistoryLimit"), 2);
    await expectNoChange(stack);
  });

  it("attach-existing: serves on that cluster, heals what is its own, and leaves the cluster as it is", async () => {
    const other = await openStack({ program: "", env: { ...world.env, ...EXAMPLE_ENVIRONMENT } });
    try {
      await useExample(other, "attach-existing");
      // DevTest asks for little: the router of the other example has its share of the cluster already.
      await configure(other, { clusterId, namespace: ATTACHED, clusterPurpose: "DevTest" });
      const before = await world.azure.get(clusterId);
      await expectSuccess(other.up());
      await expectNoChange(other);
      const { scoringBaseUri, vCpus } = await other.outputs();
      assert.equal(vCpus, 16);
      assert.equal((await fetch(`${String(scoringBaseUri)}/healthz`)).status, 404);
      const deployment = `/apis/apps/v1/namespaces/${ATTACHED}/deployments/${ROUTER}`;
      await call(cluster, "DELETE", deployment);
      assert.deepEqual(await plannedSteps(other, "--refresh"), ["update RouterDeployment router"]);
      await expectSuccess(other.up("--refresh"));
      await call(cluster, "GET", deployment);
      await expectNoChange(other);
      await expectSuccess(other.destroy());
      assert.deepEqual(await world.azure.get(clusterId), before);
    } finally {
      await other.close();
    }
  });

  it("aks-production: goes only once it is not protected any more", async () => {
    // As a person does it, with a preview first: nothing is touched.
    const destroy = ["destroy", "--yes", "--non-interactive", "--stack", "test"];
    const { output } = await expectFailure(finished(await stack.start(destroy)));
    assert.match(output, /protected/);
    await expectNoChange(stack);
    await configure(stack, { protectCluster: "false" });
    await expectSuccess(stack.up());
    await expectSuccess(stack.destroy());
    assert.deepEqual(await world.azure.list(clusters), []);
    assert.equal(await world.azure.get(clusterId), undefined);
  });
});

/** Status of one request to the router's load balancer, over TLS with the certificate's name. */
async function score(
  cluster: ApiClient,
  scoringUri: string,
  key: string,
  ca: string,
): Promise<number> {
  const service = await call(cluster, "GET", `/api/v1/namespaces/${NAMESPACE}/services/${ROUTER}`);
  const [ingress] = valueAt(service, "status.loadBalancer.ingress") as readonly { ip: string }[];
  const { hostname, pathname } = new URL(scoringUri);
  assert.equal(hostname, DOMAIN);
  return new Promise((resolve, reject) => {
    const headers = { host: hostname, authorization: `Bearer ${key}` };
    const outgoing = request(
      { host: ingress?.ip, servername: hostname, path: pathname, method: "POST", headers, ca },
      (incoming) => {
        incoming.resume();
        resolve(incoming.statusCode ?? 0);
      },
    );
    outgoing.on("error", reject);
    outgoing.setHeader("content-type", "application/json");
    outgoing.end(JSON.stringify({ data: [Array.from({ length: 10 }, () => 0)] }));
  });
}
