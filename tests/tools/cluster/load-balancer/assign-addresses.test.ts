// assignAddresses(): who gets which address, tables and properties.
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  assignAddresses,
  type ServiceView,
} from "../../../../tools/cluster/load-balancer/assign-addresses";

const range = ["127.0.10.1", "127.0.10.2", "127.0.10.3"];

const service = (name: string, more: Partial<ServiceView> = {}): ServiceView => ({
  namespace: "default",
  name,
  type: "LoadBalancer",
  createdAt: 0,
  ...more,
});
const gets = (name: string, address: string | undefined) => ({
  namespace: "default",
  name,
  address,
});

/** What the statuses are once the changes are written. */
function applied(services: readonly ServiceView[]): ServiceView[] {
  const { changes } = assignAddresses(services, range);
  return services.map((before) => {
    const change = changes.find(({ name }) => name === before.name);
    if (change === undefined) return before;
    return { ...before, currentAddress: change.address };
  });
}

describe("assignAddresses()", () => {
  it("gives the lowest free addresses, to the oldest first", () => {
    const services = [service("young", { createdAt: 2 }), service("old", { createdAt: 1 })];
    assert.deepEqual(assignAddresses(services, range).changes, [
      gets("young", "127.0.10.2"),
      gets("old", "127.0.10.1"),
    ]);
  });

  it("changes nothing for a Service that has an address, whoever came before", () => {
    const services = [
      service("holder", { createdAt: 2, currentAddress: "127.0.10.1" }),
      service("old", { createdAt: 1 }),
    ];
    assert.deepEqual(assignAddresses(services, range).changes, [gets("old", "127.0.10.2")]);
  });

  it("gives the requested address, and moves a Service that asks for another one", () => {
    const services = [
      service("a", { requestedAddress: "127.0.10.3" }),
      service("b", { requestedAddress: "127.0.10.2", currentAddress: "127.0.10.1" }),
    ];
    assert.deepEqual(assignAddresses(services, range).changes, [
      gets("a", "127.0.10.3"),
      gets("b", "127.0.10.2"),
    ]);
  });

  it("says who holds a requested address, and which addresses are legal", () => {
    const services = [
      service("holder", { currentAddress: "127.0.10.1" }),
      service("late", { requestedAddress: "127.0.10.1", currentAddress: "127.0.10.2" }),
      service("outside", { requestedAddress: "10.0.0.1", currentAddress: "127.0.10.3" }),
    ];
    assert.deepEqual(assignAddresses(services, range).problems, [
      "default/late: spec.loadBalancerIP 127.0.10.1 is taken by default/holder",
      "default/outside: spec.loadBalancerIP must be 127.0.10.1 to 127.0.10.3: it is 10.0.0.1",
    ]);
  });

  it("says that the range is used up", () => {
    const services = ["a", "b", "c", "d"].map((name) => service(name));
    assert.deepEqual(assignAddresses(services, range).problems, [
      "default/d: all addresses of 127.0.10.1 to 127.0.10.3 are taken",
    ]);
  });

  it("takes the address from a Service that is no LoadBalancer any more", () => {
    const services = [
      service("was", { type: "ClusterIP", currentAddress: "127.0.10.1" }),
      service("new"),
    ];
    assert.deepEqual(assignAddresses(services, range).changes, [
      gets("was", undefined),
      gets("new", "127.0.10.1"),
    ]);
  });

  it("gives a Service that must move another address, and never keeps one for that reason", () => {
    const moving = service("a", { currentAddress: "127.0.10.1", mustMove: true });
    assert.deepEqual(assignAddresses([moving], range).changes, [gets("a", "127.0.10.2")]);
    assert.deepEqual(assignAddresses([moving], ["127.0.10.1"]).changes, []);
  });

  it("leaves Services of other types and of other load balancers alone", () => {
    const services = [
      service("plain", { type: "ClusterIP" }),
      service("other", { loadBalancerClass: "example.com/lb", currentAddress: "192.0.2.1" }),
    ];
    assert.deepEqual(assignAddresses(services, range).changes, []);
  });

  const anyAddress = fc.constantFrom(undefined, ...range, "192.0.2.1");
  const anyServices = fc
    .array(
      fc.record({
        type: fc.constantFrom("LoadBalancer", "ClusterIP"),
        createdAt: fc.nat(3),
        requestedAddress: anyAddress,
        currentAddress: anyAddress,
      }),
      { maxLength: 6 },
    )
    .map((all) =>
      all.map(({ type, createdAt, requestedAddress, currentAddress }, index) =>
        service(`s${index}`, {
          type,
          createdAt,
          ...(requestedAddress === undefined ? {} : { requestedAddress }),
          ...(currentAddress === undefined ? {} : { currentAddress }),
        }),
      ),
    );

  it("never gives one address to two Services, and only addresses of the range", () => {
    fc.assert(
      fc.property(anyServices, (services) => {
        const given = applied(services).flatMap(({ currentAddress }) => currentAddress ?? []);
        assert.equal(new Set(given).size, given.length);
        assert.ok(given.every((address) => range.includes(address)));
      }),
    );
  });

  it("has nothing to do once its changes are written", () => {
    fc.assert(
      fc.property(anyServices, (services) => {
        assert.deepEqual(assignAddresses(applied(services), range).changes, []);
      }),
    );
  });

  it("does not depend on the order of the Services", () => {
    fc.assert(
      fc.property(anyServices, (services) => {
        const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
        assert.deepEqual(
          [...assignAddresses([...services].reverse(), range).changes].sort(byName),
          [...assignAddresses(services, range).changes].sort(byName),
        );
      }),
    );
  });
});
