// On a real cluster: how long a changed weight takes to be served, and a ready replica to get its first request.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ApiClient } from "../../kubernetes/io/api-client";
import { KubeClient } from "../../kubernetes/io/kube-client";
import { ENDPOINT_LABEL, VERSION_LABEL } from "../../contracts/model-endpoint/model-endpoint";
import { provideCountingReplica } from "../../tests/support/counting-replica/image";
import { expectSuccess, openStack } from "../../tests/support/stack";
import { clusterUp, provideImages } from "../cluster";
import { score, type ScoringTarget, percentile } from "../quickstart";
import type { Figure, Scenario } from "./figure";

const NAMESPACE = "bench";
const ENDPOINT = "changing";
const WEIGHT_CHANGES = 20;
const NEW_REPLICAS = 5;
const PROGRAM = `
const { readFileSync } = require("node:fs");
const { AmlInferenceRouter, AmlModelEndpoint } = require("aml-inference");
const { image } = JSON.parse(readFileSync("image.json", "utf8"));
const kubeconfig = readFileSync("kubeconfig", "utf8");
const router = new AmlInferenceRouter("fe", { kubeconfig, clusterPurpose: "DevTest", namespace: "${NAMESPACE}" });
const version = { image, numReplicas: 1, scoringTimeoutMs: 1000, maxStreamSeconds: 1 };
const endpoint = new AmlModelEndpoint("${ENDPOINT}", {
  router,
  namespace: "${NAMESPACE}",
  versions: { blue: { ...version, isDefault: true }, green: version },
});
Object.assign(exports, { scoringUri: endpoint.scoringUri, key: endpoint.primaryKey });
`;

/** Both figures contain the Kubernetes API's own delays. */
export const changeToEffect: Scenario = { name: "change to effect", run: measure };

async function measure(): Promise<readonly Figure[]> {
  const { kubeconfig } = await clusterUp();
  await provideImages();
  const client = KubeClient.fromKubeConfig(await readFile(kubeconfig, "utf8")).api;
  const stack = await openStack({ program: PROGRAM });
  try {
    const image = await provideCountingReplica("1");
    await writeFile(join(stack.folder, "image.json"), JSON.stringify({ image }));
    await writeFile(join(stack.folder, "kubeconfig"), await readFile(kubeconfig, "utf8"));
    await expectSuccess(stack.up());
    const { scoringUri, key } = await stack.outputs();
    const target = { scoringUri: String(scoringUri), key: String(key) };
    return [
      figure("changed weight → served", await weightChanges(client, target)),
      figure("ready replica → first request on it", await newReplicas(client, target)),
    ];
  } finally {
    await expectSuccess(stack.destroy());
    await stack.close();
  }
}

function figure(name: string, runsMs: readonly number[]): Figure {
  return {
    name,
    value: percentile(runsMs, 0.5),
    unit: "ms",
    min: Math.min(...runsMs),
    max: Math.max(...runsMs),
    runs: runsMs.length,
  };
}

/** From the API server's answer to the first response by the other version. */
async function weightChanges(client: ApiClient, target: ScoringTarget): Promise<number[]> {
  const runsMs: number[] = [];
  for (let run = 0; run < WEIGHT_CHANGES; run += 1) {
    const [wanted, trafficPercentile] = run % 2 === 0 ? ["green", 100] : ["blue", 0];
    const path = `/apis/aml-inference.io/v1/namespaces/${NAMESPACE}/modelendpoints/${ENDPOINT}`;
    const { body } = await client.request({ method: "GET", path });
    const endpoint = body as { spec: { versions: { name: string; trafficPercentile: number }[] } };
    for (const version of endpoint.spec.versions) {
      if (version.name === "green") version.trafficPercentile = Number(trafficPercentile);
    }
    await client.request({ method: "PUT", path, body: endpoint });
    const changedMs = performance.now();
    while ((await score(target, { ms: 0 })).version !== wanted);
    runsMs.push(performance.now() - changedMs);
  }
  return runsMs;
}

/** From the pod's Ready condition (looked at every 10 ms) to the first answer of that pod, while requests wait. */
async function newReplicas(client: ApiClient, target: ScoringTarget): Promise<number[]> {
  const selector = encodeURIComponent(`${ENDPOINT_LABEL}=${ENDPOINT},${VERSION_LABEL}=blue`);
  const list = async (path: string) =>
    (await client.request({ method: "GET", path: `${path}?labelSelector=${selector}` })).body as {
      items: readonly {
        metadata: { name: string };
        status?: { conditions?: readonly { type: string; status: string }[] };
      }[];
    };
  const pods = `/api/v1/namespaces/${NAMESPACE}/pods`;
  const deployments = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`;
  const deployment = (await list(deployments)).items[0]?.metadata.name ?? "";
  const answered = new Map<string, number>();
  let measuring = true;
  const sendAll = async () => {
    while (measuring) {
      const { status, body } = await score(target, { ms: 10 });
      if (status !== 200) continue;
      const { replica } = JSON.parse(body) as { replica: string };
      if (!answered.has(replica)) answered.set(replica, performance.now());
    }
  };
  const load = Promise.all(Array.from({ length: NEW_REPLICAS + 2 }, sendAll));
  const ready = new Map<string, number>();
  for (let replicas = 2; replicas <= NEW_REPLICAS + 1; replicas += 1) {
    const path = `${deployments}/${deployment}/scale`;
    const { body } = await client.request({ method: "GET", path });
    await client.request({
      method: "PUT",
      path,
      body: { ...(body as object), spec: { replicas } },
    });
    while (ready.size < replicas) {
      for (const { metadata, status } of (await list(pods)).items) {
        const isReady = status?.conditions?.some(
          (condition) => condition.type === "Ready" && condition.status === "True",
        );
        if (isReady === true && !ready.has(metadata.name))
          ready.set(metadata.name, performance.now());
      }
      await sleep(10);
    }
    await sleep(500);
  }
  measuring = false;
  await load;
  return [...ready]
    .slice(1)
    .map(([pod, readyMs]) => Math.max(0, (answered.get(pod) ?? NaN) - readyMs));
}
