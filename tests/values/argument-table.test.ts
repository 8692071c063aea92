// Tables of arguments: all errors at once, unknown values passed over, what identifies an object unchangeable.
import assert from "node:assert/strict";
import { labelName } from "../../kubernetes/core/argument-rules";
import { sentence } from "../../values/argument-error";
import { integer } from "../../values/argument-rules";
import { validateArguments, validateUnchanged } from "../../values/argument-table";
import { hasUnknown, UNKNOWN } from "../../values/unknown";

describe("validateArguments()", () => {
  const table = {
    name: labelName({ required: true }),
    replicas: integer({ required: true, minimum: 1, maximum: 5 }),
    extra: labelName({}),
  };
  const sentences = (values: Readonly<Record<string, unknown>>) =>
    validateArguments("", values, table, undefined).map(sentence);

  it("names every argument that is illegal, its value and what is legal", () => {
    assert.deepEqual(sentences({ name: "A b", replicas: 0 }), [
      'name must be 1 to 63 lower-case letters, digits and hyphens, with no hyphen at either end: it is "A b"',
      "replicas must be a whole number from 1 to 5: it is 0",
    ]);
  });

  it("names what is missing, but not what may be", () => {
    const found = sentences({ replicas: 1 });
    assert.equal(found.length, 1);
    assert.match(found[0] ?? "", /^name must be .*: it is missing$/);
  });

  it("passes over what a preview can't know", () => {
    assert.deepEqual(sentences({ name: UNKNOWN, replicas: UNKNOWN }), []);
  });
});

describe("validateUnchanged()", () => {
  it("refuses another namespace, but nothing on creation or for unknown values", () => {
    const refused = validateUnchanged({ namespace: "a" }, { namespace: "b" }, ["namespace"]);
    assert.match(
      refused.map(sentence).join(),
      /^namespace can't be changed from "a" to "b": destroy/,
    );
    assert.deepEqual(validateUnchanged({}, { namespace: "b" }, ["namespace"]), []);
    assert.deepEqual(
      validateUnchanged({ namespace: "a" }, { namespace: UNKNOWN }, ["namespace"]),
      [],
    );
  });
});

describe("hasUnknown()", () => {
  it("looks into objects and lists", () => {
    assert.ok(hasUnknown({ a: [{ b: UNKNOWN }] }));
    assert.ok(!hasUnknown({ a: [{ b: null }], c: undefined }));
  });
});
