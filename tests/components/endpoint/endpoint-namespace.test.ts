// Where an endpoint is, on Pulumi's mocks: in its own namespace, or where it was.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { AmlModelEndpoint } from "../../../components/endpoint/aml-model-endpoint";
import { at, image, router } from "../../support/endpoint-registrations";
import { runProgram } from "../../support/pulumi-mocks";

const NAMESPACE = "kubernetes:core/v1:Namespace";

/** The namespaces of the objects, and what is declared of a namespace itself. */
async function placeOf(
  namespace: pulumi.Input<string | undefined>,
  outputs?: Parameters<typeof runProgram>[1],
) {
  const { registered } = await runProgram(() => {
    const versions = { blue: { image } };
    const endpoint = new AmlModelEndpoint("churn", {
      router,
      versions,
      ...(namespace === undefined ? {} : { namespace }),
    });
    return { uri: endpoint.scoringUri };
  }, outputs);
  const found = registered.flatMap(({ inputs }) => at(inputs, "metadata.namespace") ?? []);
  const route = registered.flatMap(({ type, inputs }) =>
    type.endsWith(":EndpointRoute") ? [inputs["namespace"]] : [],
  );
  const declared = registered.filter(({ type }) => type === NAMESPACE);
  return {
    objects: [...new Set([...found, ...route])],
    namespaces: declared.map(({ inputs }) => inputs["metadata"]),
  };
}

describe("An endpoint's namespace", () => {
  it("is one of endpoints alone, by default, where no pod may be privileged", async () => {
    const labels = { "pod-security.kubernetes.io/enforce": "baseline" };
    assert.deepEqual(await placeOf(undefined), {
      objects: ["aml-inference-endpoints"],
      namespaces: [{ name: "aml-inference-endpoints", labels }],
    });
  });

  it("stays `default`, which is never declared, in a state of earlier code", async () => {
    const earlier = (type: string, inputs: Readonly<Record<string, unknown>>) => {
      const mark = { mark: inputs["owner"], versionStates: {} };
      return type.endsWith(":EndpointKeys") ? { ...inputs, namespace: undefined } : mark;
    };
    assert.deepEqual(await placeOf(undefined, earlier), { objects: ["default"], namespaces: [] });
  });

  it("is the given one, with no labels of ours, also where that comes later", async () => {
    const expected = { objects: ["models"], namespaces: [{ name: "models" }] };
    assert.deepEqual(await placeOf("models"), expected);
    assert.deepEqual(await placeOf(pulumi.output("models")), expected);
    const later = pulumi.output<string | undefined>(undefined);
    const { objects } = await placeOf(later);
    assert.deepEqual(objects, ["aml-inference-endpoints"]);
  });
});
