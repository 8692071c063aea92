// The images that run unless a program names others: exactly those that were released.
import assert from "node:assert/strict";
import { HAPROXY_IMAGE, NODE_IMAGE } from "../../../contracts/pods/pod-defaults";

describe("The default images", () => {
  it("have a whole version, for the reader, and a digest, which decides", () => {
    assert.match(HAPROXY_IMAGE, /^haproxy:3\.4\.\d+@sha256:[0-9a-f]{64}$/);
    assert.match(NODE_IMAGE, /^node:24\.\d+\.\d+@sha256:[0-9a-f]{64}$/);
  });
});
