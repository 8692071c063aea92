// What a preview says of pods with GPUs, against an API server that lists nodes.
import assert from "node:assert/strict";
import { type IncomingMessage, type ServerResponse } from "node:http";
import { KubeClient } from "../../../../kubernetes/io/kube-client";
import { findMissingGpus } from "../../../../provider/declared-objects/io/find-missing-gpus";
import { openApiServer } from "../../../support/api-server";

const pods = (limits: object) => ({
  ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "churn", namespace: "n" } },
  spec: { template: { spec: { containers: [{ resources: { limits } }] } } },
});
const asking = pods({ "nvidia.com/gpu": "1" });

/** What is said of the objects, and the paths that were asked for. */
async function said(
  objects: readonly ReturnType<typeof pods>[],
  answer: (response: ServerResponse) => void,
): Promise<{ readonly sentences: readonly string[]; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const server = await openApiServer((request: IncomingMessage, response: ServerResponse) => {
    asked.push(request.url ?? "");
    answer(response);
  });
  try {
    const client = KubeClient.fromKubeConfig(server.kubeconfig).forPreview();
    return { sentences: await findMissingGpus(client, objects), asked };
  } finally {
    await server.close();
  }
}

const nodes = (allocatable: object) => (response: ServerResponse) =>
  response.end(JSON.stringify({ items: [{ metadata: { name: "a" }, status: { allocatable } }] }));

describe("findMissingGpus()", () => {
  it("asks for the nodes only when there are pods with GPUs", async () => {
    const { sentences, asked } = await said([pods({ cpu: "1" })], nodes({}));
    assert.deepEqual([sentences, asked], [[], []]);
  });

  it("says what is missing, and nothing when a node offers GPUs", async () => {
    const missing = await said([asking, pods({})], nodes({ cpu: "4" }));
    assert.equal(missing.sentences.length, 1);
    assert.match(missing.sentences.join(), /^Deployment\/churn asks for 1 nvidia\.com\/gpu/);
    assert.deepEqual(missing.asked, ["/api/v1/nodes"]);
    assert.deepEqual((await said([asking], nodes({ "nvidia.com/gpu": "1" }))).sentences, []);
  });

  it("says why it doesn't know, when the nodes may not be listed", async () => {
    const forbidden = {
      kind: "Status",
      code: 403,
      reason: "Forbidden",
      message: "no nodes for you",
    };
    const { sentences } = await said([asking], (response) =>
      response.writeHead(403).end(JSON.stringify(forbidden)),
    );
    assert.match(sentences.join(), /^whether a node offers GPUs isn't known: .*no nodes for you/);
  });
});
