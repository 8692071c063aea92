// The end of a Secret's name: the same while the data are, and never one that was there before.
import assert from "node:assert/strict";
import { operations } from "../../../provider/secret-name/operations";
import { UNKNOWN } from "../../../values/unknown";

describe("SecretName", () => {
  it("stays while the data do, also when a preview doesn't know them", async () => {
    const { id, outs } = await operations.create({ data: { KEY: "a" } });
    assert.match(outs.suffix, /^[0-9a-f]{10}$/);
    assert.deepEqual(await operations.diff(id, outs, { data: { KEY: "a" } }), { changes: false });
    assert.deepEqual(await operations.diff(id, outs, { data: { KEY: UNKNOWN } }), {
      changes: true,
    });
    assert.deepEqual(await operations.update(id, outs, { data: { KEY: "a" } }), { outs });
  });

  it("changes with the data, and comes back with none", async () => {
    const { id, outs } = await operations.create({ data: { KEY: "a" } });
    assert.deepEqual(await operations.diff(id, outs, { data: { KEY: "b" } }), { changes: true });
    const other = await operations.update(id, outs, { data: { KEY: "b" } });
    const again = await operations.update(id, other.outs, { data: { KEY: "a" } });
    const names = [outs, other.outs, again.outs].map(({ suffix }) => suffix);
    assert.equal(new Set(names).size, 3);
  });
});
