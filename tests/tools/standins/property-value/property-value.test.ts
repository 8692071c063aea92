/** Marks for secrets and unknowns. */
import assert from "node:assert/strict";
import {
  containsSecret,
  containsUnknown,
  makeSecret,
  stripSecrets,
} from "../../../../tools/standins/property-value/index";
import { fromStruct, toStruct } from "../../../../tools/standins/resource-plugin";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("property values", () => {
  const bag = { a: [1, makeSecret({ b: makeSecret("s") })], c: "d" };

  it("lose their secret marks, however deep", () => {
    assert.deepEqual(stripSecrets(bag), { a: [1, { b: "s" }], c: "d" });
  });

  it("are found to hold secrets and unknowns anywhere", () => {
    assert.ok(containsSecret(bag) && !containsSecret({ a: [1] }));
    assert.ok(containsUnknown({ a: [makeSecret(unknown)] }) && !containsUnknown(bag));
  });

  it("travel unchanged, except that undefined members stay behind", () => {
    assert.deepEqual(fromStruct(toStruct({ ...bag, e: undefined, f: null })), { ...bag, f: null });
  });

  it("are marked as secret once only", () => {
    assert.deepEqual(makeSecret(makeSecret(1)), makeSecret(1));
  });
});
