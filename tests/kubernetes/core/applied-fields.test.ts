// Which fields a manager applied server-side: applied again, they are the same.
import assert from "node:assert/strict";
import { appliedFields, applierOf } from "../../../kubernetes/core/applied-fields";
import { type Json, type ManagedFields } from "../../../kubernetes/core/kube-object";

const objectWith = (managedFields: readonly ManagedFields[]) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "d", namespace: "n", managedFields },
});
const template: Json = { "f:spec": { "f:template": { "f:spec": {} } } };

describe("applierOf()", () => {
  const scaler = {
    manager: "scaler",
    operation: "Apply",
    subresource: "scale",
    fieldsV1: template,
  };
  const editor = { manager: "editor", operation: "Update", fieldsV1: template };
  const noter = {
    manager: "noter",
    operation: "Apply",
    fieldsV1: { "f:metadata": { "f:labels": {} } },
  };
  const owner = { manager: "owner", operation: "Apply", fieldsV1: template };

  it("finds who applied the field, not who edited it, nor who applied another", () => {
    const object = objectWith([scaler, editor, noter, owner]);
    assert.equal(applierOf(object, ["spec", "template"])?.manager, "owner");
  });

  it("finds nobody where nobody applied it", () => {
    assert.equal(applierOf(objectWith([scaler, editor]), ["spec", "template"]), undefined);
  });
});

describe("appliedFields()", () => {
  const live: Json = {
    metadata: { annotations: { ours: "1", theirs: "2" }, generation: 7 },
    spec: { replicas: 3, paused: false, selector: { matchLabels: { app: "a" } }, list: [1, 2] },
  };

  it("has the live values of the manager's fields, and no others", () => {
    const owned: Json = {
      "f:metadata": { "f:annotations": { ".": {}, "f:ours": {} } },
      "f:spec": { "f:replicas": {}, "f:selector": {} },
    };
    assert.deepEqual(appliedFields(live, owned), {
      metadata: { annotations: { ours: "1" } },
      spec: { replicas: 3, selector: { matchLabels: { app: "a" } } },
    });
  });

  it("has a list whole, and no field that is gone", () => {
    const owned: Json = { "f:spec": { "f:list": { "v:1": {} }, "f:gone": {} } };
    assert.deepEqual(appliedFields(live, owned), { spec: { list: [1, 2] } });
  });
});
