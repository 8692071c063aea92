// Which router looks after an endpoint.

import assert from "node:assert/strict";
import { belongsToRouter } from "../../../contracts/model-endpoint/belongs-to-router";

describe("belongsToRouter()", () => {
  it("takes endpoints that name this router's namespace, and those that name none", () => {
    assert.ok(belongsToRouter({ spec: { routerNamespace: "aml" } }, "aml"));
    assert.ok(belongsToRouter({ spec: {} }, "aml"));
  });

  it("leaves another router's endpoints alone", () => {
    assert.ok(!belongsToRouter({ spec: { routerNamespace: "other" } }, "aml"));
  });

  it("takes all for a router that does not know its namespace", () => {
    assert.ok(belongsToRouter({ spec: { routerNamespace: "other" } }, undefined));
  });
});
