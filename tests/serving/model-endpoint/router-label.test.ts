// Which router looks after an endpoint.

import assert from "node:assert/strict";
import { belongsToRouter, ROUTER_LABEL } from "../../../serving/model-endpoint/router-label";

describe("belongsToRouter()", () => {
  it("takes endpoints that name this router's namespace, and those that name none", () => {
    assert.ok(belongsToRouter({ metadata: { labels: { [ROUTER_LABEL]: "aml" } } }, "aml"));
    assert.ok(belongsToRouter({ metadata: { labels: {} } }, "aml"));
    assert.ok(belongsToRouter({ metadata: {} }, "aml"));
  });

  it("leaves another router's endpoints alone", () => {
    assert.ok(!belongsToRouter({ metadata: { labels: { [ROUTER_LABEL]: "other" } } }, "aml"));
  });
});
