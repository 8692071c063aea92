// Which autoscaler looks after endpoints that name no router, as each of several sees it.

import assert from "node:assert/strict";
import {
  chooseScaler,
  LEASE_SILENT_AFTER_MS,
  type SeenLease,
} from "../../../../../serving/autoscaler/leadership/core/choose-scaler";

function seen(namespace: string, creationTimestamp: string): SeenLease {
  const metadata = { name: "aml-inference-autoscaler", namespace, creationTimestamp };
  return { lease: { metadata }, changedAtMs: 0 };
}

const ALL = (namespaces: readonly string[]) => new Set(namespaces);
const OLDER = seen("older", "2026-01-01T00:00:00Z");
const NEWER = seen("newer", "2026-01-02T00:00:00Z");

describe("chooseScaler()", () => {
  it("chooses the only one, also before it sees its own Lease", () => {
    const alone = { isOurs: true, namespaces: ["newer"] };
    assert.deepEqual(chooseScaler([NEWER], "newer", ALL, 0), alone);
    assert.deepEqual(chooseScaler([], "newer", ALL, 0), alone);
    assert.deepEqual(chooseScaler([OLDER], "newer", ALL, 0), alone);
  });

  it("chooses the one with the oldest Lease, as both of two see it, in any order", () => {
    for (const leases of [
      [OLDER, NEWER],
      [NEWER, OLDER],
    ]) {
      const namespaces = ["older", "newer"];
      assert.deepEqual(chooseScaler(leases, "older", ALL, 0), { isOurs: true, namespaces });
      assert.deepEqual(chooseScaler(leases, "newer", ALL, 0), { isOurs: false, namespaces });
    }
  });

  it("chooses by name among Leases of the same second", () => {
    const twin = seen("a-twin", "2026-01-01T00:00:00Z");
    assert.equal(chooseScaler([OLDER, twin], "older", ALL, 0).isOurs, false);
    assert.equal(chooseScaler([OLDER, twin], "a-twin", ALL, 0).isOurs, true);
  });

  it("leaves out one whose Lease wasn't renewed for long", () => {
    const justBefore = LEASE_SILENT_AFTER_MS - 1;
    assert.equal(chooseScaler([OLDER, NEWER], "newer", ALL, justBefore).isOurs, false);
    assert.equal(chooseScaler([OLDER, NEWER], "newer", ALL, LEASE_SILENT_AFTER_MS).isOurs, true);
  });

  it("leaves out Leases that no autoscaler wrote, and asks about living ones only, eldest first", () => {
    const asked: (readonly string[])[] = [];
    const none = (namespaces: readonly string[]) => {
      asked.push(namespaces);
      return new Set<string>();
    };
    const eldest = seen("tenant", "2025-01-01T00:00:00Z");
    const alone = { isOurs: true, namespaces: ["newer"] };
    assert.deepEqual(chooseScaler([OLDER, eldest, NEWER], "newer", none, 0), alone);
    assert.deepEqual(chooseScaler([OLDER, NEWER], "newer", none, LEASE_SILENT_AFTER_MS), alone);
    assert.deepEqual(asked, [["tenant", "older"], []]);
    const real = () => new Set(["older"]);
    const namespaces = ["older", "newer"];
    const chosen = chooseScaler([OLDER, eldest, NEWER], "newer", real, 0);
    assert.deepEqual(chosen, { isOurs: false, namespaces });
  });
});
