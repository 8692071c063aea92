// Where a tool comes from, as a table.
import assert from "node:assert/strict";
import {
  chooseSources,
  standInStaysMs,
  type Installed,
  type Situation,
} from "../../../tools/setup/choose-sources";

const nowMs = Date.UTC(2026, 0, 2);
const sources = ["vendor", "prebuilt", "modules", "stand-in"] as const;

function situation(changes: Partial<Situation>): Situation {
  return {
    wantedVersion: "v2",
    sources,
    installed: undefined,
    hasPrebuilt: false,
    nowMs,
    ...changes,
  };
}

function installed(changes: Partial<Installed>): Installed {
  return { version: "v2", source: "modules", installedAtMs: nowMs, ...changes };
}

describe("chooseSources()", () => {
  it("tries every source in its order when nothing is installed and a folder is named", () => {
    assert.deepEqual(chooseSources(situation({ hasPrebuilt: true })), sources);
  });

  it("leaves the prebuilt source out when no folder is named", () => {
    assert.deepEqual(chooseSources(situation({})), ["vendor", "modules", "stand-in"]);
  });

  for (const source of ["vendor", "npm", "prebuilt", "modules"] as const) {
    it(`keeps a real part of the wanted version (${source}), folder or not`, () => {
      const kept = { installed: installed({ source, installedAtMs: 0 }) };
      assert.deepEqual(chooseSources(situation({ ...kept, hasPrebuilt: true })), []);
      assert.deepEqual(chooseSources(situation({ ...kept, hasPrebuilt: false })), []);
    });
  }

  it("installs again when the version changed", () => {
    const before = installed({ version: "v1", source: "vendor" });
    assert.deepEqual(chooseSources(situation({ installed: before, hasPrebuilt: true })), sources);
  });

  it("keeps a stand-in for a day", () => {
    const standIn = { source: "stand-in", installedAtMs: nowMs - standInStaysMs + 1 } as const;
    assert.deepEqual(chooseSources(situation({ installed: installed(standIn) })), []);
  });

  it("asks the vendor again when a stand-in is a day old", () => {
    const standIn = { source: "stand-in", installedAtMs: nowMs - standInStaysMs } as const;
    assert.deepEqual(chooseSources(situation({ installed: installed(standIn) })), [
      "vendor",
      "modules",
      "stand-in",
    ]);
  });

  it("replaces a stand-in at once when a folder of prebuilt tools is named", () => {
    const standIn = installed({ source: "stand-in" });
    assert.deepEqual(chooseSources(situation({ installed: standIn, hasPrebuilt: true })), sources);
  });
});
