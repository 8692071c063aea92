// The rights of a router by namespace, against an API server that keeps what is applied.
import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { KubeClient } from "../../../kubernetes/io/kube-client";
import { operations } from "../../../provider/endpoint-namespaces/operations";
import { closeNamespace, openNamespace } from "../../../provider/engine/io/namespace-rights";
import { setUpApiServer } from "../../support/api-server";
import { endpointOf } from "../../support/model-endpoints";
import { withoutRetries } from "../../support/without-retries";

const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const NAMES = "/api/v1/namespaces/aml/configmaps/aml-inference-names";

interface Stored {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

describe("EndpointNamespaces", () => {
  withoutRetries();
  let client: KubeClient;
  let kubeconfig: string;
  const objects = new Map<string, Stored>();
  let isForbidden: boolean;
  /** Runs once, after the claims were read. */
  let meanwhile: (() => Promise<void>) | undefined;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "", "https://localhost");
    const body = await text(request);
    const reply = (status: number, given: object) =>
      void response.writeHead(status).end(JSON.stringify(given));
    const path = url.pathname;
    if (isForbidden) return reply(403, { reason: "Forbidden", message: "no" });
    if (path.endsWith("/rolebindings") || path.endsWith("/modelendpoints")) {
      const [label = "", value] = (url.searchParams.get("labelSelector") ?? "").split("=");
      const kind = path.slice(path.lastIndexOf("/"));
      const [, namespace] = /namespaces\/([^/]+)/.exec(path) ?? [];
      const items = [...objects].filter(
        ([each, { metadata }]) =>
          each.includes(`${kind}/`) &&
          (namespace === undefined || metadata.namespace === namespace) &&
          (label === "" || metadata.labels?.[label] === value),
      );
      return reply(200, { items: items.map(([, object]) => object), metadata: {} });
    }
    if (request.method === "PATCH") objects.set(path, JSON.parse(body) as Stored);
    const found = objects.get(path);
    if (found === undefined) return reply(404, { reason: "NotFound" });
    if (request.method === "DELETE") objects.delete(path);
    const run = path === NAMES ? meanwhile : undefined;
    if (run !== undefined) {
      meanwhile = undefined;
      await run();
    }
    return reply(200, found);
  }
  setUpApiServer(
    (request, response) => answer(request, response),
    ({ server }) => {
      kubeconfig = server.kubeconfig;
      client = KubeClient.fromKubeConfig(kubeconfig);
    },
  );
  beforeEach(() => {
    isForbidden = false;
    meanwhile = undefined;
    objects.clear();
    for (const name of ["kube-system", "aml", "models", "listed", "served"]) {
      objects.set(`/api/v1/namespaces/${name}`, { metadata: { name } });
    }
    claim({ complete: "true", "declared.churn": "models" });
  });

  function claim(data: Record<string, string>): void {
    const names = { metadata: { name: "aml-inference-names", namespace: "aml" }, data };
    objects.set(NAMES, names);
  }
  const path = (account: string, namespace: string) =>
    `${RBAC}/namespaces/${namespace}/rolebindings/aml-inference-${account}-endpoints.aml`;
  /** Namespaces in which both accounts have rights; each has them alone nowhere. */
  function granted(): readonly string[] {
    const of = (account: string) =>
      [...objects.keys()].flatMap((each) => {
        const [, namespace = ""] = /namespaces\/([^/]+)\/rolebindings/.exec(each) ?? [];
        return each === path(account, namespace) ? [namespace] : [];
      });
    assert.deepEqual(of("router").sort(), of("autoscaler").sort());
    return of("router").sort();
  }
  const inputs = (allowedNamespaces: readonly string[] = ["listed"]) => ({
    ...{ kubeconfig, routerNamespace: "aml", allowedNamespaces },
  });
  const drifts = async (outs: object, news = inputs()) =>
    (await operations.diff("aml", outs as never, news)).changes;

  it("grants rights where a stack declares an endpoint and where the list says, and nowhere else", async () => {
    const { outs } = await operations.create(inputs(["listed", "not-there-yet"]));
    assert.deepEqual(granted(), ["listed", "models"]);
    const { roleRef, subjects } = objects.get(path("router", "models")) as unknown as {
      readonly roleRef: { readonly kind: string; readonly name: string };
      readonly subjects: readonly object[];
    };
    const role = "aml-inference-router-endpoints.aml";
    assert.deepEqual([roleRef.kind, roleRef.name], ["ClusterRole", role]);
    const account = { kind: "ServiceAccount", name: "aml-inference-router", namespace: "aml" };
    assert.deepEqual(subjects, [account]);
    assert.equal(await drifts(outs, inputs(["not-there-yet", "listed"])), false);
  });

  it("grants rights for what was served before there were claims", async () => {
    objects.delete(NAMES);
    const condition = {
      ...{
        type: "Accepted",
        status: "True",
        reason: "Applied",
        message: "",
        observedGeneration: 1,
      },
      lastTransitionTime: "2026-01-01T00:00:00Z",
    } as const;
    const endpoint = {
      ...endpointOf({}, { namespace: "served" }),
      status: { conditions: [condition] },
    };
    objects.set("/x/modelendpoints/churn", endpoint);
    await operations.create(inputs([]));
    assert.deepEqual(granted(), ["served"]);
  });

  it("sees rights that are missing or changed, and heals them", async () => {
    const { outs } = await operations.create(inputs());
    objects.delete(path("autoscaler", "models"));
    assert.equal(await drifts(outs), true);
    await operations.update("aml", outs, inputs());
    assert.deepEqual(granted(), ["listed", "models"]);
    assert.equal(await drifts(outs), false);
    claim({ complete: "true", "declared.churn": "models", "declared.fraud": "served" });
    assert.equal(await drifts(outs), true);
  });

  it("takes rights back that nobody has a use for, and all of them at its end", async () => {
    const { outs } = await operations.create(inputs());
    claim({ complete: "true" });
    await operations.update("aml", outs, inputs(["listed"]));
    assert.deepEqual(granted(), ["listed"]);
    await operations.delete("aml", outs);
    assert.deepEqual(granted(), []);
  });

  it("leaves a namespace open that another stack's first endpoint has opened meanwhile", async () => {
    const { outs } = await operations.create(inputs());
    meanwhile = async () => {
      claim({ complete: "true", "declared.churn": "models", "declared.fraud": "served" });
      await openNamespace(client, "aml", "served");
    };
    await operations.update("aml", outs, inputs());
    assert.deepEqual(granted(), ["listed", "models", "served"]);
  });

  it("opens a namespace for its first endpoint and closes it after its last, but for the list's", async () => {
    await operations.create(inputs());
    await openNamespace(client, "aml", "served");
    await openNamespace(client, "aml", "listed");
    assert.deepEqual(granted(), ["listed", "models", "served"]);
    objects.set("/x/modelendpoints/other", endpointOf({}, { namespace: "served" }));
    await closeNamespace(client, "aml", "served");
    assert.deepEqual(granted(), ["listed", "models", "served"]);
    objects.delete("/x/modelendpoints/other");
    for (const namespace of ["served", "listed"]) await closeNamespace(client, "aml", namespace);
    assert.deepEqual(granted(), ["listed", "models"]);
  });

  it("leaves the rights to the router's stack where the endpoint's user may not grant them", async () => {
    isForbidden = true;
    await openNamespace(client, "aml", "models");
    await closeNamespace(client, "aml", "models");
    isForbidden = false;
    assert.deepEqual(granted(), []);
  });
});
