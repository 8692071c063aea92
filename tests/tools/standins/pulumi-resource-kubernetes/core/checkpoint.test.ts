/** The state's form, which the vendor's plugin must be able to read, and its secrets. */
import assert from "node:assert/strict";
import {
  buildCheckpoint,
  markSecrets,
  parseCheckpoint,
  toKubeObject,
} from "../../../../../tools/standins/pulumi-resource-kubernetes/core/checkpoint";
import { isSecret, makeSecret } from "../../../../../tools/standins/property-value/index";

describe("a checkpoint", () => {
  const inputs = { apiVersion: "v1", kind: "ConfigMap", data: { a: "1" } };
  const checkpoint = {
    inputs,
    live: { ...inputs, metadata: { uid: "u" } },
    initialApiVersion: "v1",
    fieldManager: "pulumi-kubernetes-1",
  };

  it("comes back as it was put in", () => {
    assert.deepEqual(parseCheckpoint(buildCheckpoint(checkpoint, {})), checkpoint);
  });

  it("keeps the live object's members at the top, where programs read them", () => {
    const state = buildCheckpoint(checkpoint, {});
    assert.deepEqual(state["metadata"], { uid: "u" });
    assert.deepEqual(state["__inputs"], inputs);
  });

  it("spells schema extensions as the SDK does in the state and as Kubernetes does outside", () => {
    const dashed = { schema: { "x-kubernetes-list-map-keys": ["a"], "x-other": 1 } };
    const state = buildCheckpoint({ ...checkpoint, inputs: dashed, live: dashed }, {});
    assert.deepEqual(state["schema"], { x_kubernetes_list_map_keys: ["a"], "x-other": 1 });
    assert.deepEqual(toKubeObject(state)["schema"], dashed.schema);
  });
});

describe("markSecrets()", () => {
  it("marks a Secret's data, whatever the program said", () => {
    const marked = markSecrets({ kind: "Secret", data: { a: "eA==" }, type: "Opaque" }, {});
    assert.ok(isSecret(marked["data"]) && !isSecret(marked["type"]));
  });

  it("carries marks over by path, and marks a list as a whole", () => {
    const marked = markSecrets(
      { spec: { token: "t", open: 1, args: ["a", "s"] } },
      { spec: { token: makeSecret("t"), args: ["a", makeSecret("s")] } },
    );
    assert.deepEqual(marked, {
      spec: { token: makeSecret("t"), open: 1, args: makeSecret(["a", "s"]) },
    });
  });
});
