// How an endpoint's versions share its traffic: what is refused.
import assert from "node:assert/strict";
import { sentence } from "../../../values/argument-error";
import { validateTraffic } from "../../../validation/endpoint/traffic";
import { UNKNOWN } from "../../../values/unknown";

const refused = (versions: Parameters<typeof validateTraffic>[0]): string[] =>
  validateTraffic(versions).map(sentence);

describe("validateTraffic()", () => {
  it("accepts a single version, default or not said", () => {
    assert.deepEqual(refused({ blue: {} }), []);
    assert.deepEqual(refused({ blue: { isDefault: true } }), []);
  });

  it("refuses a single version that is not to be the default", () => {
    assert.deepEqual(refused({ blue: { isDefault: false } }), [
      "versions.blue.isDefault must be true or unset for the only version: it is false",
    ]);
  });

  it("refuses a sum above 100, and says how it comes about", () => {
    const versions = {
      blue: { isDefault: true, trafficPercentile: 50 },
      green: { trafficPercentile: 33.5 },
      red: { trafficPercentile: 16.51 },
    };
    assert.deepEqual(refused(versions), [
      "versions must have a total trafficPercentile of at most 100: blue 50 + green 33.5 + red 16.51 = 100.01",
    ]);
  });

  it("accepts thirds that sum to 100 only in decimal", () => {
    const versions = {
      a: { isDefault: true, trafficPercentile: 33.3 },
      b: { trafficPercentile: 33.3 },
      c: { trafficPercentile: 33.4 },
    };
    assert.deepEqual(refused(versions), []);
  });

  it("refuses a second Control", () => {
    assert.deepEqual(refused({ a: { isDefault: true, isControl: true }, b: { isControl: true } }), [
      "versions must have at most one with isControl set to true: a and b have",
    ]);
  });

  it("refuses none and seven versions", () => {
    assert.deepEqual(refused({}), ["versions must be 1 to 6 versions: there are 0"]);
    const seven = Object.fromEntries([..."abcdefg"].map((name) => [name, {}]));
    assert.deepEqual(refused({ ...seven, a: { isDefault: true } }), [
      "versions must be 1 to 6 versions: there are 7",
    ]);
  });

  it("refuses several versions without a default, as when the default is removed", () => {
    assert.deepEqual(refused({ blue: {}, green: {} }), [
      "versions must have exactly one with isDefault set to true: none has",
    ]);
  });

  it("refuses two defaults", () => {
    assert.deepEqual(refused({ blue: { isDefault: true }, green: { isDefault: true } }), [
      "versions must have exactly one with isDefault set to true: blue and green have",
    ]);
  });

  it("waits for what is unknown", () => {
    assert.deepEqual(refused({ blue: { isDefault: UNKNOWN }, green: {} }), []);
    assert.deepEqual(refused({ blue: { isDefault: true }, green: { isDefault: UNKNOWN } }), []);
  });
});
