// Ranges of IPv4 addresses: examples and properties of reading, comparing and overlapping.
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  isInRange,
  parseIpAddress,
  parseIpRange,
  rangesOverlap,
} from "../../../azure/core/ip-range";
import { defaultDnsServiceIp } from "../../../validation/cluster/network-arguments";

describe("parseIpRange()", () => {
  it("takes ranges", () => {
    assert.deepEqual(parseIpRange("10.0.0.0/16"), { first: 0x0a000000, last: 0x0a00ffff });
    assert.deepEqual(parseIpRange("255.255.255.255/32"), { first: 2 ** 32 - 1, last: 2 ** 32 - 1 });
  });

  it("refuses what is none", () => {
    for (const text of [
      "10.0.0.1/16",
      "10.0.0.0",
      "10.0.0.0/33",
      "10.0.0.256/32",
      "::/0",
      "",
      "10.0.0/8",
    ]) {
      assert.equal(parseIpRange(text), undefined, text);
    }
  });
});

describe("rangesOverlap()", () => {
  it("is true exactly when one range holds the other's first address", () => {
    const range = fc
      .tuple(fc.integer({ min: 0, max: 2 ** 16 - 1 }), fc.integer({ min: 16, max: 24 }))
      .map(([start, bits]) => {
        const size = 2 ** (32 - bits);
        const first = Math.floor((start * 65536) / size) * size;
        return { first, last: first + size - 1 };
      });
    fc.assert(
      fc.property(range, range, (one, other) => {
        const expected = isInRange(one.first, other) || isInRange(other.first, one);
        assert.equal(rangesOverlap(one, other), expected);
        assert.equal(rangesOverlap(other, one), expected);
      }),
    );
  });
});

describe("defaultDnsServiceIp()", () => {
  it("is the tenth address of the range", () => {
    assert.equal(defaultDnsServiceIp("10.0.0.0/16"), "10.0.0.10");
    assert.equal(defaultDnsServiceIp("172.20.8.0/22"), "172.20.8.10");
    const range = parseIpRange("172.20.8.0/22");
    const address = parseIpAddress("172.20.8.10");
    assert.ok(range && address !== undefined && isInRange(address, range));
  });
});
