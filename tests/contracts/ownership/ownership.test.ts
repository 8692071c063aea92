import assert from "node:assert/strict";
import { parseAssignment } from "../../../contracts/ownership/assignment";
import {
  type LeaseObject,
  leaseHolder,
  OWNERSHIP_ANNOTATION,
  parseLease,
  renderLease,
  type RouterLease,
} from "../../../contracts/ownership/router-lease";

const router = {
  id: "router-a/uid-a/1",
  address: "10.0.0.1:9000",
  seed: "router-a.3",
  isLeaving: false,
};
const assignment = { epoch: 4, routers: [router] };

describe("parseAssignment()", () => {
  it("reads what was written", () => {
    assert.deepEqual(parseAssignment(JSON.stringify(assignment)), { ok: true, assignment });
  });

  const illegal: readonly (readonly [unknown, RegExp])[] = [
    [[], /^assignment must be an object as JSON: it is \[\]/],
    [{ ...assignment, epoch: 0 }, /^epoch must be a whole number from 1: it is 0/],
    [{ epoch: 1 }, /^routers must be a list of at most 64: it is missing/],
    [{ epoch: 1, routers: [null] }, /^routers\[0\] must be an object: it is null/],
    [
      { epoch: 1, routers: [{ ...router, id: "a" }] },
      /^routers\[0\]\.id must be <pod>\/<uid>\/<term>/,
    ],
    [{ epoch: 1, routers: [router, router] }, /^routers\[1\]\.id must be listed once/],
    [
      { epoch: 1, routers: [{ ...router, address: "x" }] },
      /^routers\[0\]\.address must be <host>:<port>/,
    ],
    [
      { epoch: 1, routers: [{ ...router, seed: 1 }] },
      /^routers\[0\]\.seed must be a text: it is 1/,
    ],
    [
      { epoch: 1, routers: [{ ...router, isLeaving: 0 }] },
      /^routers\[0\]\.isLeaving must be true or false/,
    ],
  ];
  for (const [value, message] of illegal) {
    it(`says ${message.source}`, () => {
      const parsed = parseAssignment(JSON.stringify(value));
      assert.match(parsed.ok ? "" : parsed.message, message);
    });
  }

  it("says that a text isn't JSON", () => {
    assert.deepEqual(parseAssignment("{"), {
      ...{ ok: false, message: "assignment must be an object as JSON: it is missing" },
    });
  });
});

describe("parseLease()", () => {
  const lease: RouterLease = {
    ...{ holder: "router-a/uid-a", process: "x", term: 2, renewal: 7 },
    ...{ members: ["router-a/uid-a/2", "router-b/uid-b/1"], former: { term: 1, renewal: 4 } },
  };

  it("reads what was written, held and fenced", () => {
    assert.deepEqual(parseLease(renderLease(lease)), { ok: true, lease });
    assert.equal(leaseHolder(lease), "router-a/uid-a/2");
    const fenced = { ...lease, holder: "", lastReport: 0 };
    assert.deepEqual(parseLease(renderLease(fenced)), { ok: true, lease: fenced });
    assert.equal(leaseHolder(fenced), undefined);
  });

  const illegal: readonly (readonly [LeaseObject | object, RegExp])[] = [
    [{}, /must be an object as JSON/],
    [{ metadata: { annotations: { [OWNERSHIP_ANNOTATION]: "{" } } }, /must be an object as JSON/],
    [{ holder: "router-a" }, /^holderIdentity must be <pod>\/<uid> or empty: it is "router-a"/],
    [{ members: ["b"] }, /^members must be a list of/],
    [{ process: 1 }, /^process must be a text: it is 1/],
    [{ term: 0 }, /^term, renewal or lastReport must be whole numbers/],
    [{ renewal: 1.5 }, /^term, renewal or lastReport must be/],
    [{ lastReport: -1 }, /^term, renewal or lastReport must be/],
    [{ former: { term: 1 } }, /^former must be whole numbers/],
  ];
  for (const [change, message] of illegal) {
    it(`says ${message.source} for ${JSON.stringify(change)}`, () => {
      const isObject = "metadata" in change || Object.keys(change).length === 0;
      const object = isObject ? change : renderLease({ ...lease, ...change });
      const parsed = parseLease(object);
      assert.match(parsed.ok ? "" : parsed.message, message);
    });
  }
});
