// The test cluster under another identity: address, authority and UID are a front's own, and end with it. To a program, one
// front after the other is one cluster after the other, though what is in them is the same.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { readKubeConfig } from "../../kubernetes/io/kube-config";
import { readCredentials } from "../../kubernetes/io/kube-credentials";
import { without } from "../../values/without";
import { makePair } from "./certificate-pair";

export interface ClusterFront {
  /** Text of a kubeconfig with the rights of the one that it was opened with. */
  readonly kubeconfig: string;
  /** From now on nothing answers at its address. */
  close(): Promise<void>;
}

/** A cluster's UID is that of this namespace. */
const UID_PATH = "/api/v1/namespaces/kube-system";

export async function openClusterFront(kubeconfig: string): Promise<ClusterFront> {
  const read = readKubeConfig(kubeconfig);
  if (!read.ok) throw new Error(read.message);
  const credentials = await readCredentials(kubeconfig);
  const uid = randomUUID();

  function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const isUid = incoming.url === UID_PATH;
    const headers = {
      ...without(incoming.headers, "host", "authorization"),
      ...(isUid ? { "accept-encoding": "identity" } : {}),
    };
    const { method } = incoming;
    const passed = request(
      new URL(incoming.url ?? "/", read.ok ? read.identity.server : ""),
      { ...credentials, ...(method === undefined ? {} : { method }), headers },
      (answer) => {
        const status = answer.statusCode ?? 502;
        if (!isUid) {
          outgoing.writeHead(status, answer.headers);
          answer.pipe(outgoing);
          return;
        }
        void text(answer).then((body) => {
          outgoing.writeHead(status, { "content-type": "application/json" });
          outgoing.end(body.replace(/"uid": ?"[^"]+"/, `"uid":"${uid}"`));
        });
      },
    );
    passed.on("error", () => outgoing.destroy());
    outgoing.on("close", () => passed.destroy());
    incoming.pipe(passed);
  }

  const pair = await makePair("localhost", new Date(Date.now() + 86_400_000));
  const server = createServer({ cert: pair.certificatePem, key: pair.privateKeyPem }, pass);
  await once(server.listen(0, "localhost"), "listening");
  const cluster = {
    server: `https://localhost:${(server.address() as AddressInfo).port}`,
    "certificate-authority-data": Buffer.from(pair.certificatePem).toString("base64"),
  };
  return {
    kubeconfig: JSON.stringify({
      ...{ apiVersion: "v1", kind: "Config", "current-context": "test" },
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
      clusters: [{ name: "test", cluster }],
      users: [{ name: "test", user: { token: "any" } }],
    }),
    async close() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
