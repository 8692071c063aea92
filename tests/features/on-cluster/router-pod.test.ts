// The router's pod when its parts fail or strangers call: its clients notice nothing, and nobody takes it out of service.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { Agent, type IncomingMessage, request } from "node:http";
import { type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SAMPLES_PATH, SAMPLES_PORT } from "../../../contracts/metrics-channel/router-sample";
import { PROBE_PATH } from "../../../contracts/scoring-api";
import * as autoscaler from "../../../contracts/pods/autoscaler-environment";
import { INTERNAL_TLS_DIRECTORY } from "../../../contracts/pods/internal-tls";
import { AUTOSCALER_NAME, ROUTER_NAME } from "../../../contracts/pods/pod-defaults";
import * as router from "../../../contracts/pods/router-environment";
import { type KubeObject } from "../../../kubernetes/core/kube-object";
import { quickstartModelImage } from "../../../tools/images";
import { eventually } from "../../support/eventually";
import { AGENT, pidsOf, runInContainer } from "../../support/run-in-container";
import { expectSuccess, openStack, type Stack } from "../../support/stack";
import {
  call,
  createNamespace,
  deleteNamespace,
  testCluster,
  type TestCluster,
} from "../../support/test-cluster";

const NAMESPACE = `router-pod-${randomBytes(3).toString("hex")}`;
const ENDPOINT = "steady";
const PROGRAM = `
const { readFileSync } = require("node:fs");
const { AmlInferenceRouter, AmlModelEndpoint } = require("aml-inference");
const kubeconfig = readFileSync("kubeconfig", "utf8");
const router = new AmlInferenceRouter("fe", { kubeconfig, clusterPurpose: "DevTest", namespace: "${NAMESPACE}" });
const endpoint = new AmlModelEndpoint("${ENDPOINT}", {
  router, namespace: "${NAMESPACE}", authEnabled: false,
  versions: { blue: {
    image: "${quickstartModelImage}",
    environmentVariables: { AZUREML_MODEL_DIR: "azureml-models/diabetes/1" },
    isDefault: true, numReplicas: 1, maxQueueWaitMs: 30000,
  } },
});
exports.scoringUri = endpoint.scoringUri;
`;

/** A pod with what the stories look at. */
interface RunningPod extends KubeObject {
  readonly status: {
    readonly podIP: string;
    readonly phase: string;
    readonly conditions: readonly { type: string; status: string; lastTransitionTime: string }[];
    readonly containerStatuses: readonly { name: string; restartCount: number; ready: boolean }[];
    readonly initContainerStatuses: readonly { name: string; restartCount: number }[];
  };
}

const HAPROXY_WORKER = "*haproxy*";

describe("The router's pod", () => {
  let cluster: TestCluster;
  let stack: Stack;
  let scoringUri: string;
  let clients: ReturnType<typeof connectAnew> | undefined;

  const podOf = async (name: string): Promise<RunningPod> => {
    const path = `/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=app.kubernetes.io/name=${name}`;
    const { items } = (await call(cluster.client, "GET", path)) as {
      readonly items: readonly RunningPod[];
    };
    const [pod] = items;
    assert.ok(pod !== undefined);
    return pod;
  };
  const readySince = ({ status }: RunningPod) => {
    const ready = status.conditions.find(({ type }) => type === "Ready");
    return `${ready?.status} ${ready?.lastTransitionTime}`;
  };
  const run = async (container: "agent" | "haproxy", script: string) =>
    runInContainer(
      cluster.kubeconfig,
      { namespace: NAMESPACE, pod: (await podOf(ROUTER_NAME)).metadata.name, container },
      ["sh", "-c", script],
    );
  /** Process ids of agents: one, or none while the next is about to start. */
  const agents = async () => (await run("agent", pidsOf(AGENT))).trim().split("\n").filter(Boolean);

  /** Changes the endpoint, and waits until the router has said over the metrics channel that it serves that. */
  const changeIsServed = async (maxQueueWaitMs: number, limitMs?: number) => {
    const path = `/apis/aml-inference.io/v1/namespaces/${NAMESPACE}/modelendpoints/${ENDPOINT}`;
    await cluster.client.request({
      method: "PATCH",
      path,
      contentType: "application/json-patch+json",
      body: [{ op: "replace", path: "/spec/versions/0/maxQueueWaitMs", value: maxQueueWaitMs }],
    });
    const isServed = async () => {
      const { metadata, status } = (await call(cluster.client, "GET", path)) as {
        readonly metadata: { readonly generation: number };
        readonly status: { readonly appliedGeneration: number };
      };
      return status.appliedGeneration === metadata.generation;
    };
    await eventually("the change is served", isServed, limitMs);
  };

  before(async () => {
    cluster = await testCluster();
    stack = await openStack({ program: PROGRAM });
    await writeFile(join(stack.folder, "kubeconfig"), await readFile(cluster.kubeconfig, "utf8"));
    await expectSuccess(stack.up());
    scoringUri = String((await stack.outputs())["scoringUri"]);
  });
  after(async () => {
    await clients?.stop();
    await expectSuccess(stack.destroy());
    await stack.close();
    await deleteNamespace(cluster.client, NAMESPACE);
  });

  it("stays ready while its agent is killed, stopped and crashes in a loop: no new client is refused", async () => {
    const before = await podOf(ROUTER_NAME);
    clients = connectAnew(scoringUri);
    const [first] = await agents();
    await run("agent", `kill -9 ${first}`);
    const [second] = await eventually("a second agent", async () => others(await agents(), first));
    await run("agent", `kill -9 ${second}`);
    const [third] = await eventually("a third agent", async () => others(await agents(), second));
    await run("agent", `kill -STOP ${third}`);
    await eventually("a fourth agent", async () => others(await agents(), third));
    await run(
      "agent",
      `end=$(($(date +%s) + 20)); while [ $(date +%s) -lt $end ]; do
      for pid in $(${pidsOf(AGENT)}); do kill -9 $pid; done; sleep 0.1; done; true`,
    );
    const answers = await clients.stop();
    assert.deepEqual(Object.keys(answers), ["200"], JSON.stringify(answers));
    const now = await podOf(ROUTER_NAME);
    assert.equal(readySince(now), readySince(before));
    assert.deepEqual(
      now.status.initContainerStatuses.map(({ restartCount }) => restartCount),
      [0],
    );
    // The one that came after the loop follows the cluster.
    await changeIsServed(31_000);
  });

  it("reports with the certificate that the agent alone has: an address and a token are not enough", async () => {
    const { podIP } = (await podOf(AUTOSCALER_NAME)).status;
    const where = { host: podIP, port: SAMPLES_PORT, path: SAMPLES_PATH };
    const script = `
      const { readFileSync } = require("node:fs");
      const file = (name) => readFileSync("${INTERNAL_TLS_DIRECTORY}/" + name);
      const token = readFileSync("${router.DEFAULT_TOKEN_FILE}", "utf8");
      const ask = (scheme, more) => new Promise((resolve) => {
        const outgoing = require("node:" + scheme).request({
          ...${JSON.stringify(where)}, ...more, method: "POST", agent: false, rejectUnauthorized: false,
          headers: { authorization: "Bearer " + token.trim() },
        });
        outgoing.on("response", ({ statusCode }) => resolve(String(statusCode)));
        outgoing.on("error", () => resolve("refused"));
        outgoing.flushHeaders();
        setTimeout(() => resolve("silence"), 10000);
      });
      const own = { cert: file("tls.crt"), key: file("tls.key") };
      Promise.all([ask("http", {}), ask("https", {}), ask("https", own)]).then((answers) => {
        console.log(answers.join());
        process.exit();
      });`;
    const quoted = script.replaceAll("'", "'\\''");
    assert.equal((await run("agent", `node -e '${quoted}'`)).trim(), "refused,refused,200");
    const files = await run("haproxy", `ls ${INTERNAL_TLS_DIRECTORY} 2>&1; true`);
    assert.match(files, /No such file or directory/);
  });

  it("reports by itself when its authority was replaced, as soon as the kubelet has brought the files", async () => {
    const uids = async () =>
      Promise.all(
        [ROUTER_NAME, AUTOSCALER_NAME].map(async (name) => (await podOf(name)).metadata.uid),
      );
    const before = await uids();
    const [urn = ""] =
      /urn:[^"]*privateKey:PrivateKey::fe-internal-ca/.exec(await stack.stateText()) ?? [];
    await expectSuccess(stack.up("--replace", urn));
    // Channels that are open go on: the next agent opens one.
    const [agent] = await agents();
    await run("agent", `kill -9 ${agent}`);
    await changeIsServed(32_000, 180_000);
    assert.deepEqual(await uids(), before);
  });

  it("answers a foreign pod what docs/ports.md says, and goes on serving", async () => {
    const foreign = await createNamespace(cluster.client, "foreign");
    const [routerPod, autoscalerPod] = [await podOf(ROUTER_NAME), await podOf(AUTOSCALER_NAME)];
    const at = ({ status }: RunningPod, port: number, path: string, method = "GET") => {
      const scheme = port === SAMPLES_PORT ? "https" : "http";
      return { method, url: `${scheme}://${status.podIP}:${port}${path}` };
    };
    const OTHER_PATHS = ["/", "/drain", "/healthz", "/readyz", "/startupz", "/metrics", "/stats"];
    const calls = [
      // What the agent listened at before it was supervised, and a few more that somebody may try.
      ...[1936, 8082, 8404, 9000].flatMap((port) =>
        OTHER_PATHS.map((path) => at(routerPod, port, path)),
      ),
      ...OTHER_PATHS.flatMap((path) =>
        [router.HTTP_PORT, router.HEALTH_PORT].flatMap((port) => [
          at(routerPod, port, path),
          at(routerPod, port, path, "POST"),
        ]),
      ),
      ...OTHER_PATHS.map((path) => at(autoscalerPod, autoscaler.HEALTH_PORT, path, "POST")),
      ...["GET", "POST"].map((method) => at(autoscalerPod, SAMPLES_PORT, SAMPLES_PATH, method)),
      ...OTHER_PATHS.map((path) => at(autoscalerPod, SAMPLES_PORT, path)),
    ];
    const answers = await callFromPod(cluster, foreign, calls);
    await deleteNamespace(cluster.client, foreign);
    /** Where policies are enforced, nothing but the public port answers. */
    const open = calls.filter(({ url, method }, index) => {
      const { port } = new URL(url);
      const answer = answers[index];
      if (answer === "none") return Number(port) === router.HTTP_PORT;
      const path = new URL(url).pathname;
      // The probe of load balancers.
      if (Number(port) === router.HTTP_PORT && path === PROBE_PATH && method === "GET")
        return answer !== "200";
      return !isAllowed(Number(port), path, Number(answer));
    });
    assert.deepEqual(open, [], JSON.stringify(answers));
    assert.equal(await score(scoringUri), 200);
    assert.equal(readySince(await podOf(ROUTER_NAME)), readySince(routerPod));
  });

  it("ends the request that it holds before it goes, and goes then", async () => {
    const { metadata } = await podOf(ROUTER_NAME);
    const path = `/api/v1/namespaces/${NAMESPACE}/pods/${metadata.name}`;
    const headers = { "content-type": "application/json", "content-length": SAMPLE.length };
    const outgoing = request(scoringUri, { method: "POST", agent: new Agent(), headers });
    const answered = once(outgoing, "response") as Promise<[IncomingMessage]>;
    outgoing.write(SAMPLE.slice(0, 5));
    const [socket] = (await once(outgoing, "socket")) as [Socket];
    if (socket.connecting) await once(socket, "connect");
    await call(cluster.client, "DELETE", path);
    await eventually("the pod leaves the service", async () =>
      readySince((await call(cluster.client, "GET", path)) as RunningPod).startsWith("False"),
    );
    outgoing.end(SAMPLE.slice(5));
    const [answer] = await answered;
    assert.equal(answer.resume().statusCode, 200);
    await eventually("the pod is gone", async () => {
      const { status } = await cluster.client.request({ method: "GET", path });
      return status === 404;
    });
    await eventually("the next pod serves", async () => (await score(scoringUri)) === 200);
  });

  it("serves again when its HAProxy was stopped for long and the kubelet has killed it", async () => {
    const restarts = async () =>
      (await podOf(ROUTER_NAME)).status.containerStatuses.find(({ name }) => name === "haproxy")
        ?.restartCount;
    assert.equal(await restarts(), 0);
    await run("haproxy", `for pid in $(${pidsOf(HAPROXY_WORKER)}); do kill -STOP $pid; done; true`);
    await eventually("HAProxy is started again", async () => (await restarts()) === 1, 120_000);
    await eventually("the router serves", async () => (await score(scoringUri)) === 200);
    await eventually("the pod is ready", async () =>
      readySince(await podOf(ROUTER_NAME)).startsWith("True"),
    );
    const files = await run("haproxy", `ls ${router.SHARED_DIRECTORY}`);
    assert.ok(!files.split("\n").includes(router.DRAIN_FILES.requested), files);
  });
});

const SAMPLE = JSON.stringify({ data: [Array.from({ length: 10 }, () => 0)] });

function others(
  pids: readonly string[],
  former: string | undefined,
): readonly string[] | undefined {
  return pids.length === 1 && pids[0] !== former ? pids : undefined;
}

/** Whether docs/ports.md allows the answer to a stranger. */
function isAllowed(port: number, path: string, status: number): boolean {
  switch (port) {
    case router.HTTP_PORT:
      return status === 404;
    case router.HEALTH_PORT: // of the autoscaler, too
      return path === router.READINESS_PATH || path === router.LIVENESS_PATH
        ? status === 200
        : status === 404;
    default: // the metrics channel, too
      return false;
  }
}

/** Clients that open a connection for each request, some 20 a second, until `stop` gives the count of each answer. */
function connectAnew(uri: string): { readonly stop: () => Promise<Record<string, number>> } {
  const answers: Record<string, number> = {};
  const pending = new Set<Promise<void>>();
  let stopped = false;
  const send = () =>
    new Promise<string>((resolve) => {
      const agent = new Agent({ keepAlive: false });
      const headers = { "content-type": "application/json", "content-length": SAMPLE.length };
      const outgoing = request(uri, { method: "POST", agent, headers, timeout: 30_000 }, (answer) =>
        answer.resume().once("end", () => resolve(String(answer.statusCode))),
      );
      outgoing.once("timeout", () => outgoing.destroy(new Error("no answer in 30 s")));
      outgoing.once("error", (error) => resolve(error.message));
      outgoing.end(SAMPLE);
    });
  const running = (async () => {
    while (!stopped) {
      const sent = send().then((answer) => {
        answers[answer] = (answers[answer] ?? 0) + 1;
        pending.delete(sent);
      });
      pending.add(sent);
      await sleep(50);
    }
    await Promise.all(pending);
  })();
  return {
    stop: async () => {
      stopped = true;
      await running;
      return answers;
    },
  };
}

/** Status of one request; 0 without an answer. */
async function score(uri: string): Promise<number> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(uri, { method: "POST", headers, body: SAMPLE }).catch(() => undefined);
  return answer?.status ?? 0;
}

interface Call {
  readonly method: string;
  readonly url: string;
}

/** Calls from a pod of the namespace: the status of each, or `none` where nothing answered. */
async function callFromPod(
  { client }: TestCluster,
  namespace: string,
  calls: readonly Call[],
): Promise<readonly string[]> {
  const script = `
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    const calls = ${JSON.stringify(calls)};
    Promise.all(calls.map(({ method, url }) =>
      fetch(url, { method, signal: AbortSignal.timeout(10_000) }).then(({ status }) => String(status), () => "none"),
    )).then((answers) => { console.log(JSON.stringify(answers)); process.exit(0); });`;
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  await call(client, "POST", pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "stranger" },
    spec: {
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          ...{ name: "stranger", image: "node:24", imagePullPolicy: "IfNotPresent" },
          command: ["node", "--no-warnings", "-e", script],
        },
      ],
    },
  });
  await eventually("the stranger has called", async () => {
    const { status } = (await call(client, "GET", `${pods}/stranger`)) as RunningPod;
    return status.phase === "Succeeded";
  });
  const log = await call(client, "GET", `${pods}/stranger/log`);
  return (typeof log === "string" ? JSON.parse(log) : log) as readonly string[];
}
