// Writes to the API server: one per key, a bounded number at all, later again after a failure.

import assert from "node:assert/strict";
import { BoundedWriter } from "../../../../../serving/autoscaler/loop/io/bounded-writer";

describe("BoundedWriter", () => {
  it("runs one write per key at a time, and so many at all", async () => {
    const writer = new BoundedWriter(2, () => 0);
    const gate = Promise.withResolvers<boolean>();
    const ran: string[] = [];
    for (const key of ["a", "a", "b", "c"]) {
      writer.offer(key, () => {
        ran.push(key);
        return gate.promise;
      });
    }
    assert.deepEqual(ran, ["a", "b"]);
    gate.resolve(true);
    await writer.idle();
    assert.ok(writer.accepts("a"));
    assert.ok(writer.accepts("c"));
  });

  it("waits longer after each failure, and not at all after a success", async () => {
    let nowMs = 0;
    const writer = new BoundedWriter(1, () => nowMs);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 9; attempt += 1) {
      writer.offer("a", () =>
        attempt === 0 ? Promise.reject(new Error()) : Promise.resolve(false),
      );
      await writer.idle();
      const failedAtMs = nowMs;
      while (!writer.accepts("a")) nowMs += 500;
      waits.push(nowMs - failedAtMs);
    }
    assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
    writer.offer("a", () => Promise.resolve(true));
    await writer.idle();
    writer.offer("a", () => Promise.resolve(false));
    await writer.idle();
    assert.ok(!writer.accepts("a"));
    nowMs += 500;
    assert.ok(writer.accepts("a"));
  });

  it("does not let one key's failure hold another's", async () => {
    const writer = new BoundedWriter(1, () => 0);
    writer.offer("a", () => Promise.resolve(false));
    await writer.idle();
    assert.ok(writer.accepts("b"));
  });
});
