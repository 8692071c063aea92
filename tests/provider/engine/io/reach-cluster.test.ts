// A cluster that no longer answers: what a refresh or a delete makes of it, and how often it is asked.
import assert from "node:assert/strict";
import {
  DELETE_UNREACHABLE,
  inReachableCluster,
  whyUnreachable,
} from "../../../../provider/engine/io/reach-cluster";
import { openApiServer } from "../../../support/api-server";

describe("inReachableCluster()", () => {
  const former = process.env[DELETE_UNREACHABLE];
  beforeEach(() => {
    delete process.env[DELETE_UNREACHABLE];
  });
  after(() => {
    if (former !== undefined) process.env[DELETE_UNREACHABLE] = former;
  });

  const removed = (kubeconfig: string) =>
    inReachableCluster({
      ...{ attempt: "delete endpoint churn in namespace models", kubeconfig },
      work: () => Promise.resolve("deleted"),
      gone: "gone",
    });
  const goneServer = async (): Promise<string> => {
    const server = await openApiServer((_request, response) => response.end("{}"));
    await server.close();
    return server.kubeconfig;
  };

  it("does the work where the server answers, whatever it answers, and asks once per process", async () => {
    let requests = 0;
    const server = await openApiServer((_request, response) => {
      requests += 1;
      response.writeHead(503).end("{}");
    });
    try {
      assert.equal(await removed(server.kubeconfig), "deleted");
      assert.equal(await removed(server.kubeconfig), "deleted");
      assert.equal(requests, 1);
    } finally {
      await server.close();
    }
  });

  it("fails in one sentence that names the variable where nothing answers", async () => {
    await assert.rejects(removed(await goneServer()), {
      message:
        /^Can't delete endpoint churn in namespace models: the cluster at https:\/\/localhost:\d+ can't be reached: [^\n]*ECONNREFUSED[^\n]*\. If the cluster no longer exists, run the command again with PULUMI_K8S_DELETE_UNREACHABLE=true$/,
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
    const server = await openApiServer((_request, response) => response.writeHead(401).end("{}"));
    try {
      const reason = await whyUnreachable(server.kubeconfig);
      assert.match(reason ?? "", /rejects the kubeconfig's credentials$/);
    } finally {
      await server.close();
    }
    process.env[DELETE_UNREACHABLE] = "true";
    assert.equal(await removed("no kubeconfig"), "gone");
  });
});
