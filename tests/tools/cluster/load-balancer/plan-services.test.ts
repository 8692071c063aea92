// planServices(): which Services the load balancer looks at, and which of them move.
import assert from "node:assert/strict";
import type { V1Service } from "@kubernetes/client-node";
import {
  FINALIZER,
  planServices,
  type Served,
  servedAs,
} from "../../../../tools/cluster/load-balancer/plan-services";

const INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal";

function service(
  spec: V1Service["spec"] = {},
  metadata: V1Service["metadata"] = {},
  ip = "127.0.10.1",
): V1Service {
  return {
    metadata: { name: "a", namespace: "n", uid: "u", ...metadata },
    spec: { type: "LoadBalancer", ...spec },
    status: { loadBalancer: { ingress: [{ ip }] } },
  };
}

function plan(live: V1Service, served?: Served, nowMs = 0) {
  const [only] = planServices([live], new Map(served ? [["u", served]] : []), nowMs);
  return `${only?.action}${only?.view.mustMove === true ? ", moves" : ""}`;
}

describe("planServices()", () => {
  it("looks at a Service once, and again after a change of its spec or annotations", () => {
    assert.equal(plan(service()), "ensure");
    const served = servedAs(service());
    assert.equal(plan(service(), served), "nothing");
    assert.equal(plan(service({}, { labels: { a: "b" } }), served), "nothing");
    assert.equal(plan(service({ ports: [{ port: 81 }] }), served), "ensure");
    assert.equal(plan(service({}, { annotations: { a: "b" } }), served), "ensure");
  });

  it("moves a load balancer that becomes internal, or gets another subnet", () => {
    const internal = service({}, { annotations: { [INTERNAL]: "true" } });
    assert.equal(plan(internal, servedAs(service())), "ensure, moves");
    const elsewhere = service(
      {},
      { annotations: { [INTERNAL]: "true", [`${INTERNAL}-subnet`]: "apps" } },
    );
    assert.equal(plan(elsewhere, servedAs(internal)), "ensure, moves");
    assert.equal(plan(elsewhere, servedAs(elsewhere)), "nothing");
    // Whoever has just started knows of no former one.
    assert.equal(plan(internal), "ensure");
  });

  it("tries again some time after a failure", () => {
    const served = servedAs(service(), 1_000);
    assert.deepEqual(
      [5_999, 6_000].map((nowMs) => plan(service(), served, nowMs)),
      ["nothing", "ensure"],
    );
  });

  it("gives up the load balancer of a Service that goes, or that wants none any more", () => {
    const finalizers = [FINALIZER];
    const deletionTimestamp = new Date(0);
    assert.equal(plan(service({}, { finalizers, deletionTimestamp })), "release");
    assert.equal(plan(service({ type: "ClusterIP" }, { finalizers })), "release");
    assert.equal(plan(service({ type: "ClusterIP" })), "nothing");
    assert.equal(plan(service({}, { deletionTimestamp })), "nothing");
    assert.equal(plan(service({ loadBalancerClass: "example.com/lb" })), "nothing");
  });
});
