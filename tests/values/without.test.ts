// Copies without what is undefined or null.
import assert from "node:assert/strict";
import { withoutNullsInside } from "../../values/without";

describe("withoutNullsInside()", () => {
  it("leaves out members at any depth, and keeps entries of lists", () => {
    const given = { a: undefined, b: { c: null, d: 0, e: "" }, f: [null, { g: undefined, h: 1 }] };
    assert.deepEqual(withoutNullsInside(given), { b: { d: 0, e: "" }, f: [null, { h: 1 }] });
  });

  it("keeps what is no plain object: a resource refers to others, and to itself", () => {
    class Resource {
      readonly self = this;
      readonly nothing = undefined;
    }
    const promise = Promise.resolve(1);
    const given = { resource: new Resource(), promise };
    const copy = withoutNullsInside(given);
    assert.equal(copy.resource, given.resource);
    assert.equal(copy.promise, promise);
    assert.equal(withoutNullsInside(undefined), undefined);
  });
});
