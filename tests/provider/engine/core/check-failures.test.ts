// Argument errors at Pulumi's edge.
import assert from "node:assert/strict";
import { checkFailures } from "../../../../provider/engine/core/check-failures";

describe("checkFailures()", () => {
  it("never names a property to the engine, which would print its value", () => {
    assert.deepEqual(checkFailures([{ path: "ssl.privateKeyPem", reason: "is required" }]), [
      { property: "", reason: "ssl.privateKeyPem is required" },
    ]);
  });
});
