// Input errors: all at once, unknown values passed over, names not changeable.
import assert from "node:assert/strict";
import {
  findChangedNames,
  findFailures,
  isIntegerFrom,
  isLabelName,
  optional,
} from "../../values/check-failures";
import { hasUnknown, UNKNOWN } from "../../values/unknown";

describe("findFailures()", () => {
  const rules = { name: isLabelName, replicas: isIntegerFrom(1, 5), extra: optional(isLabelName) };

  it("names every property that is illegal, its value and what is legal", () => {
    const reasons = findFailures({ name: "A b", replicas: 0 }, rules).map(({ reason }) => reason);
    assert.deepEqual(reasons, [
      'name must be 1 to 63 lower-case letters, digits and hyphens, with no hyphen at either end: it is "A b"',
      "replicas must be a whole number from 1 to 5: it is 0",
    ]);
  });

  it("names what is missing, but not what may be", () => {
    const reasons = findFailures({ replicas: 1 }, rules).map(({ reason }) => reason);
    assert.equal(reasons.length, 1);
    assert.match(reasons[0] ?? "", /^name must be .*: it is missing$/);
  });

  it("passes over what a preview can't know", () => {
    assert.deepEqual(findFailures({ name: UNKNOWN, replicas: UNKNOWN }, rules), []);
  });

  it("never names a property to the engine, which would print its value", () => {
    assert.deepEqual(
      findFailures({}, rules).map(({ property }) => property),
      ["", ""],
    );
  });
});

describe("findChangedNames()", () => {
  it("refuses another namespace, but nothing on creation or for unknown values", () => {
    const refused = findChangedNames({ namespace: "a" }, { namespace: "b" }, ["namespace"]);
    assert.match(refused[0]?.reason ?? "", /^namespace can't be changed from "a" to "b"/);
    assert.deepEqual(findChangedNames({}, { namespace: "b" }, ["namespace"]), []);
    assert.deepEqual(
      findChangedNames({ namespace: "a" }, { namespace: UNKNOWN }, ["namespace"]),
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
