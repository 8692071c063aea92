// Whether the routers serve an endpoint: refused ones are found at once, a status that lags is no finding.
import assert from "node:assert/strict";
import { API_VERSION, KIND } from "../../../../contracts/model-endpoint/model-endpoint";
import { KubeClient } from "../../../../kubernetes/io/kube-client";
import { findUnserved } from "../../../../provider/endpoint-route/io/find-unserved";
import { setUpApiServer } from "../../../support/api-server";

const LOCATOR = { apiVersion: API_VERSION, kind: KIND, namespace: "ns" };
const condition = (status: string, message: string, observedGeneration = 2) => ({
  ...{ type: "Accepted", status, reason: "R", message, observedGeneration },
  lastTransitionTime: "",
});

describe("findUnserved()", () => {
  let client: KubeClient;
  /** What the next looks find; the last one stays. */
  let found: object[];
  setUpApiServer(
    (_request, response) => {
      const status = found.length > 1 ? found.shift() : found[0];
      response.end(JSON.stringify({ metadata: { name: "churn", generation: 2 }, status }));
    },
    ({ server }) => (client = KubeClient.fromKubeConfig(server.kubeconfig)),
  );

  async function find(...statuses: object[]) {
    found = statuses;
    let nowMs = 0;
    const clock = {
      now: () => nowMs,
      sleep: (ms: number) => {
        nowMs += ms;
        return Promise.resolve();
      },
    };
    return { why: await findUnserved(client, LOCATOR, "churn", clock), nowMs };
  }

  it("finds nothing of an endpoint that is served, or that nobody has looked at", async () => {
    assert.deepEqual(await find({ appliedGeneration: 2 }), { why: undefined, nowMs: 0 });
    found = [];
    assert.equal(await findUnserved(client, LOCATOR, "churn"), undefined);
  });

  it("finds a refused one at once, with the reason", async () => {
    const { why, nowMs } = await find({ conditions: [condition("False", "the name is taken.")] });
    assert.equal(why, "the routers don't serve it as declared: the name is taken");
    assert.equal(nowMs, 0);
  });

  it("waits for a status that lags, and no longer than five seconds", async () => {
    const behind = { appliedGeneration: 1, conditions: [condition("True", "", 1)] };
    assert.equal((await find(behind, behind, { appliedGeneration: 2 })).why, undefined);
    const down = { conditions: [condition("Unknown", "No router is ready.")] };
    const { why, nowMs } = await find(down);
    assert.equal(why, "the routers don't serve it as declared: No router is ready");
    assert.ok(nowMs >= 5_000 && nowMs < 6_000);
  });
});
