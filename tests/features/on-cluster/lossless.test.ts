// What changes under load costs no request: a new image, fewer replicas, a version less; and no replica ever has more than its limit.
import assert from "node:assert/strict";
import { writeFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ENDPOINT_LABEL, VERSION_LABEL } from "../../../contracts/model-endpoint/model-endpoint";
import type { ContainerStatus, Pod } from "../../../kubernetes/core/workload";
import { score } from "../../../tools/quickstart";
import { provideCountingReplica } from "../../support/counting-replica/image";
import { countStatuses, maximumByReplica, openLoop } from "../../support/open-loop";
import { expectSuccess, openStack, type Stack } from "../../support/stack";
import { call, deleteNamespace, testCluster, type TestCluster } from "../../support/test-cluster";

const NAMESPACE = "lossless-test";
const LIMIT = 50;
const PROGRAM = `
const { readFileSync } = require("node:fs");
const { AmlInferenceRouter, AmlModelEndpoint } = require("aml-inference");
const kubeconfig = readFileSync("kubeconfig", "utf8");
const router = new AmlInferenceRouter("fe", { kubeconfig, clusterPurpose: "DevTest", namespace: "${NAMESPACE}" });
const versions = JSON.parse(readFileSync("versions.json", "utf8"));
const endpoint = new AmlModelEndpoint("steady", { router, namespace: "${NAMESPACE}", versions });
Object.assign(exports, { scoringUri: endpoint.scoringUri, key: endpoint.primaryKey });
`;

/** 2,000 requests to a model of two seconds; at the start enough at once to fill every slot. */
const LOAD = { requests: 2_000, perSecond: 40, atOnce: 4 * LIMIT + 20, body: { ms: 2_000 } };

describe("Under 2,000 open-loop requests to a model of two seconds", () => {
  let cluster: TestCluster;
  let stack: Stack;
  let images: readonly string[];

  const declare = (versions: Readonly<Record<string, object>>) =>
    writeFile(join(stack.folder, "versions.json"), JSON.stringify(versions));

  const version = (image: string | undefined, more: object) => ({
    image,
    maxConcurrentRequestsPerContainer: LIMIT,
    maxQueueWaitMs: 20_000,
    scoringTimeoutMs: 10_000,
    maxStreamSeconds: 10,
    // The strictest numbers that leave a container time to start: a replica that is busy must survive them.
    livenessProbe: {
      initialDelaySeconds: 30,
      periodSeconds: 1,
      timeoutSeconds: 1,
      failureThreshold: 1,
    },
    ...more,
  });

  /** Runs the load, declares the change in the middle of it, and judges what came back. */
  async function changeUnderLoad(versions: Readonly<Record<string, object>>): Promise<void> {
    const { scoringUri, key } = await stack.outputs();
    const target = { scoringUri: String(scoringUri), key: String(key) };
    // With the first answer every slot has been taken.
    const { promise: firstAnswer, resolve: onAnswer } = Promise.withResolvers<void>();
    const load = openLoop(target, { ...LOAD, onAnswer });
    await firstAnswer;
    await declare(versions);
    const [outcomes] = await Promise.all([load, expectSuccess(stack.up())]);
    assert.deepEqual(countStatuses(outcomes), { 200: LOAD.requests });
    const maxima = [...maximumByReplica(outcomes).values()];
    assert.equal(Math.max(...maxima), LIMIT, "the limit is reached, and never passed");
  }

  /** Of the containers of blue's pods, without those that are being removed. */
  async function blueContainers(): Promise<readonly ContainerStatus[]> {
    const labels = `${ENDPOINT_LABEL}=steady,${VERSION_LABEL}=blue`;
    const { items } = (await call(
      cluster.client,
      "GET",
      `/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=${encodeURIComponent(labels)}`,
    )) as { items: readonly Pod[] };
    return items
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .flatMap(({ status }) => status?.containerStatuses ?? []);
  }

  before(async () => {
    cluster = await testCluster();
    images = [await provideCountingReplica("1"), await provideCountingReplica("2")];
    stack = await openStack({ program: PROGRAM });
    await writeFile(join(stack.folder, "kubeconfig"), await readFile(cluster.kubeconfig, "utf8"));
    await declare({
      blue: version(images[0], { isDefault: true, numReplicas: 4 }),
      green: version(images[0], { numReplicas: 1, trafficPercentile: 10 }),
    });
    await expectSuccess(stack.up());
  });

  after(async () => {
    await expectSuccess(stack.destroy());
    await stack.close();
    await deleteNamespace(cluster.client, NAMESPACE);
  });

  it("a new image costs none", async () => {
    await changeUnderLoad({
      blue: version(images[1], { isDefault: true, numReplicas: 4 }),
      green: version(images[0], { numReplicas: 1, trafficPercentile: 10 }),
    });
  });

  it("fewer replicas cost none", async () => {
    await changeUnderLoad({
      blue: version(images[1], { isDefault: true, numReplicas: 2 }),
      green: version(images[0], { numReplicas: 1, trafficPercentile: 10 }),
    });
    const { spec } = (await call(
      cluster.client,
      "GET",
      `/apis/aml-inference.io/v1/namespaces/${NAMESPACE}/modelendpoints/steady`,
    )) as { spec: { versions: { name: string; numReplicas: number }[] } };
    assert.equal(spec.versions.find(({ name }) => name === "blue")?.numReplicas, 2);
  });

  it("a version less costs none", async () => {
    await changeUnderLoad({ blue: version(images[1], { isDefault: true, numReplicas: 2 }) });
  });

  it("a replica whose only thread computes is neither restarted nor taken out of service", async () => {
    const { scoringUri, key } = await stack.outputs();
    const target = { scoringUri: String(scoringUri), key: String(key) };
    let isAnswered = false;
    const answers = Promise.all([1, 2].map(() => score(target, { blockMs: 8_000 }))).finally(() => {
      isAnswered = true;
    });
    const readiness = new Set<boolean>();
    while (!isAnswered) {
      for (const { ready } of await blueContainers()) readiness.add(ready);
      await sleep(500);
    }
    assert.deepEqual(
      (await answers).map(({ status }) => status),
      [200, 200],
    );
    assert.deepEqual(readiness, new Set([true]));
    const restarts = (await blueContainers()).map(({ restartCount }) => restartCount);
    assert.deepEqual(restarts, [0, 0]);
  });
});
