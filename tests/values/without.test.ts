// Copies without some fields.
import assert from "node:assert/strict";
import { withoutUnset } from "../../values/without";

describe("withoutUnset()", () => {
  it("drops undefined and null in objects at any depth, and leaves lists and instances alone", () => {
    const list = [null, { inner: undefined }];
    const instance = new Date(0);
    const given = { a: undefined, b: { c: null, d: { e: 0, f: undefined } }, list, instance };
    const copy = withoutUnset(given);
    assert.deepEqual(copy, { b: { d: { e: 0 } }, list, instance });
    assert.equal(copy.instance, instance);
  });
});
