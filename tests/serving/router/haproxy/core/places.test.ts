// How many connections, requests and versions a router has room for.
import assert from "node:assert/strict";
import { MAX_PROBES, placesOf } from "../../../../../serving/router/haproxy/core/places";

const MIB = 1024 * 1024;

describe("placesOf()", () => {
  it("follows the memory where there are files enough, and the files otherwise", () => {
    assert.deepEqual(placesOf({ files: 1_048_576, memoryBytes: 2048 * MIB }), {
      maxClients: 1_581,
      maxStreams: 3_276,
      maxVersions: 5_825,
    });
    assert.deepEqual(placesOf({ files: 1_048_576, memoryBytes: 2048 * MIB, hasTls: true }), {
      maxClients: 1_369,
      maxStreams: 1_872,
      maxVersions: 5_825,
    });
    assert.deepEqual(placesOf({ files: 20_000, memoryBytes: 2048 * MIB }), {
      maxClients: 1_581,
      maxStreams: 2_071,
      maxVersions: 1_000,
    });
    assert.equal(placesOf({ files: 1_048_576 }).maxVersions, 10_000);
    assert.deepEqual(placesOf({ files: 1_024 }), {
      maxClients: 80,
      maxStreams: 80,
      maxVersions: 51,
    });
  });

  it("never promises more connections than HAProxy has with so many files", () => {
    for (const files of [20_000, 65_536, 1_048_576]) {
      const { maxClients, maxVersions } = placesOf({ files });
      // A request has three of them, and a plug two; HAProxy takes two files for each.
      const connections = 3 * maxClients + 2 * maxVersions + MAX_PROBES;
      assert.ok(2 * connections <= files, `${connections} of ${files}`);
    }
  });
});
