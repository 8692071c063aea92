// A cluster that no longer answers: what a refresh or a delete makes of it.
import assert from "node:assert/strict";
import {
  DELETE_UNREACHABLE,
  inReachableCluster,
} from "../../../../provider/engine/io/reach-cluster";
import { openApiServer } from "../../../support/api-server";
import { withoutRetries } from "../../../support/without-retries";

describe("inReachableCluster()", () => {
  withoutRetries();
  const former = process.env[DELETE_UNREACHABLE];
  beforeEach(() => {
    delete process.env[DELETE_UNREACHABLE];
  });
  after(() => {
    if (former === undefined) delete process.env[DELETE_UNREACHABLE];
    else process.env[DELETE_UNREACHABLE] = former;
  });

  const locator = { apiVersion: "v1", kind: "ConfigMap", namespace: "models" };
  const removed = (kubeconfig: string) =>
    inReachableCluster({
      kubeconfig,
      work: async (client) => ((await client.remove(locator, "churn")) ? "deleted" : "absent"),
      gone: "gone",
    });
  const goneServer = async (): Promise<string> => {
    const server = await openApiServer((_request, response) => response.end("{}"));
    await server.close();
    return server.kubeconfig;
  };
  const answering = async (status: number, test: (kubeconfig: string) => Promise<void>) => {
    const server = await openApiServer((_request, response) =>
      response.writeHead(status).end("{}"),
    );
    try {
      await test(server.kubeconfig);
    } finally {
      await server.close();
    }
  };

  it("returns what the work returns where the server answers", () =>
    answering(200, async (kubeconfig) => {
      process.env[DELETE_UNREACHABLE] = "true";
      assert.equal(await removed(kubeconfig), "deleted");
    }));

  it("passes a refusal on, whatever the variable says: the cluster is there", () =>
    answering(403, async (kubeconfig) => {
      process.env[DELETE_UNREACHABLE] = "true";
      await assert.rejects(removed(kubeconfig), { reason: "Forbidden" });
    }));

  it("fails in one sentence that names the variable where nothing answers", async () => {
    await assert.rejects(removed(await goneServer()), {
      message:
        /^Can't delete ConfigMap\/churn in namespace models: [^\n]* can't be reached: [^\n]*ECONNREFUSED[^\n]*\. If the cluster no longer exists, run the command again with PULUMI_K8S_DELETE_UNREACHABLE=true$/,
    });
  });

  it("gives up what was in the cluster once the variable is true, and only then", async () => {
    const kubeconfig = await goneServer();
    process.env[DELETE_UNREACHABLE] = "false";
    await assert.rejects(removed(kubeconfig), /no longer exists/);
    process.env[DELETE_UNREACHABLE] = "true";
    assert.equal(await removed(kubeconfig), "gone");
  });

  it("takes rejected credentials and an unusable kubeconfig for an unreachable cluster, as the kubernetes provider does", async () => {
    process.env[DELETE_UNREACHABLE] = "true";
    await answering(401, async (kubeconfig) => assert.equal(await removed(kubeconfig), "gone"));
    assert.equal(await removed("no kubeconfig"), "gone");
  });
});
