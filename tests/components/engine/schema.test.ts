// The components' types stay within what Pulumi's schema inference understands, so that any language can use them.
import assert from "node:assert/strict";
import { join } from "node:path";
import { ComponentProvider } from "@pulumi/pulumi/provider/experimental/provider";
import { projectRoot } from "../../../tools/checkout";
import { SSL_ARGUMENTS } from "../../../validation/router/router-arguments";
import { AmlInferenceRouter, AmlModelEndpoint } from "../../support/inferred-schema";

interface Schema {
  readonly resources: Readonly<
    Record<
      string,
      {
        readonly isComponent: boolean;
        readonly inputProperties: Readonly<Record<string, unknown>>;
        readonly requiredInputs: readonly string[];
        readonly properties: Readonly<Record<string, unknown>>;
      }
    >
  >;
  readonly types: Readonly<
    Record<string, { readonly properties?: object; readonly enum?: object[] }>
  >;
}

describe("The schema that Pulumi infers", () => {
  let schema: Schema;
  before(async () => {
    const provider = new ComponentProvider({
      name: "aml-inference",
      version: "0.0.0",
      dirname: join(projectRoot, "tests", "support", "inferred-schema"),
      components: [AmlInferenceRouter, AmlModelEndpoint],
    });
    schema = JSON.parse(await provider.getSchema()) as Schema;
  });

  it("has both components, under the tokens that the classes register", () => {
    assert.deepEqual(Object.keys(schema.resources).sort(), [
      AmlInferenceRouter.__pulumiType,
      AmlModelEndpoint.__pulumiType,
    ]);
  });

  it("has the endpoint's outputs and nothing internal", () => {
    assert.deepEqual(
      Object.keys(schema.resources[AmlModelEndpoint.__pulumiType]?.properties ?? {}).sort(),
      ["primaryKey", "scoringUri", "secondaryKey", "swaggerUri", "versionStates"],
    );
  });

  it("has the router's outputs and nothing internal", () => {
    assert.deepEqual(
      Object.keys(schema.resources[AmlInferenceRouter.__pulumiType]?.properties ?? {}).sort(),
      ["clusterPurpose", "kubeconfig", "namespace", "scoringBaseUri"],
    );
  });

  it("asks for no more than router and versions, and a kubeconfig", () => {
    const required = (token: string) => [...(schema.resources[token]?.requiredInputs ?? [])].sort();
    assert.deepEqual(required(AmlModelEndpoint.__pulumiType), ["router", "versions"]);
    assert.deepEqual(required(AmlInferenceRouter.__pulumiType), ["kubeconfig"]);
  });

  it("has every argument of a certificate", () => {
    const ssl = schema.types["aml-inference:index:SslArgs"];
    assert.deepEqual(Object.keys(ssl?.properties ?? {}).sort(), Object.keys(SSL_ARGUMENTS).sort());
  });

  it("knows the choices by their names", () => {
    const purpose = schema.types["aml-inference:index:ClusterPurpose"];
    assert.equal(purpose?.enum?.length, 3);
  });
});
