// The client asks a kubeconfig's own plugin for credentials, which may be a slow program, and keeps its connections.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeClient } from "../../../kubernetes/io/kube-client";
import { createServerCertificate } from "../../../tools/standins/azure";
import { KUBECONFIG } from "../../support/component-kubeconfig";
import { withoutRetries } from "../../support/without-retries";

const MAP = { apiVersion: "v1", kind: "ConfigMap", namespace: "n" };

describe("KubeClient", () => {
  withoutRetries();
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "aml-inference-kube-client-"));
  });
  after(() => rm(folder, { recursive: true }));

  /** A client of nothing, whose plugin notes each run and then runs `answer`. */
  function clientOf(runs: string, answer: string): KubeClient {
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: "sh",
      args: ["-c", `echo run >> ${runs}; ${answer}`],
      interactiveMode: "Never",
    };
    const kubeconfig = JSON.parse(KUBECONFIG) as Record<string, unknown>;
    const users = [{ name: "u", user: { exec } }];
    const clusters = [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }];
    return KubeClient.fromKubeConfig(JSON.stringify({ ...kubeconfig, users, clusters }));
  }
  const runsOf = async (path: string): Promise<number> =>
    (await readFile(path, "utf8")).trim().split("\n").length;

  it("runs the plugin once for calls at the same time, and for those soon after", async () => {
    const runs = join(folder, "once");
    const credential = {
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      status: { token: "t" },
    };
    const client = clientOf(runs, `echo '${JSON.stringify(credential)}'`);
    for (let round = 0; round < 2; round += 1) {
      const calls = ["a", "b", "c"].map((name) => client.read(MAP, name));
      for (const outcome of await Promise.allSettled(calls)) {
        assert.equal(outcome.status, "rejected");
        assert.match(String(outcome.reason), /can't be reached/);
      }
    }
    assert.equal(await runsOf(runs), 1);
  });

  it("asks a plugin that failed again", async () => {
    const runs = join(folder, "again");
    const client = clientOf(runs, "exit 1");
    for (let call = 0; call < 2; call += 1) {
      await assert.rejects(client.read(MAP, "a"), /yields no credentials/);
    }
    assert.equal(await runsOf(runs), 2);
  });

  /** Runs the story with a kubeconfig of a server that has every object; counts its connections. */
  async function withServer(
    more: Readonly<Record<string, unknown>>,
    story: (kubeconfig: string, host: string) => Promise<void>,
  ): Promise<number> {
    const { certificatePem, privateKeyPem } = await createServerCertificate();
    let connections = 0;
    const server = createServer({ cert: certificatePem, key: privateKeyPem }, (_, response) => {
      response.end(JSON.stringify({ metadata: { name: "a" } }));
    });
    server.on("secureConnection", () => (connections += 1));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const cluster = {
      server: `https://${host}`,
      "certificate-authority-data": Buffer.from(certificatePem).toString("base64"),
      ...more,
    };
    const kubeconfig = JSON.parse(KUBECONFIG) as Record<string, unknown>;
    const text = JSON.stringify({ ...kubeconfig, clusters: [{ name: "c", cluster }] });
    try {
      await story(text, host);
    } finally {
      server.close();
      server.closeAllConnections();
    }
    return connections;
  }

  it("shares its connections among all that were given the same kubeconfig", async () => {
    const connections = await withServer({}, async (text) => {
      for (const name of ["a", "b", "c"]) await KubeClient.fromKubeConfig(text).read(MAP, name);
    });
    assert.equal(connections, 1);
  });

  it("reaches the server through the proxy that the kubeconfig names", async () => {
    const asked: (string | undefined)[] = [];
    const proxy = createHttpServer().on("connect", ({ url = "" }, socket: Socket) => {
      asked.push(url);
      const { hostname, port } = new URL(`http://${url}`);
      const onward = connect(Number(port), hostname, () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        socket.pipe(onward).pipe(socket);
      });
      for (const each of [socket, onward]) each.on("error", () => each.destroy());
    });
    await once(proxy.listen(0, "127.0.0.1"), "listening");
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    try {
      await withServer({ "proxy-url": url }, async (text, host) => {
        const found = await KubeClient.fromKubeConfig(text).read(MAP, "a");
        assert.equal(found?.metadata.name, "a");
        assert.deepEqual(asked, [host]);
      });
    } finally {
      proxy.close();
    }
  });
});
