// Clusters that can't be reached, or that refuse: one sentence, and a state that is none the worse.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { RETRY_SECONDS } from "../../../kubernetes/io/kube-client";
import { type DeclaredStack, openDeclaredStack } from "../../support/declared-stack";
import {
  autoscalerIn,
  openProviderNamespace,
  type ProviderNamespace,
} from "../../support/provider-namespace";
import { openFaultyApi } from "../../support/faulty-api";
import { changingSteps, expectFailure, expectSuccess, finished } from "../../support/stack";

describe("provider: errors", () => {
  let namespace: ProviderNamespace;
  let stack: DeclaredStack;
  let proxy: ApiProxy;

  before(async () => {
    namespace = await openProviderNamespace();
    proxy = await openApiProxy(namespace.client.identity.server);
    const env = { [RETRY_SECONDS]: "1" };
    stack = await openDeclaredStack(proxy.through(namespace.kubeconfig), { env });
    await stack.declare({ autoscaler: autoscalerIn(namespace.name) });
    await expectSuccess(stack.up());
  });
  after(async () => {
    await stack.close();
    await proxy.close();
    await namespace.close();
  });

  const assertUnharmed = async () => {
    assert.deepEqual(changingSteps(await stack.preview("--expect-no-changes")), []);
  };

  it("says in one sentence that the cluster can't be reached, for each command, and doesn't fail a preview", async () => {
    await proxy.cut();
    const sentence =
      /the cluster at https:\/\/127\.0\.0\.1:\d+ can't be reached: connect ECONNREFUSED/;
    const preview = await stack.preview();
    assert.match(preview.diagnostics?.map(({ message }) => message).join("") ?? "", sentence);
    for (const command of [stack.up, stack.refresh, stack.destroy]) {
      const { output } = await expectFailure(command());
      assert.match(output, sentence);
      assert.doesNotMatch(output, /\n\s+at /, "a stack trace is no sentence");
    }
    await proxy.mend();
    await assertUnharmed();
  });

  it("rolls out over a slow connection that breaks, and while the API server is out of order for 20 s", async () => {
    let [requests, refused] = [0, 0];
    let outOfOrder: { readonly untilMs: number } | undefined;
    const faulty = await openFaultyApi(namespace.kubeconfig, ({ method, url = "" }) => {
      requests += 1;
      const isApplied =
        method === "PATCH" && /\/deployments\//.test(url) && !url.includes("dryRun");
      if (outOfOrder !== undefined && performance.now() < outOfOrder.untilMs) {
        refused += 1;
        return { end: 503 };
      }
      if (isApplied) outOfOrder ??= { untilMs: performance.now() + 20_000 };
      return { delayMs: 1_000, ...(requests % 3 === 0 ? { end: "reset" } : {}) };
    });
    try {
      await stack.setKubeConfig(faulty.kubeconfig);
      const resources = { requests: { cpu: "11m" }, limits: { memory: "512Mi" } };
      await stack.declare({ autoscaler: autoscalerIn(namespace.name, { resources }) });
      const patient = { [RETRY_SECONDS]: "60" };
      const args = ["up", "--yes", "--skip-preview", "--non-interactive"];
      const { output } = await expectSuccess(finished(await stack.start(args, patient)));
      assert.ok(refused > 1, "nothing was asked while it was out of order");
      assert.match(output, /doesn't answer \(503: .*\); trying again for up to \d+ s/);
    } finally {
      await faulty.close();
    }
    await stack.declare({ autoscaler: autoscalerIn(namespace.name) });
    await stack.setKubeConfig(proxy.through(namespace.kubeconfig));
    await expectSuccess(stack.up());
    await assertUnharmed();
  });

  it("says why a load balancer has no address, and has it as soon as there is one", async () => {
    const path = `/api/v1/namespaces/${namespace.name}/services`;
    await namespace.ask("POST", path, {
      metadata: { name: "lb" },
      spec: { type: "LoadBalancer", loadBalancerIP: "192.0.2.1", ports: [{ port: 80 }] },
    });
    const args = { namespace: namespace.name, serviceName: "lb", timeoutSeconds: 8 };
    const autoscaler = autoscalerIn(namespace.name);
    await stack.declare({ autoscaler, address: { type: "LoadBalancerAddress", args } });
    const { output } = await expectFailure(stack.up());
    assert.match(
      output,
      /Service\/lb in namespace \S+: the load balancer isn't ready after 8 s: it has no address \(SyncLoadBalancerFailed: .* spec\.loadBalancerIP must be .*\)/,
    );
    assert.doesNotMatch(output, /\n\s+at /, "a stack trace is no sentence");
    const planned = changingSteps(await stack.preview()).map(({ op }) => op);
    assert.deepEqual(planned, ["create"]);
    await namespace.edit(`${path}/lb`, { spec: { loadBalancerIP: null } });
    await expectSuccess(stack.up());
    await assertUnharmed();
    await stack.declare({ autoscaler });
    await expectSuccess(stack.up());
  });

  it("says in one sentence what the credentials may not do", async () => {
    const path = `/api/v1/namespaces/${namespace.name}/serviceaccounts`;
    await namespace.ask("POST", path, { metadata: { name: "nobody" } });
    const answer = (await namespace.ask("POST", `${path}/nobody/token`, {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds: 600 },
    })) as { status: { token: string } };
    await stack.setKubeConfig(withToken(proxy.through(namespace.kubeconfig), answer.status.token));
    const { output } = await expectFailure(stack.up());
    assert.match(output, /Can't read ConfigMap\/.*: configmaps .* is forbidden/);
    assert.doesNotMatch(output, /\n\s+at /, "a stack trace is no sentence");
    assert.ok(!output.includes(answer.status.token));
    await stack.setKubeConfig(proxy.through(namespace.kubeconfig));
    await expectSuccess(stack.up());
    await assertUnharmed();
  });

  it("refuses a kubeconfig that can't be used at preview, without showing it", async () => {
    await stack.setKubeConfig(
      "clusters: []\ncontexts: []\nusers: [{ name: a, user: { token: s3cr3t-t0ken } }]\n",
    );
    const { output } = await expectFailure(stack.up());
    assert.match(output, /kubeconfig can't be used: it names no current-context/);
    assert.ok(!output.includes("s3cr3t-t0ken"));
    await stack.setKubeConfig(proxy.through(namespace.kubeconfig));
    await assertUnharmed();
  });

  it("refuses all illegal inputs at once", async () => {
    const args = { name: "Not A Name", replicas: 9, image: "" };
    await stack.declare({ autoscaler: autoscalerIn(namespace.name, args) });
    const { output } = await expectFailure(stack.up());
    for (const property of Object.keys(args))
      assert.match(output, new RegExp(`${property} must be`));
    await stack.declare({ autoscaler: autoscalerIn(namespace.name) });
    await assertUnharmed();
  });

  it("refuses another namespace instead of moving there", async () => {
    await stack.declare({ autoscaler: autoscalerIn("default") });
    const { output } = await expectFailure(stack.up());
    assert.match(output, /namespace can't be changed from "provider-\w+" to "default"/);
    await stack.declare({ autoscaler: autoscalerIn(namespace.name) });
  });

  it("destroys what is left when half of it is gone", async () => {
    const deployments = `/apis/apps/v1/namespaces/${namespace.name}/deployments`;
    await namespace.ask("DELETE", `${deployments}/aml-inference-autoscaler`);
    await expectSuccess(stack.destroy());
    assert.deepEqual(await namespace.ownedObjects(), []);
  });
});

/** A way to the API server that can be cut. */
interface ApiProxy {
  /** The kubeconfig with the way's address instead of the server's. */
  through(kubeconfig: string): string;
  cut(): Promise<void>;
  mend(): Promise<void>;
  close(): Promise<void>;
}

async function openApiProxy(server: string): Promise<ApiProxy> {
  const { hostname, port } = new URL(server);
  const sockets = new Set<Socket>();
  const forward = (incoming: Socket) => {
    const outgoing = connect(Number(port), hostname);
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      socket.on("error", () => socket.destroy());
    }
    incoming.pipe(outgoing).pipe(incoming);
    incoming.on("close", () => outgoing.destroy());
    outgoing.on("close", () => incoming.destroy());
  };
  const listen = async (at: number): Promise<Server> => {
    const listener = createServer(forward).listen(at, "127.0.0.1");
    await once(listener, "listening");
    return listener;
  };
  let listener = await listen(0);
  const address = (listener.address() as AddressInfo).port;
  const cut = async () => {
    if (!listener.listening) return;
    listener.close();
    for (const socket of sockets) socket.destroy();
    await once(listener, "close");
  };
  return {
    through: (kubeconfig) =>
      changed(kubeconfig, ({ clusters }) => {
        for (const { cluster } of clusters) {
          cluster["server"] = `https://127.0.0.1:${address}`;
          cluster["tls-server-name"] = "kubernetes";
        }
      }),
    cut,
    mend: async () => {
      listener = await listen(address);
    },
    close: cut,
  };
}

interface KubeConfigFile {
  readonly clusters: readonly { readonly cluster: Record<string, unknown> }[];
  readonly users: { user: Record<string, unknown> }[];
}

function withToken(kubeconfig: string, token: string): string {
  return changed(kubeconfig, ({ users }) => {
    for (const each of users) each.user = { token };
  });
}

/** Our cluster writes its kubeconfig in YAML's subset JSON. */
function changed(kubeconfig: string, change: (file: KubeConfigFile) => void): string {
  const file = JSON.parse(kubeconfig) as KubeConfigFile;
  change(file);
  return JSON.stringify(file);
}
