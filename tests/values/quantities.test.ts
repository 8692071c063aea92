// Quantities in the form in which Kubernetes gives them back.
import assert from "node:assert/strict";
import { cpuQuantity, memoryQuantity, quantityBytes } from "../../values/quantities";

describe("cpuQuantity()", () => {
  for (const [cores, quantity] of [
    [0.1, "100m"],
    [1, "1"],
    [1.5, "1500m"],
    [0.001, "1m"],
  ] as const) {
    it(`writes ${cores} cores as ${quantity}`, () => assert.equal(cpuQuantity(cores), quantity));
  }
});

describe("memoryQuantity()", () => {
  for (const [gigabytes, quantity] of [
    [0.5, "500M"],
    [2, "2G"],
    [1.2, "1200M"],
    [0.0001, "100k"],
    [0.1000001, "100000100"],
  ] as const) {
    it(`writes ${gigabytes} GB as ${quantity}`, () =>
      assert.equal(memoryQuantity(gigabytes), quantity));
  }
});

describe("quantityBytes()", () => {
  for (const [quantity, bytes] of [
    ["1200Mi", 1200 * 1024 * 1024],
    ["1.5Gi", 1.5 * 1024 ** 3],
    ["1200M", 1.2e9],
    ["1e9", 1e9],
    ["128974848", 128_974_848],
    ["500m", 0.5],
    ["", undefined],
    ["lots", undefined],
  ] as const) {
    it(`reads ${JSON.stringify(quantity)} as ${bytes}`, () =>
      assert.equal(quantityBytes(quantity), bytes));
  }
});
