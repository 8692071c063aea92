// The real autoscaler against a real cluster: a scripted router reports, real Deployments are scaled.

import assert from "node:assert/strict";
import { once } from "node:events";
import { SAMPLES_AUDIENCE } from "../../../contracts/metrics-channel/router-sample";
import type { ListedDeployment } from "../../../kubernetes/core/workload";
import {
  type ModelEndpoint,
  API_VERSION,
  ENDPOINT_LABEL,
  PLURAL,
  SCALE_MODE_ANNOTATION,
  VERSION_LABEL,
} from "../../../contracts/model-endpoint/model-endpoint";
import { eventually } from "../../support/eventually";
import {
  type AutoscalerProcess,
  endAutoscaler,
  grantRights,
  requestToken,
  startAutoscaler,
} from "../../support/autoscaler-process";
import { makeAuthority } from "../../support/internal-tls";
import { autoscaleOf, endpointOf, versionOf } from "../../support/model-endpoints";
import { answerOf, openChannel, ScriptedRouter } from "../../support/scripted-router";
import {
  call,
  createNamespace,
  deleteNamespace,
  TEST_CLUSTER_TIMEOUT_MS,
  type TestCluster,
  testCluster,
} from "../../support/test-cluster";

const HOLD_MS = 5_000;
const AUTOSCALE = autoscaleOf({ maxReplicas: 4 });
const CONTAINER = {
  name: "main",
  image: "node:24",
  imagePullPolicy: "IfNotPresent",
  command: ["node", "-e", "process.on('SIGTERM', () => process.exit()); setInterval(() => 0, 1e6)"],
};

describe("The autoscaler", function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let namespace: string;
  /** Unique in the cluster, where another router may serve others. */
  let endpointName: string;
  let rights: Awaited<ReturnType<typeof grantRights>>;
  let router: ScriptedRouter;
  /** Address of the router's pod. */
  let host: string;
  let routerPod: { name: string; uid: string };
  let first: AutoscalerProcess;
  let second: AutoscalerProcess;

  const path = (group: string, rest: string) => `${group}/namespaces/${namespace}/${rest}`;

  async function deploymentOf(version: string): Promise<ListedDeployment> {
    const answer = await call(
      cluster.client,
      "GET",
      path("/apis/apps/v1", `deployments/churn-${version}`),
    );
    return answer as ListedDeployment;
  }

  async function replicasOf(version: string): Promise<number | undefined> {
    return (await deploymentOf(version)).spec?.replicas;
  }

  async function endpoint(): Promise<ModelEndpoint> {
    const answer = await call(
      cluster.client,
      "GET",
      path(`/apis/${API_VERSION}`, `${PLURAL}/${endpointName}`),
    );
    return answer as ModelEndpoint;
  }

  async function scaleEvents(): Promise<{ reason: string; note: string; eventTime: string }[]> {
    const list = await call(cluster.client, "GET", path("/apis/events.k8s.io/v1", "events"));
    const { items } = list as {
      items: { action?: string; reason: string; note: string; eventTime: string }[];
    };
    return items
      .filter(({ action }) => action === "Scale")
      .sort((a, b) => a.eventTime.localeCompare(b.eventTime));
  }

  /** The scale events after so many that there were, once there are some: each is written after its change. */
  async function laterScaleEvents(count: number) {
    return eventually("an event says so", async () => {
      const later = (await scaleEvents()).slice(count);
      return later.length > 0 ? later : undefined;
    });
  }

  async function leader(): Promise<string | undefined> {
    const lease = await cluster.client.request({
      method: "GET",
      path: path("/apis/coordination.k8s.io/v1", "leases/aml-inference-autoscaler"),
    });
    return (lease.body as { spec?: { holderIdentity?: string } }).spec?.holderIdentity;
  }

  /**
   * Waits until the leader has looked at the status of every endpoint: it does so in rounds, and writes a newcomer's
   * status in one round, and again in a later one after the newcomer has changed.
   */
  async function everyStatusIsLookedAt(): Promise<void> {
    const name = `${endpointName}-newcomer`;
    const own = path(`/apis/${API_VERSION}`, `${PLURAL}/${name}`);
    for (const suspended of [false, true]) {
      const newcomer = endpointOf({ routerNamespace: namespace, suspended }, { name, namespace });
      await call(cluster.client, "PATCH", `${own}?fieldManager=tests&force=true`, newcomer);
      await eventually(`its status says suspended: ${suspended}`, async () => {
        const { metadata, status } = (await call(cluster.client, "GET", own)) as ModelEndpoint;
        return status?.conditions?.every((each) => each.observedGeneration === metadata.generation);
      });
    }
    await call(cluster.client, "DELETE", own);
  }

  before(async function () {
    this.timeout(TEST_CLUSTER_TIMEOUT_MS);
    cluster = await testCluster();
    const { client } = cluster;
    namespace = await createNamespace(client, "autoscaler");
    endpointName = namespace;
    rights = await grantRights(cluster, namespace);
    await call(client, "POST", path("/api/v1", "serviceaccounts"), {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "router" },
    });
    const created = await call(client, "POST", path("/api/v1", "pods"), {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "router-0", labels: { app: "router" } },
      spec: {
        serviceAccountName: "router",
        // Its address is this machine's, from which the scripted router reports.
        hostNetwork: true,
        terminationGracePeriodSeconds: 1,
        containers: [CONTAINER],
      },
    });
    const { uid } = (created as { metadata: { uid: string } }).metadata;
    routerPod = { name: "router-0", uid };
    for (const [version, mode] of [
      ["blue", "auto"],
      ["green", "fixed"],
    ]) {
      const labels = { [ENDPOINT_LABEL]: endpointName, [VERSION_LABEL]: version };
      await call(client, "POST", path("/apis/apps/v1", "deployments"), {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: {
          name: `churn-${version}`,
          labels,
          annotations: { [SCALE_MODE_ANNOTATION]: mode },
        },
        spec: {
          replicas: 1,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { terminationGracePeriodSeconds: 1, containers: [CONTAINER] },
          },
        },
      });
    }
    const spec = {
      routerNamespace: namespace,
      versions: ["blue", "green"].map((version) => {
        const names = { serviceName: `churn-${version}`, deploymentName: `churn-${version}` };
        const isDefault = version === "blue";
        return versionOf(version, { ...names, isDefault, autoscale: AUTOSCALE });
      }),
    };
    const resource = endpointOf(spec, { name: endpointName, namespace });
    await call(client, "POST", path(`/apis/${API_VERSION}`, PLURAL), resource);
    const token = await requestToken(client, namespace, "router", {
      audience: SAMPLES_AUDIENCE,
      pod: routerPod,
    });
    first = await startAutoscaler("autoscaler-a", namespace, rights.environment, HOLD_MS);
    await eventually("it leads", async () => (await leader()) === "autoscaler-a");
    await eventually("the router's pod is ready", async () => {
      const pod = await call(client, "GET", path("/api/v1", "pods/router-0"));
      const { status } = pod as {
        status?: { podIP?: string; conditions?: { type: string; status: string }[] };
      };
      host = status?.podIP ?? "";
      return status?.conditions?.some((each) => each.type === "Ready" && each.status === "True");
    });
    router = new ScriptedRouter(
      "router-0",
      `${namespace}/${endpointName}`,
      token,
      host,
      rights.routerFiles,
    );
    router.load.versions = { blue: { inFlight: 0 }, green: { inFlight: 9 } };
  });

  after(async () => {
    router?.close();
    for (const each of [first, second]) if (each) await endAutoscaler(each, "SIGKILL");
    await rights?.revoke();
    if (namespace !== undefined) await deleteNamespace(cluster.client, namespace);
  });

  it("lets no one report without a router's own token for this channel", async () => {
    const { client } = cluster;
    const stranger = { audience: SAMPLES_AUDIENCE };
    const tokens = {
      none: undefined,
      nonsense: "nonsense",
      "another audience's": await requestToken(client, namespace, "router", { pod: routerPod }),
      "another account's": await requestToken(client, namespace, "default", stranger),
      "bound to no pod": await requestToken(client, namespace, "router", stranger),
    };
    for (const [which, token] of Object.entries(tokens)) {
      const channel = openChannel(host, first.samplesPort, token, rights.routerFiles);
      assert.equal((await answerOf(channel)).statusCode, 401, which);
      channel.destroy();
    }
  });

  it("lets no one report without a router's certificate, whatever the token", async () => {
    const { "ca.crt": ca = "" } = router.files;
    const callers = {
      "plain HTTP": undefined,
      "no certificate": { "ca.crt": ca },
      "another authority's": await (await makeAuthority()).router(namespace),
    };
    for (const [which, files] of Object.entries(callers)) {
      const channel = openChannel(host, first.samplesPort, router.token, files);
      const answer = await new Promise<string>((resolve) => {
        channel.on("response", ({ statusCode }) => resolve(`${statusCode}`));
        channel.on("error", () => resolve("closed"));
      });
      assert.equal(answer, "closed", which);
    }
    assert.ok(first.log().includes("refused metrics connections in the TLS handshake"));
  });

  it("lets no one in from an address that no router has, whatever the token", async () => {
    for (let again = 0; again < 20; again++) {
      const channel = openChannel("127.0.0.1", first.samplesPort, router.token, router.files);
      const [error] = (await once(channel, "error")) as [NodeJS.ErrnoException];
      assert.equal(error.code, "ECONNRESET");
    }
    assert.equal(first.log().split("addresses that no router has").length, 2, "logged once");
  });

  it("ends a connection with a line that is no sample, and logs what it should be", async () => {
    const channel = openChannel(host, first.samplesPort, router.token, router.files);
    channel.on("error", () => undefined);
    const response = await answerOf(channel);
    assert.equal(response.statusCode, 200);
    channel.write('{"router": 7}\n');
    await once(response.resume(), "end");
    await eventually("it is logged", () => first.log().includes("router must be the router's"));
    assert.ok(!first.log().includes(router.token));
  });

  it("says that a ready router is silent, and moves nothing", async () => {
    await eventually("the status says so", async () => {
      const { status } = await endpoint();
      return status?.versions?.[0]?.reason === "RouterSilent";
    });
    assert.equal(await replicasOf("blue"), 1);
  });

  it("writes into the status what the routers apply, and that the endpoint is ready", async () => {
    await router.connect(first.samplesPort);
    router.load.appliedGeneration = (await endpoint()).metadata.generation ?? 0;
    const { status } = await eventually("it is ready", async () => {
      const current = await endpoint();
      const ready = current.status?.conditions?.find(({ type }) => type === "Ready");
      return ready?.status === "True" ? current : undefined;
    });
    assert.equal(status?.appliedGeneration, 1);
    assert.equal(status?.versions?.[0]?.readyReplicas, 1);
  });

  it("answers a step of the load in one decision, and leaves the fixed Deployment alone", async () => {
    assert.deepEqual(await scaleEvents(), []);
    router.load.versions = { blue: { inFlight: 2, queued: 8 }, green: { inFlight: 9 } };
    await eventually("four replicas are wanted", async () => (await replicasOf("blue")) === 4);
    const events = await laterScaleEvents(0);
    assert.equal(events.length, 1);
    assert.equal(events[0]?.reason, "LoadAboveTarget");
    assert.match(events[0]?.note ?? "", /^blue: 1 → 4 replicas\. .*10 requests.* need 15 replicas/);
    assert.equal(await replicasOf("green"), 1);
  });

  it("explains the number of replicas in the status, and writes it only when it changes", async () => {
    const settled = await eventually("the version is healthy", async () => {
      const current = await endpoint();
      const [blue] = current.status?.versions ?? [];
      return blue?.state === "Healthy" && blue.readyReplicas === 4 ? current : undefined;
    });
    assert.deepEqual(
      settled.status?.versions?.map(({ name, reason }) => [name, reason]),
      [
        ["blue", "AtMaximum"],
        ["green", "ScaleModeNotAuto"],
      ],
    );
    const linesBefore = first.log().split("\n").length;
    router.load.versions = { blue: { inFlight: 4, queued: 6 }, green: { inFlight: 9 } };
    await everyStatusIsLookedAt();
    const later = await endpoint();
    assert.deepEqual(later.status, settled.status);
    assert.equal(later.metadata.resourceVersion, settled.metadata.resourceVersion);
    assert.equal(first.log().split("\n").length, linesBefore);
  });

  it("goes down only after the window has seen nothing larger", async () => {
    const droppedAtMs = Date.now();
    router.load.versions = { blue: { inFlight: 1 }, green: { inFlight: 9 } };
    await eventually("two replicas are wanted", async () => (await replicasOf("blue")) === 2);
    const events = await laterScaleEvents(1);
    assert.ok(events.length <= 2, `${events.length} events`);
    for (const { reason, eventTime } of events) {
      assert.equal(reason, "LoadBelowTarget");
      assert.ok(Date.parse(eventTime) - droppedAtMs >= HOLD_MS, eventTime);
    }
  });

  it("holds while a ready router pauses, and does not go down in less than a window after", async () => {
    const before = (await scaleEvents()).length;
    router.load.versions = { blue: { inFlight: 0 } };
    router.pause(3_000);
    const silent = await eventually("the status says so", async () => {
      const { status } = await endpoint();
      return status?.versions?.find(({ reason }) => reason === "RouterSilent");
    });
    assert.equal(silent.desiredReplicas, 2);
    const pausedAtMs = Date.now();
    await eventually("one replica is wanted", async () => (await replicasOf("blue")) === 1);
    for (const { eventTime } of await laterScaleEvents(before)) {
      assert.ok(Date.parse(eventTime) - pausedAtMs >= HOLD_MS, eventTime);
    }
  });

  it("is replaced when the leader is killed, by one that has the history already", async () => {
    second = await startAutoscaler("autoscaler-b", namespace, rights.environment, HOLD_MS);
    await router.connect(second.samplesPort);
    assert.equal(await leader(), "autoscaler-a");
    const before = (await scaleEvents()).length;
    await endAutoscaler(first, "SIGKILL");
    router.load.versions = { blue: { inFlight: 2 } };
    await eventually("three replicas are wanted", async () => (await replicasOf("blue")) === 3);
    assert.equal(await leader(), "autoscaler-b");
    const events = await laterScaleEvents(before);
    assert.deepEqual(
      events.map(({ reason }) => reason),
      ["LoadAboveTarget"],
    );
  });

  it("gives the lease back on SIGTERM and ends with 0", async () => {
    assert.equal(await endAutoscaler(second, "SIGTERM"), 0, second.log());
    assert.equal(await leader(), "");
  });
});
