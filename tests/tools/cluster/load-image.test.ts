// The name under which containerd looks for an image by digest.
import assert from "node:assert/strict";
import { HAPROXY_IMAGE } from "../../../contracts/pods/pod-defaults";
import { digestName } from "../../../tools/cluster/load-image";

describe("digestName()", () => {
  it("is whole, and without the tag", () => {
    const digest = HAPROXY_IMAGE.split("@")[1] ?? "";
    assert.equal(digestName(HAPROXY_IMAGE), `docker.io/library/haproxy@${digest}`);
  });
});
