// A roll-out that can't become ready: a sentence that says why, and the former version goes on serving.
import assert from "node:assert/strict";
import { type EndpointObject } from "../../../provider/endpoint-route/core/endpoint-object";
import { type Deployment, type Pod } from "../../../kubernetes/core/workload";
import { HTTP_PORT } from "../../../contracts/pods/router-environment";
import { type DeclaredStack, openDeclaredStack } from "../../support/declared-stack";
import {
  applyModel,
  autoscalerIn,
  openProviderNamespace,
  type ProviderNamespace,
  routeIn,
  routerIn,
} from "../../support/provider-namespace";
import { expectFailure, expectSuccess } from "../../support/stack";
import { eventually } from "../../support/eventually";

describe("provider: a roll-out that can't become ready", () => {
  let namespace: ProviderNamespace;
  let stack: DeclaredStack;
  let revision = 1;

  const declare = (more: {
    readonly route?: Readonly<Record<string, unknown>>;
    readonly router?: Readonly<Record<string, unknown>>;
  }) =>
    stack.declare({
      autoscaler: autoscalerIn(namespace.name),
      router: routerIn(namespace.name, more.router),
      route: routeIn(namespace.name, { revision: String(revision), ...more.route }),
    });
  const endpoint = async () => {
    const { client, name } = namespace;
    const place = { apiVersion: "aml-inference.io/v1", kind: "ModelEndpoint", namespace: name };
    return client.read<EndpointObject>(place, name);
  };
  /** What a client gets from the router. */
  const score = async () => {
    const { client, name } = namespace;
    const pods = await client.list<Pod & { readonly status: { readonly podIP: string } }>(
      { apiVersion: "v1", kind: "Pod", namespace: name },
      { labels: "app.kubernetes.io/name=aml-inference-router" },
    );
    const pod = pods.find(({ metadata }) => metadata.deletionTimestamp === undefined);
    const url = `http://${pod?.status.podIP ?? ""}:${HTTP_PORT}/api/v1/service/${name}/score`;
    const answer = await fetch(url, { method: "POST", body: "{}" });
    return [answer.status, await answer.text()];
  };

  before(async () => {
    namespace = await openProviderNamespace();
    await applyModel(namespace);
    stack = await openDeclaredStack(namespace.kubeconfig);
    await declare({});
    await expectSuccess(stack.up());
    assert.deepEqual(await score(), [200, "[1]"]);
  });
  after(async () => {
    await expectSuccess(stack.destroy());
    await stack.close();
    await namespace.close();
  });

  const troubles = [
    {
      name: "an image that can't be pulled",
      container: { image: "registry.invalid/contoso/model:2" },
      says: /version blue: Deployment\/churn-blue can't be rolled out: image registry\.invalid\/contoso\/model:2 of container model can't be pulled: Failed to pull image/,
    },
    {
      name: "a container that crashes",
      container: { command: ["node", "-e", `console.log("no such model"); process.exit(3)`] },
      says: /container model exited with code 3 \(restarted \d+ times\); its log ends with: no such model/,
    },
    {
      name: "more CPU than any node has",
      container: { resources: { requests: { cpu: "1000" } } },
      timeoutSeconds: 5,
      says: /no progress for 5 s: 0 of 1 replicas are ready, 1 former replica remains; no node has room for its pod: .*Insufficient cpu/,
    },
    {
      name: "a probe that fails",
      container: { readinessProbe: { httpGet: { path: "/", port: 5002 }, periodSeconds: 1 } },
      timeoutSeconds: 10,
      says: /no progress for 10 s: .*; container model runs but isn't ready: Readiness probe failed: .*connection refused/,
    },
  ];
  for (const { name, container, timeoutSeconds = 120, says } of troubles) {
    it(`says so for ${name}, while the former version serves`, async () => {
      const before = await endpoint();
      revision += 1;
      await applyModel(namespace, container);
      await declare({ route: { rolloutTimeoutSeconds: timeoutSeconds } });
      const { output } = await expectFailure(stack.up());
      assert.match(output, says);
      assert.match(output, /version blue: .*; 1 replica of image node:24 serves\./);
      assert.deepEqual((await endpoint())?.spec, before?.spec);
      assert.deepEqual(await score(), [200, "[1]"]);
    });
  }

  it("is over when the version's next template is right", async () => {
    revision += 1;
    await applyModel(namespace);
    await declare({});
    await expectSuccess(stack.up());
    await expectSuccess(stack.up("--expect-no-changes"));
  });

  it("of the router gives way to the former release, which serves again", async () => {
    await declare({ router: { haproxyImage: "registry.invalid/haproxy:3.4" } });
    const { output } = await expectFailure(stack.up());
    assert.match(
      output,
      /image registry\.invalid\/haproxy:3\.4 of container haproxy can't be pulled/,
    );
    assert.match(output, /the former release serves again/);
    await eventually("the router serves", async () => (await score())[0] === 200);
    const router = await namespace.client.read<Deployment>(
      { apiVersion: "apps/v1", kind: "Deployment", namespace: namespace.name },
      "aml-inference-router",
    );
    assert.ok(!JSON.stringify(router?.spec).includes("registry.invalid"));
  });
});
