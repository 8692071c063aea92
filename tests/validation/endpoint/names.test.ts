// Names of endpoints, versions and their objects.
import assert from "node:assert/strict";
import fc from "fast-check";
import { ENDPOINT_ARGUMENTS } from "../../../validation/endpoint/endpoint-arguments";
import { validateArgument } from "../../../values/argument-table";
import { validateServiceName, versionObjectName } from "../../../validation/endpoint/names";

describe("validateServiceName()", () => {
  for (const name of ["abc", "a-1", "churn-2024", "a".repeat(32)]) {
    it(`accepts ${name}`, () => assert.deepEqual(validateServiceName("x", name), []));
  }
  for (const name of ["ab", "1ab", "abc-", "Abc", "a_b", "a".repeat(33), ""]) {
    it(`refuses "${name}"`, () => assert.equal(validateServiceName("x", name).length, 1));
  }
});

describe("namespace", () => {
  const validate = (namespace: unknown) =>
    validateArgument("namespace", namespace, ENDPOINT_ARGUMENTS.namespace, undefined);
  for (const namespace of [undefined, "default", "1", "a".repeat(63)]) {
    it(`accepts ${namespace}`, () => assert.deepEqual(validate(namespace), []));
  }
  for (const namespace of ["", "-a", "a-", "A", "a".repeat(64), 7]) {
    it(`refuses ${JSON.stringify(namespace)}`, () => assert.equal(validate(namespace).length, 1));
  }
});

describe("versionObjectName()", () => {
  it("keeps endpoint a-b, version c apart from endpoint a, version b-c", () => {
    assert.notEqual(versionObjectName("a-b", "c"), versionObjectName("a", "b-c"));
  });

  it("is readable: endpoint, version, five hex digits", () => {
    assert.match(versionObjectName("churn", "blue"), /^churn-blue-[0-9a-f]{5}$/);
  });

  it("is a legal name of a Service for every legal endpoint and version", () => {
    const name = fc.stringMatching(/^[a-z][-a-z0-9]{1,30}[a-z0-9]$/);
    fc.assert(
      fc.property(name, name, (endpoint, version) => {
        const objectName = versionObjectName(endpoint, version);
        assert.match(objectName, /^[a-z]([-a-z0-9]*[a-z0-9])?$/);
        assert.ok(objectName.length <= 63);
      }),
    );
  });
});
