// A node without machine or kubelet: what is scheduled to it counts as running at once, and computes nothing.
import { setTimeout as sleep } from "node:timers/promises";
import { valueAt } from "../standins/azure";
import { type ApiClient, type ApiRequest, describeFailure } from "../../kubernetes/io/api-client";

/** Label and taint of the node; pods ask for the one and put up with the other. */
export const PRETEND = "aml-inference.io/pretend";

export interface PretendNode {
  /** Takes the node away with its pods. */
  stop(): Promise<void>;
}

const PERIOD_MS = 250;
/** The node controller gives a node up after 40 s without a word. */
const HEARTBEAT_MS = 10_000;
const CAPACITY = { cpu: "1000", memory: "4000Gi", pods: "2000" };

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly containers: readonly { readonly name: string }[] };
}

export async function startPretendNode(client: ApiClient, name: string): Promise<PretendNode> {
  const path = `/api/v1/nodes/${name}`;
  const body = {
    metadata: { name, labels: { [PRETEND]: name } },
    spec: { taints: [{ key: PRETEND, value: name, effect: "NoSchedule" }] },
  };
  await ask(client, { method: "POST", path: "/api/v1/nodes", body });
  let stopping = false;
  let nextHeartbeatMs = 0;
  const loop = (async () => {
    for (let pods = 1; !stopping || pods > 0; await sleep(PERIOD_MS)) {
      if (performance.now() >= nextHeartbeatMs) {
        await merge(client, `${path}/status`, nodeStatus());
        nextHeartbeatMs = performance.now() + HEARTBEAT_MS;
      }
      const query = { fieldSelector: `spec.nodeName=${name}` };
      const found = await ask(client, { method: "GET", path: "/api/v1/pods", query });
      const { items } = found as { items: readonly Pod[] };
      pods = items.length;
      for (const pod of items) await settle(client, pod);
    }
  })();
  return {
    stop: async () => {
      stopping = true;
      await loop;
      await ask(client, { method: "DELETE", path });
    },
  };
}

async function ask(client: ApiClient, request: ApiRequest): Promise<unknown> {
  const response = await client.request(request);
  if (response.status < 300) return response.body;
  throw new Error(`${request.method} ${request.path}: ${describeFailure(response)}`);
}

/** What a kubelet would report, or do, about a pod. */
async function settle(client: ApiClient, pod: Pod): Promise<void> {
  const path = `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}`;
  if (pod.metadata.deletionTimestamp !== undefined) {
    await client.request({ method: "DELETE", path, query: { gracePeriodSeconds: "0" } });
  } else if (valueAt(pod, "status.phase") !== "Running") {
    await merge(client, `${path}/status`, podStatus(pod));
  }
}

/** A pod may be gone, and a conflict comes round again: the next period tells. */
async function merge(client: ApiClient, path: string, body: unknown): Promise<void> {
  const contentType = "application/strategic-merge-patch+json";
  await client.request({ method: "PATCH", path, body, contentType });
}

function nodeStatus() {
  const now = new Date().toISOString();
  const ready = { type: "Ready", status: "True", reason: "Pretended", lastHeartbeatTime: now };
  return { status: { capacity: CAPACITY, allocatable: CAPACITY, conditions: [ready] } };
}

function podStatus(pod: Pod) {
  const startedAt = new Date().toISOString();
  const conditions = ["Initialized", "ContainersReady", "Ready"].map((type) => ({
    type,
    status: "True",
    lastTransitionTime: startedAt,
  }));
  const containerStatuses = pod.spec.containers.map(({ name }) => ({
    ...{ name, ready: true, started: true, restartCount: 0, image: "", imageID: "" },
    state: { running: { startedAt } },
  }));
  // For benchmarks (RFC 2544), and outside of the local cluster's pod range.
  const podIP = `198.19.${randomUpTo(127) + 128}.${randomUpTo(254)}`;
  const podIPs = [{ ip: podIP }];
  const status = { phase: "Running", startTime: startedAt, podIP, podIPs };
  return { status: { ...status, conditions, containerStatuses } };
}

function randomUpTo(most: number): number {
  return 1 + Math.floor(Math.random() * most);
}
