// A router's arguments as Outputs at every level, on Pulumi's mocks: of a StackReference, or undefined after all.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { AmlInferenceRouter } from "../../../components/router/aml-inference-router";
import {
  type AmlInferenceRouterArgs,
  type SslArgs,
} from "../../../components/router/aml-inference-router-args";
import { withoutNulls } from "../../../values/without";
import { KUBECONFIG } from "../../support/component-kubeconfig";
import { runProgram } from "../../support/pulumi-mocks";

const ssl: SslArgs = {
  cname: "score.contoso.com",
  certificatePem: pulumi.secret("certificate"),
  privateKeyPem: pulumi.secret("key"),
};
const plain: AmlInferenceRouterArgs = {
  kubeconfig: KUBECONFIG,
  clusterPurpose: "DevTest",
  namespace: "routers",
  images: { haproxy: "contoso.azurecr.io/haproxy:3.4", node: "contoso.azurecr.io/node:24" },
  resources: { haproxy: { limits: { cpu: "4" } } },
  tags: { team: "risk" },
};

async function run(args: AmlInferenceRouterArgs) {
  const { registered, outputs } = await runProgram(() => {
    const { scoringBaseUri, namespace } = new AmlInferenceRouter("fe", args);
    return { scoringBaseUri, namespace };
  });
  const children = registered
    .filter(({ type }) => !/:(AmlInferenceRouter|ArgumentCheck)$/.test(type))
    // The dynamic provider and the API server leave out what is null.
    .map(({ type, name, inputs }) => ({
      key: `${type} ${name}`,
      inputs: inAnyOrder(withoutNulls(inputs)),
    }));
  return { children: new Map(children.map(({ key, inputs }) => [key, inputs])), outputs };
}

/** The guard lists what is declared in the order in which it is. */
function inAnyOrder(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const sorted = Object.entries(inputs).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map((each) => JSON.stringify(each)).sort() : value,
  ]);
  return Object.fromEntries(sorted) as Record<string, unknown>;
}

const nothing = pulumi.output<string | undefined>(undefined);

describe("AmlInferenceRouter's arguments", () => {
  // The types, too, take an Output at each level: this file compiles.
  const later: Partial<AmlInferenceRouterArgs> = {
    kubeconfig: pulumi.output(KUBECONFIG),
    namespace: pulumi.output("routers"),
    images: pulumi.output({
      haproxy: "contoso.azurecr.io/haproxy:3.4",
      node: pulumi.output("contoso.azurecr.io/node:24"),
    }),
    resources: { haproxy: pulumi.output({ limits: pulumi.output({ cpu: "4" }) }) },
    tags: pulumi.output({ team: "risk" }),
  };

  it("declare the same plain and as Outputs, with and without a certificate", async () => {
    assert.deepEqual(await run({ ...plain, ...later }), await run(plain));
    const expected = await run({ ...plain, ssl });
    assert.deepEqual(await run({ ...plain, ...later, ssl: pulumi.output(ssl) }), expected);
    const own = { ...ssl, takeOverLegacyCertificate: pulumi.output(false) };
    assert.deepEqual(await run({ ...plain, ssl: own }), expected);
    assert.ok([...expected.children.keys()].some((key) => key.includes("v1:Secret")));
    assert.equal(expected.outputs["scoringBaseUri"], "https://score.contoso.com");
  });

  it("take v1's certificate over where an Output says so", async () => {
    const legacy = { cname: "score.contoso.com", takeOverLegacyCertificate: true };
    const expected = await run({ ...plain, ssl: legacy });
    assert.ok([...expected.children.keys()].some((key) => key.includes(":LegacyCertificate")));
    assert.deepEqual(await run({ ...plain, ssl: pulumi.output(legacy) }), expected);
    const decided = { ...legacy, takeOverLegacyCertificate: pulumi.output(true) };
    assert.deepEqual(await run({ ...plain, ssl: decided }), expected);
  });

  it("count as left out where they are undefined or null, now or later", async () => {
    const absent = {
      ...{ namespace: nothing, leafDomainLabel: nothing, loadBalancerSubnet: nothing },
      ...{ tags: pulumi.output(undefined), resources: pulumi.output(undefined) },
      ...{ images: { haproxy: nothing, node: undefined }, ssl: pulumi.output(undefined) },
      ...{ removeLegacyRouter: pulumi.output<boolean | undefined>(undefined) },
      clusterPurpose: null,
    };
    const { children, outputs } = await run({
      kubeconfig: KUBECONFIG,
      ...absent,
    } as unknown as AmlInferenceRouterArgs);
    const expected = await run({ kubeconfig: KUBECONFIG });
    assert.deepEqual(children, expected.children);
    assert.deepEqual(outputs, expected.outputs);
  });

  it("make no program crash that has no types", async () => {
    for (const args of [undefined, null, {}, { kubeconfig: null }]) {
      await runProgram(() => {
        assert.throws(
          () => new AmlInferenceRouter("fe", args as unknown as AmlInferenceRouterArgs),
          /kubeconfig is required/,
        );
        return {};
      });
    }
  });
});
