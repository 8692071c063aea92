/** Owners of fields, and what ignoreChanges does with them. */
import assert from "node:assert/strict";
import {
  isOwnedByOthersOnly,
  managedFieldsOf,
  takeOverFields,
} from "../../../../../tools/standins/pulumi-resource-kubernetes/core/field-ownership";
import { leaveIgnoredFields } from "../../../../../tools/standins/pulumi-resource-kubernetes/core/ignore-changes";

const entry = (manager: string, operation: string, fieldsV1: object, more: object = {}) => ({
  manager,
  operation,
  fieldsV1: { ...fieldsV1 },
  ...more,
});
const replicas = { "f:spec": { "f:replicas": {} } };
const image = { "f:spec": { "f:image": {} } };

describe("takeOverFields()", () => {
  it("merges the fields of a plain create into the applying manager's", () => {
    const entries = [
      entry("pulumi-kubernetes", "Update", replicas),
      entry("mine", "Apply", image),
      entry("scaler", "Update", replicas),
    ];
    const taken = takeOverFields(entries, "mine", "apps/v1");
    assert.deepEqual(
      taken?.map(({ manager, operation }) => `${manager}/${operation}`),
      ["scaler/Update", "mine/Apply"],
    );
    assert.deepEqual(taken?.at(-1)?.fieldsV1, { "f:spec": { "f:replicas": {}, "f:image": {} } });
  });

  it("leaves controllers' and subresources' entries alone", () => {
    const entries = [
      entry("kube-controller-manager", "Update", replicas),
      entry("kubectl", "Update", replicas, { subresource: "scale" }),
    ];
    assert.equal(takeOverFields(entries, "mine", "apps/v1"), undefined);
  });
});

describe("leaveIgnoredFields()", () => {
  const live = (manager: string) => ({
    metadata: { managedFields: [entry(manager, "Update", replicas)] },
    spec: { replicas: 5 },
  });

  it("leaves a field out that only somebody else owns", () => {
    const wanted = { spec: { replicas: 1, image: "a" } };
    assert.deepEqual(leaveIgnoredFields(wanted, live("scaler"), ["spec.replicas"], "mine"), {
      spec: { image: "a" },
    });
  });

  it("keeps the living value of a field of its own, so that applying does not unset it", () => {
    const wanted = { spec: { replicas: 1 } };
    assert.deepEqual(leaveIgnoredFields(wanted, live("mine"), ["spec.replicas"], "mine"), {
      spec: { replicas: 5 },
    });
  });

  it("keeps the wanted value of a field that does not live", () => {
    const wanted = { spec: { paused: true } };
    assert.deepEqual(leaveIgnoredFields(wanted, live("mine"), ["spec.paused"], "mine"), wanted);
  });
});

describe("isOwnedByOthersOnly()", () => {
  it("is false for a field that nobody owns and for a shared one", () => {
    const object = {
      metadata: {
        managedFields: [entry("mine", "Apply", replicas), entry("b", "Update", replicas)],
      },
    };
    assert.equal(managedFieldsOf(object).length, 2);
    assert.equal(isOwnedByOthersOnly(object, ["spec", "replicas"], "mine"), false);
    assert.equal(isOwnedByOthersOnly(object, ["spec", "image"], "mine"), false);
    assert.equal(isOwnedByOthersOnly(object, ["spec", "replicas"], "other"), true);
  });
});
