// Secret environment variables, on Pulumi's mocks: in a Secret that the pods name, and nowhere else.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type EndpointVersionArgs } from "../../../components/endpoint/aml-model-endpoint-args";
import { versionObjectName } from "../../../validation/endpoint/names";
import { at, DEPLOYMENT, image, only, register, ROUTE } from "../../support/endpoint-registrations";

const SECRET = "kubernetes:core/v1:Secret";
const blue = versionObjectName("churn", "blue");
const VALUE = "hunter2";

async function registered(environmentVariables: EndpointVersionArgs["environmentVariables"]) {
  const { registered: all } = await register({
    namespace: "models",
    versions: { blue: { image, ...(environmentVariables && { environmentVariables }) } },
  });
  const env = at(only(all, DEPLOYMENT).inputs, "spec.template.spec.containers.0.env") as readonly {
    readonly name: string;
  }[];
  return { all, own: env.filter(({ name }) => !name.startsWith("SERVICE_")) };
}

const reference = (key: string) => ({
  name: key,
  valueFrom: { secretKeyRef: { name: `${blue}-0123456789`, key } },
});

describe("An endpoint's secret environment variables", () => {
  it("are a Secret's, beside literals for the others", async () => {
    const { all, own } = await registered({
      TOKEN: pulumi.secret(VALUE),
      LEVEL: pulumi.output("DEBUG"),
      PLAIN: "x",
    });
    assert.deepEqual(own, [
      reference("TOKEN"),
      { name: "LEVEL", value: "DEBUG" },
      { name: "PLAIN", value: "x" },
    ]);
    const { inputs } = only(all, SECRET);
    assert.equal(at(inputs, "metadata.name"), `${blue}-0123456789`);
    assert.equal(at(inputs, "metadata.namespace"), "models");
    assert.deepEqual(inputs["stringData"], { TOKEN: VALUE });
    assert.equal(inputs["immutable"], true);
  });

  it("are nowhere else than in the Secret, its name's data and the component's arguments", async () => {
    const { all } = await registered({ TOKEN: pulumi.secret(VALUE) });
    const holders = all.filter(({ inputs }) => JSON.stringify(inputs).includes(VALUE));
    const types = holders.map(({ type }) => type.split(/[:/]/).at(-1)).sort();
    assert.deepEqual(types, ["AmlModelEndpoint", "EndpointKeys", "Secret", "SecretName"]);
  });

  it("are all of them where the whole is a secret", async () => {
    const { all, own } = await registered(pulumi.secret({ TOKEN: VALUE, LEVEL: "DEBUG" }));
    assert.deepEqual(own, [reference("TOKEN"), reference("LEVEL")]);
    assert.deepEqual(only(all, SECRET).inputs["stringData"], { TOKEN: VALUE, LEVEL: "DEBUG" });
  });

  it("make no Secret where there are none", async () => {
    for (const variables of [
      undefined,
      { LEVEL: "DEBUG" },
      { LEVEL: pulumi.output("DEBUG") },
      pulumi.output({ LEVEL: "DEBUG" }),
    ]) {
      const { all } = await registered(variables);
      assert.ok(!all.some(({ type }) => type === SECRET));
      assert.ok(all.some(({ type }) => type === ROUTE));
    }
  });
});
