// Claims of names against an API server that keeps one ConfigMap, with resource versions and conflicts.
import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { KubeClient } from "../../../../kubernetes/io/kube-client";
import { claimName, releaseName } from "../../../../provider/endpoint-route/io/claim-name";
import { setUpApiServer } from "../../../support/api-server";
import { endpointOf } from "../../../support/model-endpoints";
import { withoutRetries } from "../../../support/without-retries";

const ENDPOINTS = "/apis/aml-inference.io/v1/modelendpoints";
const COLLECTION = "/api/v1/namespaces/aml/configmaps";

interface Patch {
  readonly metadata?: { readonly resourceVersion?: string };
  readonly data: Readonly<Record<string, string | null>>;
}

describe("claimName()", () => {
  withoutRetries();
  let client: KubeClient;
  let data: Record<string, string> | undefined;
  let version: number;
  let endpoints: readonly object[];
  /** Status of every answer in place of the real one. */
  let refuses: number | undefined;
  /** Runs before the next write is handled. */
  let meanwhile: (() => void) | undefined;

  const write = (patch: Patch["data"]) => {
    const merged = Object.entries({ ...data, ...patch }).filter(([, value]) => value !== null);
    data = Object.fromEntries(merged) as Record<string, string>;
    version++;
  };
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = "" } = request;
    const body = await text(request);
    const reply = (status: number, given: object = {}) =>
      void response.writeHead(status).end(JSON.stringify(given));
    if (refuses !== undefined) return reply(refuses);
    if (url.startsWith(ENDPOINTS)) return reply(200, { items: endpoints, metadata: {} });
    const metadata = { name: "aml-inference-names", namespace: "aml" };
    const object = () => ({ metadata: { ...metadata, resourceVersion: String(version) }, data });
    if (method !== "GET") {
      meanwhile?.();
      meanwhile = undefined;
    }
    if (method === "POST") {
      assert.match(url, new RegExp(`^${COLLECTION}\\?`));
      if (data !== undefined) return reply(409, { reason: "AlreadyExists" });
      write((JSON.parse(body) as Patch).data);
      return reply(201, object());
    }
    assert.match(url, new RegExp(`^${COLLECTION}/aml-inference-names`));
    if (data === undefined) return reply(404);
    if (method === "PATCH") {
      const patch = JSON.parse(body) as Patch;
      const expected = patch.metadata?.resourceVersion;
      if (expected !== undefined && expected !== String(version)) return reply(409);
      write(patch.data);
    }
    return reply(200, object());
  }
  setUpApiServer(
    (request, response) => answer(request, response),
    ({ server }) => (client = KubeClient.fromKubeConfig(server.kubeconfig)),
  );
  beforeEach(() => {
    data = { complete: "true" };
    version = 1;
    endpoints = [];
    refuses = undefined;
    meanwhile = undefined;
  });

  const claimOf = (namespace: string, routerNamespace: string | undefined = "aml") => ({
    ...{ client, namespace, name: "churn", routerNamespace },
  });

  it("claims a free name once, also where the ConfigMap doesn't exist yet", async () => {
    for (const before of [{ complete: "true" }, undefined]) {
      data = before;
      assert.equal(await claimName(claimOf("models")), undefined);
      assert.equal(data?.["declared.churn"], "models");
      const claimedAt = version;
      assert.equal(await claimName(claimOf("models")), undefined);
      assert.equal(version, claimedAt, "a second claim writes nothing");
    }
  });

  it("says whose a name is that a stack or an endpoint of another namespace has", async () => {
    for (const key of ["declared.churn", "seen.churn"]) {
      data = { complete: "true", [key]: "models" };
      assert.match((await claimName(claimOf("tenant"))) ?? "", /belongs to namespace models/);
      assert.equal(data["declared.churn"] ?? "models", "models");
    }
  });

  it("takes no name that was served before there were claims, while these aren't complete", async () => {
    const conditions = [{ type: "Accepted", status: "True" }];
    endpoints = [{ ...endpointOf({}, { namespace: "models" }), status: { conditions } }];
    for (const before of [undefined, { "declared.fraud": "tenant" }]) {
      data = before;
      assert.match((await claimName(claimOf("tenant"))) ?? "", /belongs to namespace models/);
      assert.equal(await claimName(claimOf("models")), undefined);
      assert.equal(data?.["declared.churn"], "models");
    }
  });

  it("goes on when others write at the same time, and loses to who was first", async () => {
    meanwhile = () => write({ "declared.fraud": "models" });
    assert.equal(await claimName(claimOf("models")), undefined);
    assert.deepEqual(data, {
      ...{ complete: "true", "declared.fraud": "models", "declared.churn": "models" },
    });
    data = { complete: "true" };
    meanwhile = () => write({ "declared.churn": "models" });
    assert.match((await claimName(claimOf("tenant"))) ?? "", /belongs to namespace models/);
    data = undefined;
    meanwhile = () => (data = { complete: "true" });
    assert.equal(await claimName(claimOf("models")), undefined);
    assert.deepEqual(data, { complete: "true", "declared.churn": "models" });
  });

  it("leaves it to the router without rights, without a namespace and without a router", async () => {
    for (const status of [403, 404]) {
      refuses = status;
      assert.equal(await claimName(claimOf("models")), undefined);
      await releaseName(claimOf("models"));
    }
    const { client: own, namespace, name } = claimOf("models");
    const nowhere = { client: own, namespace, name, routerNamespace: undefined };
    refuses = 500;
    assert.equal(await claimName(nowhere), undefined);
    await assert.rejects(claimName(claimOf("models")), /HTTP 500/);
  });

  it("lets go of both claims of its own namespace, and of no other's", async () => {
    data = { "declared.churn": "models", "seen.churn": "models", "declared.fraud": "models" };
    await releaseName(claimOf("tenant"));
    assert.equal(version, 1);
    await releaseName(claimOf("models"));
    assert.deepEqual(data, { "declared.fraud": "models" });
  });
});
