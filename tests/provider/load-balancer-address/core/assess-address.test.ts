// assessAddress(): when the address in a Service's status counts, as timelines of what a cloud does.
import assert from "node:assert/strict";
import { type Event } from "../../../../kubernetes/core/workload";
import {
  type AddressQuestion,
  assessAddress,
  newestWarnings,
} from "../../../../provider/load-balancer-address/core/assess-address";
import {
  addressOf,
  type Service,
} from "../../../../provider/load-balancer-address/core/load-balancer-service";

/** Seconds after midnight, as the API server writes them. */
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();

interface Given {
  readonly type?: string;
  readonly ip?: string;
  readonly deleted?: boolean;
  /** When it was declared last, and when its status was written. */
  readonly declared?: number;
  readonly status?: number;
  readonly kept?: boolean;
}

function service(given: Given = {}): Service {
  const { type = "LoadBalancer", ip, deleted = false, declared = 100, status, kept = true } = given;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "router",
      namespace: "n",
      ...(deleted ? { deletionTimestamp: at(0) } : {}),
      ...(kept ? { finalizers: ["service.kubernetes.io/load-balancer-cleanup"] } : {}),
      managedFields: [
        { manager: "pulumi", time: at(declared), fieldsV1: { "f:spec": { "f:ports": {} } } },
        // The cloud's finalizer is no declaration.
        {
          manager: "cloud",
          time: at(declared + 5000),
          fieldsV1: { "f:metadata": { "f:finalizers": {} } },
        },
        ...(status === undefined
          ? []
          : [
              {
                manager: "cloud",
                subresource: "status",
                time: at(status),
                fieldsV1: { "f:status": {} },
              },
            ]),
      ],
    },
    spec: { type },
    status: { loadBalancer: ip === undefined ? {} : { ingress: [{ ip }] } },
  };
}

function event(reason: string, seconds: number, message = ""): Event {
  const type = reason.endsWith("Failed") ? "Warning" : "Normal";
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: reason, namespace: "n" },
    involvedObject: {},
    reason,
    message,
    type,
    lastTimestamp: at(seconds),
  };
}

function assess(live: Service | undefined, given: Partial<AddressQuestion> = {}) {
  const { kind, ...rest } = assessAddress({
    service: live,
    events: [],
    mayBeFormer: true,
    waitedMs: 0,
    timeoutMs: 600_000,
    nowMs: Date.parse(at(101)),
    ...given,
  });
  return `${kind} ${Object.values(rest).join()}`;
}

describe("assessAddress()", () => {
  it("takes an address that was written after the Service was declared", () => {
    assert.equal(assess(service({ ip: "192.0.2.1", status: 110 })), "ready 192.0.2.1");
  });

  it("waits while there is none", () => {
    assert.equal(assess(service()), "waiting it has no address");
    assert.equal(assess(service({ status: 110 })), "waiting it has no address");
  });

  it("takes any address when the program asks for nothing else than before", () => {
    const events = [event("EnsuringLoadBalancer", 120), event("SyncLoadBalancerFailed", 121)];
    const live = service({ ip: "192.0.2.1", status: 50 });
    assert.equal(assess(live, { mayBeFormer: false, events }), "ready 192.0.2.1");
  });

  it("doesn't take the former address until the cloud is done with the change", () => {
    const former = service({ ip: "192.0.2.1", status: 50 });
    const waiting = "waiting it still has its former address 192.0.2.1";
    const events = [event("EnsuringLoadBalancer", 40), event("EnsuredLoadBalancer", 50)];
    assert.equal(assess(former, { events }), waiting);
    events.push(event("EnsuringLoadBalancer", 101));
    assert.equal(assess(former, { events }), waiting);
    events.push(event("SyncLoadBalancerFailed", 110));
    assert.equal(assess(former, { events, waitedMs: 700_000 }), waiting);
    events.push(event("EnsuringLoadBalancer", 115), event("EnsuredLoadBalancer", 130));
    // The same address again, as after a change of the DNS label: nobody writes the status.
    assert.equal(assess(former, { events }), "settling 192.0.2.1");
    const moved = service({ ip: "10.0.0.4", status: 131 });
    assert.equal(assess(moved, { events }), "ready 10.0.0.4");
  });

  it("takes an attempt that began and ended in one second for done", () => {
    const events = [event("EnsuredLoadBalancer", 100), event("EnsuringLoadBalancer", 100)];
    const live = service({ ip: "192.0.2.1", status: 50 });
    assert.equal(assess(live, { events }), "settling 192.0.2.1");
  });

  it("doesn't wait long for a controller that tells nothing, and for a cloud's as long as it may take", () => {
    const silent = (kept: boolean, given: Partial<AddressQuestion>) =>
      assess(service({ ip: "192.0.2.1", status: 50, kept }), given).split(" ")[0];
    assert.equal(silent(false, { waitedMs: 5_000 }), "waiting");
    assert.equal(silent(false, { waitedMs: 10_000 }), "ready");
    assert.equal(silent(true, { waitedMs: 590_000 }), "waiting");
    assert.equal(silent(true, { waitedMs: 600_000 }), "ready");
    // Declared long ago: its events have expired.
    assert.equal(silent(true, { nowMs: Date.parse(at(10_000)) }), "ready");
  });

  it("doesn't wait for what a wait won't bring", () => {
    const remedy = ": pulumi up --refresh corrects that";
    assert.equal(assess(undefined), `wrong doesn't exist${remedy}`);
    assert.equal(assess(service({ deleted: true })), `wrong is being deleted${remedy}`);
    const edited = service({ type: "ClusterIP" });
    assert.equal(assess(edited), `wrong is of type ClusterIP instead of LoadBalancer${remedy}`);
  });
});

describe("addressOf()", () => {
  it("is the name or the address, as a URL has it", () => {
    const withIngress = (...ingress: readonly object[]) =>
      addressOf({ ...service(), status: { loadBalancer: { ingress } } });
    assert.equal(withIngress({ ip: "192.0.2.1" }, { ip: "192.0.2.2" }), "192.0.2.1");
    assert.equal(withIngress({ ip: "2001:db8::1" }), "[2001:db8::1]");
    assert.equal(withIngress({ hostname: "lb.example", ip: "192.0.2.1" }), "lb.example");
    assert.equal(withIngress(), undefined);
  });
});

describe("newestWarnings()", () => {
  it("tells the two newest, each once, on one line", () => {
    const warnings = newestWarnings([
      event("SyncLoadBalancerFailed", 1, "old"),
      event("SyncLoadBalancerFailed", 5, "quota:\n  0 of 10"),
      event("SyncLoadBalancerFailed", 4, "quota: 0 of 10"),
      event("EnsuringLoadBalancer", 6),
      event("UpdateLoadBalancerFailed", 3, "hosts"),
    ]);
    assert.deepEqual(warnings, [
      "SyncLoadBalancerFailed: quota: 0 of 10",
      "UpdateLoadBalancerFailed: hosts",
    ]);
  });
});
