// Which Kubernetes provider an endpoint gets from a RouterReference, on Pulumi's mocks.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { AmlModelEndpoint } from "../../../components/endpoint/aml-model-endpoint";
import { AmlInferenceRouter } from "../../../components/router/aml-inference-router";
import { type RouterReference } from "../../../components/engine/router-reference";
import { KUBECONFIG } from "../../support/component-kubeconfig";
import { runProgram } from "../../support/pulumi-mocks";

const versions = { blue: { image: "registry.example/churn:1" } };
const kubeconfigOf = (server: string) => KUBECONFIG.replace("203.0.113.1", server);
const reference = (kubeconfig: pulumi.Input<string>): RouterReference => ({
  kubeconfig,
  namespace: "aml-inference",
  scoringBaseUri: "http://203.0.113.7",
});

/** The providers of a program with an endpoint for each entry: the endpoints' names by the provider's. */
async function providers(
  routers: () => Readonly<Record<string, RouterReference>>,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const { registered } = await runProgram(() => {
    const endpoints = Object.entries(routers()).map(
      ([name, router]) => new AmlModelEndpoint(name, { router, versions }),
    );
    return { uris: pulumi.all(endpoints.map(({ scoringUri }) => scoringUri)) };
  });
  const made = registered.filter(({ type }) => type === "pulumi:providers:kubernetes");
  const users = registered.filter(({ type }) => type === "kubernetes:apps/v1:Deployment");
  const served = made.map(({ name }): [string, string[]] => [
    name,
    users
      .filter(({ provider }) => provider.includes(`::${name}::`))
      .map((user) => user.name.replace(/-blue-.*/, ""))
      .sort(),
  ]);
  return Object.fromEntries(served.sort());
}

/** Endpoints of two clusters in either order, which must come to the same. */
async function inEitherOrder(one: () => RouterReference, other: () => RouterReference) {
  const found = await providers(() => ({ churn: one(), fraud: other() }));
  assert.deepEqual(await providers(() => ({ fraud: other(), churn: one() })), found);
  return found;
}

/** As a program writes it: a new Output at each call. */
const outputsOf = (platform: pulumi.StackReference) =>
  reference(platform.requireOutput("kubeconfig") as pulumi.Output<string>);

describe("The provider of an endpoint with a RouterReference", () => {
  it("is shared by all endpoints whose kubeconfigs lead to one cluster, whatever the credentials", async () => {
    const renewed = KUBECONFIG.replace('"token":"t"', '"token":"renewed"');
    assert.notEqual(renewed, KUBECONFIG);
    const found = await providers(() => ({
      churn: reference(KUBECONFIG),
      fraud: reference(KUBECONFIG),
      spam: reference(renewed),
    }));
    assert.deepEqual(Object.values(found), [["churn", "fraud", "spam"]]);
  });

  it("is shared by a hundred endpoints whose reference is built anew from one StackReference", async () => {
    const found = await providers(() => {
      const platform = new pulumi.StackReference("acme/platform/prod");
      const names = Array.from({ length: 100 }, (_, index) => `endpoint-${index}`);
      return Object.fromEntries(names.map((name) => [name, outputsOf(platform)]));
    });
    assert.deepEqual(
      Object.values(found).map(({ length }) => length),
      [100],
    );
  });

  it("has a name that its cluster's server decides, whichever endpoint is declared first", async () => {
    const [one, other] = ["203.0.113.1", "203.0.113.2"].map(kubeconfigOf);
    const found = await inEitherOrder(
      () => reference(one ?? ""),
      () => reference(other ?? ""),
    );
    assert.deepEqual(Object.values(found).sort(), [["churn"], ["fraud"]]);
    const alone = await providers(() => ({ fraud: reference(other ?? "") }));
    assert.ok(Object.keys(alone).every((name) => name in found));
  });

  it("has a name that its StackReference decides, whichever endpoint is declared first", async () => {
    const found = await inEitherOrder(
      () => outputsOf(new pulumi.StackReference("acme/platform/east")),
      () => outputsOf(new pulumi.StackReference("acme/platform/west")),
    );
    assert.deepEqual(Object.values(found).sort(), [["churn"], ["fraud"]]);
  });

  it("has the name that the reference gives its cluster", async () => {
    const secret = (server: string, clusterName: string) => () => ({
      ...reference(pulumi.secret(kubeconfigOf(server))),
      clusterName,
    });
    assert.deepEqual(
      await inEitherOrder(secret("203.0.113.1", "east"), secret("203.0.113.2", "west")),
      { "aml-inference-cluster-east": ["churn"], "aml-inference-cluster-west": ["fraud"] },
    );
  });

  it("takes no variable of one command into the state", async () => {
    const variable = "PULUMI_K8S_DELETE_UNREACHABLE";
    const former = process.env[variable];
    process.env[variable] = "true";
    try {
      const { registered } = await runProgram(() => ({
        uri: new AmlModelEndpoint("churn", { router: reference(KUBECONFIG), versions }).scoringUri,
      }));
      const made = registered.find(({ type }) => type === "pulumi:providers:kubernetes");
      assert.equal(made?.inputs["upsertExistingObjects"], "true");
      assert.ok(!("deleteUnreachable" in made.inputs));
    } finally {
      if (former === undefined) delete process.env[variable];
      else process.env[variable] = former;
    }
  });

  it("is made anew for each program that a process runs", async () => {
    const program = () => providers(() => ({ churn: reference(KUBECONFIG) }));
    assert.deepEqual(await program(), await program());
  });

  it("is the router's own, whichever copy of the package declared the router", async () => {
    const { registered } = await runProgram(() => {
      const router = new AmlInferenceRouter("fe", { kubeconfig: KUBECONFIG });
      const parts = Object.getOwnPropertySymbols(router).map(Symbol.keyFor);
      assert.ok(parts.includes("aml-inference.router-parts"));
      return { uri: new AmlModelEndpoint("churn", { router, versions }).scoringUri };
    });
    const made = registered.filter(({ type }) => type === "pulumi:providers:kubernetes");
    assert.deepEqual(
      made.map(({ name }) => name),
      ["fe"],
    );
  });
});

describe("Two references under one name", () => {
  const foundOf = async (one: RouterReference, other: RouterReference) => {
    const { registered } = await runProgram(() => {
      const endpoints = [one, other].map(
        (router, index) => new AmlModelEndpoint(`endpoint-${index}`, { router, versions }),
      );
      return { uris: pulumi.all(endpoints.map(({ scoringUri }) => scoringUri)) };
    });
    const keys = registered.filter(({ type }) => type.endsWith(":EndpointKeys"));
    return keys.map(({ inputs }) => (inputs["endpointArguments"] as { found?: unknown }).found);
  };
  const secret = (server: string) => reference(pulumi.secret(kubeconfigOf(server)));

  it("are one cluster's", async () => {
    assert.deepEqual(await foundOf(secret("203.0.113.1"), secret("203.0.113.1")), [undefined, []]);
  });

  it("are refused by a sentence when they are two clusters'", async () => {
    const reason =
      'must differ for each cluster of a program: "default" is https://203.0.113.1:6443 and https://203.0.113.2:6443; give both references a clusterName';
    assert.deepEqual(await foundOf(secret("203.0.113.1"), secret("203.0.113.2")), [
      undefined,
      [{ path: "router.clusterName", reason }],
    ]);
  });
});
