import assert from "node:assert/strict";
import fc from "fast-check";
import { minorOf, nextVersion } from "../../../../components/cluster/core/version-step";

const running = (asked: string | undefined, current: string | undefined) => ({ asked, current });

describe("nextVersion()", () => {
  it("stays where a declared minor runs, in the words that Azure has", () => {
    assert.deepEqual(nextVersion("1.34", running("1.34.2", "1.34.2")), {
      kind: "there",
      target: "1.34.2",
    });
    assert.deepEqual(nextVersion(undefined, running("1.33", "1.33.5")), {
      kind: "there",
      target: "1.33",
    });
  });

  it("goes up by one minor, and to a later patch", () => {
    assert.deepEqual(nextVersion("1.35", running("1.34", "1.34.2")), {
      kind: "upgrade",
      target: "1.35",
    });
    assert.deepEqual(nextVersion("1.34.4", running("1.34", "1.34.2")), {
      kind: "upgrade",
      target: "1.34.4",
    });
    assert.deepEqual(nextVersion("1.35", running("1.33", "1.33.5")), {
      kind: "step",
      target: "1.34",
    });
  });

  it("never goes back", () => {
    assert.equal(nextVersion("1.33", running("1.34", "1.34.2")).kind, "ahead");
    assert.equal(nextVersion("1.34.1", running("1.34", "1.34.2")).kind, "ahead");
  });

  it("reaches what is declared in steps that AKS takes, from anywhere", () => {
    const version = fc.tuple(fc.integer({ min: 28, max: 40 }), fc.integer({ min: 0, max: 9 }));
    fc.assert(
      fc.property(version, version, ([from, patch], [to]) => {
        let current = `1.${from}.${patch}`;
        for (let run = 0; ; run++) {
          const { kind, target } = nextVersion(`1.${to}`, running(undefined, current));
          if (kind === "there" || kind === "ahead") break;
          assert.ok((minorOf(target) ?? 0) <= (minorOf(current) ?? 0) + 1);
          assert.ok(run <= 12);
          current = `${target ?? ""}.0`;
        }
        assert.equal(minorOf(current), Math.max(from, to));
      }),
    );
  });
});
