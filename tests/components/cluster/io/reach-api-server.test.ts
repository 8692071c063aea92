// whyUnreachable(): a server that answers, one that refuses, and one whose name has no address.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { whyUnreachable } from "../../../../components/cluster/io/reach-api-server";

const kubeconfig = (server: string, more = "") => `apiVersion: v1
kind: Config
current-context: c
clusters: [{ name: c, cluster: { server: "${server}"${more} } }]
contexts: [{ name: c, context: { cluster: c, user: u } }]
users: [{ name: u, user: { token: t } }]
`;

async function withServer<T>(story: (port: number) => Promise<T>): Promise<T> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  try {
    return await story(typeof address === "object" && address !== null ? address.port : 0);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

describe("whyUnreachable()", () => {
  it("finds nothing wrong with a server that takes a connection, and says why one does not", async () => {
    const port = await withServer(async (open) => {
      assert.equal(await whyUnreachable(kubeconfig(`https://127.0.0.1:${open}`)), undefined);
      return open;
    });
    const reason = await whyUnreachable(kubeconfig(`https://127.0.0.1:${port}`));
    assert.match(reason ?? "", /ECONNREFUSED/);
  });

  it("says that a name has no address, as outside the cluster's private DNS zone", async () => {
    const server = "https://prod.privatelink.westeurope.azmk8s.invalid:443";
    assert.match(
      (await whyUnreachable(kubeconfig(server), 1000)) ?? "",
      /prod\.privatelink|no answer/,
    );
  });

  it("tries nothing through a proxy", async () => {
    const proxied = kubeconfig("https://127.0.0.1:1", `, proxy-url: "http://proxy:3128"`);
    assert.equal(await whyUnreachable(proxied), undefined);
  });
});
