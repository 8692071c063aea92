// A cluster's whole life on "a machine of its own": run inside new network, mount and process namespaces.
// Beats: up, a pod behind a LoadBalancer, kills, up again, down. Prints what happened as JSON, the last line.
import { readdirSync, readFileSync } from "node:fs";
import { CoreV1Api, KubeConfig, type V1Pod } from "@kubernetes/client-node";
import {
  clusterDown,
  clusterStatus,
  clusterUp,
  compareSnapshots,
  provideImages,
} from "../../tools/cluster";
import { waitUntil } from "../../tools/programs";
import { ownMachineSnapshot } from "./own-machine-snapshot";

/** What the story found. */
export interface ClusterStory {
  /** Lines that `clusterUp` said: on the first, the second, and the run after the supervisor was killed. */
  readonly said: Readonly<Record<"first" | "second" | "afterKill", readonly string[]>>;
  /** The Service's address, and what answered there before and after the kill. */
  readonly address: string;
  readonly answers: readonly string[];
  /** A killed kubelet's restarts. */
  readonly kubeletRestarts: number;
  /** What differs after `down` from before the first `up`. */
  readonly left: readonly string[];
}

const stateDir = process.env["AML_INFERENCE_CLUSTER_STATE"] ?? "";
const labels = { app: "hello" };

const helloPod: V1Pod = {
  metadata: { name: "hello", labels },
  spec: {
    securityContext: { runAsNonRoot: true, runAsUser: 1000 },
    containers: [
      {
        name: "hello",
        image: "node:24",
        imagePullPolicy: "IfNotPresent",
        command: [
          ...["node", "-e"],
          `require("http").createServer((_, r) => r.end("hello")).listen(8080)`,
        ],
      },
    ],
  },
};

async function live(): Promise<ClusterStory> {
  const before = await ownMachineSnapshot();

  const first = await up();
  await provideImages();
  const config = new KubeConfig();
  config.loadFromFile(first.kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  const namespace = "default";
  await api.createNamespacedPod({ namespace, body: helloPod });
  await api.createNamespacedService({
    namespace,
    body: {
      metadata: { name: "hello" },
      spec: { type: "LoadBalancer", selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    },
  });
  let address = "";
  await must("a Service with an address", async () => {
    const service = await api.readNamespacedService({ namespace, name: "hello" });
    address = service.status?.loadBalancer?.ingress?.[0]?.ip ?? "";
    return address !== "";
  });
  const answers = [await answerOf(address)];
  const second = await up();

  killComponent("kubelet");
  await must("a kubelet that runs again", async () => (await kubeletRestarts()) === 1);
  const restarts = await kubeletRestarts();

  process.kill(supervisorId(), "SIGKILL");
  const afterKill = await up();
  answers.push(await answerOf(address));

  await clusterDown();
  return {
    said: { first: first.said, second: second.said, afterKill: afterKill.said },
    address,
    answers,
    kubeletRestarts: restarts,
    left: compareSnapshots(before, await ownMachineSnapshot()),
  };
}

async function up(): Promise<{ kubeconfig: string; said: string[] }> {
  const said: string[] = [];
  const { kubeconfig } = await clusterUp((line) => {
    console.error(line);
    said.push(line);
  });
  return { kubeconfig, said };
}

async function must(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  if (!(await waitUntil(isTrue, { timeoutMs: 60_000 }))) throw new Error(`There must be ${what}`);
}

async function answerOf(address: string): Promise<string> {
  let answer = "";
  await must(`an answer from ${address}`, async () => {
    const response = await fetch(`http://${address}/`, { signal: AbortSignal.timeout(2_000) });
    answer = await response.text();
    return response.ok;
  });
  return answer;
}

async function kubeletRestarts(): Promise<number> {
  const { components } = await clusterStatus();
  const kubelet = components.find(({ name }) => name === "kubelet");
  return kubelet?.state === "running" ? kubelet.restarts : -1;
}

/** Every process of the cluster lives below the supervisor, in this machine's process table. */
function killComponent(name: string): void {
  for (const entry of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const [, component] = readFileSync(`/proc/${entry}/cmdline`, "utf8").split("\0");
    if (component === name) process.kill(Number(entry), "SIGKILL");
  }
}

function supervisorId(): number {
  return Number.parseInt(readFileSync(`${stateDir}/supervisor.identity`, "utf8"), 10);
}

live().then(
  (story) => console.log(JSON.stringify(story)),
  async (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
    await clusterDown();
  },
);
