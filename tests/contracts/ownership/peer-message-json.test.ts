import assert from "node:assert/strict";
import fc from "fast-check";
import type { PeerMessage, Places, Report } from "../../../contracts/ownership/peer-message";
import {
  MAX_MESSAGE_LENGTH,
  parsePeerMessage,
  renderPeerMessage,
} from "../../../contracts/ownership/peer-message-json";
import { isRouterId } from "../../../contracts/ownership/router-id";

const record = <T>(model: { readonly [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true });
const count = (min: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min, max: 5 }),
    fc.maxSafeInteger().filter((value) => value >= min),
  );
const id = fc
  .stringMatching(/^[a-z0-9][a-z0-9.-]{0,9}\/[A-Za-z0-9-]{1,9}\/[1-9]\d{0,14}$/)
  .filter(isRouterId);
const atMs = fc.double({ min: 0, max: Number.MAX_SAFE_INTEGER, noNaN: true });
const inFlight: fc.Arbitrary<Places> = fc
  .array(
    fc.tuple(
      fc.oneof(fc.stringMatching(/^[!-~]{1,12}$/), fc.constantFrom("__proto__", "7", "toString")),
      fc.integer({ min: 1, max: 1_000_000 }),
    ),
  )
  .map((entries) => new Map(entries));
const report: fc.Arbitrary<Report> = record({
  ...{ sequence: count(0), renewal: count(1), inFlight },
});
const assignment = record({
  epoch: count(1),
  routers: fc.uniqueArray(
    record({
      ...{ id, address: fc.constantFrom("10.0.0.1:9000", "[::1]:1") },
      ...{ seed: fc.string({ minLength: 1 }), isLeaving: fc.boolean() },
    }),
    { selector: (router) => router.id, maxLength: 5 },
  ),
});
const withheld = fc.array(
  record({
    ...{ router: id, remainingMs: fc.double({ min: 0, max: 7_200_000, noNaN: true }) },
    ...{ sequence: count(-1), isComplete: fc.boolean(), inFlight },
  }),
  { maxLength: 3 },
);
const message: fc.Arbitrary<PeerMessage> = fc.oneof(
  record({ from: id, sentAtMs: atMs, assignment, withheld, report }).map(
    ({ report: said, ...rest }) => ({ kind: "ping" as const, ...rest, ...said }),
  ),
  record({ kind: fc.constant("promise" as const), from: id, router: id, sentAtMs: atMs }),
  record({ kind: fc.constant("ask" as const), from: id, router: id, renewal: count(1) }),
  record({ kind: fc.constant("silence" as const), from: id, router: id, renewal: count(1) }),
  record({
    kind: fc.constant("silence" as const),
    from: id,
    router: id,
    renewal: count(1),
    report,
  }),
);

/** Every object and list in a JSON value, itself first. */
function parts(value: unknown): object[] {
  if (typeof value !== "object" || value === null) return [];
  return [value, ...Object.values(value).flatMap(parts)];
}

/** What is legal is legal again, and what isn't has a short message. */
function holds(text: string): void {
  const parsed = parsePeerMessage(text);
  if (parsed.ok) assert.deepEqual(parsePeerMessage(renderPeerMessage(parsed.message)), parsed);
  else assert.match(parsed.message, /^.{1,500} must be .{1,200}$/s);
}

const ping = {
  ...{ kind: "ping", from: "a/uid/1", sequence: 1, renewal: 1, inFlight: {}, sentAtMs: 1 },
  ...{ assignment: { epoch: 1, routers: [] }, withheld: [] },
};
const silence = { kind: "silence", from: "a/uid/1", router: "b/uid/1", renewal: 1 };
const places = {
  ...{ router: "b/uid/1", remainingMs: 1, sequence: 0, isComplete: true, inFlight: {} },
};

describe("parsePeerMessage()", () => {
  it("reads what was written", () => {
    fc.assert(
      fc.property(message, (each) => {
        assert.deepEqual(parsePeerMessage(renderPeerMessage(each)), { ok: true, message: each });
      }),
    );
  });

  it("leaves out members that it doesn't know, wherever they are", () => {
    const added = fc.tuple(message, fc.nat(), fc.jsonValue());
    fc.assert(
      fc.property(added, ([each, at, extra]) => {
        const value: unknown = JSON.parse(renderPeerMessage(each));
        // Members of `inFlight` are replicas.
        const objects = parts(value).filter(
          (part) =>
            !Array.isArray(part) && ["from", "router", "epoch", "id"].some((key) => key in part),
        );
        Object.assign(objects[at % objects.length] ?? {}, { fromTheFuture: extra });
        assert.deepEqual(parsePeerMessage(JSON.stringify(value)), { ok: true, message: each });
      }),
    );
  });

  it("throws nothing at any text, and any change of a message", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), holds));
    const odd = fc.oneof(fc.jsonValue(), fc.constantFrom(-1, 0, 1.5, 1e300, "", null, [], {}));
    fc.assert(
      fc.property(message, fc.nat(), fc.nat(), odd, (each, at, key, other) => {
        const value: unknown = JSON.parse(renderPeerMessage(each));
        const all = parts(value);
        const part = all[at % all.length] ?? {};
        const keys = Object.keys(part);
        Object.assign(part, { [keys[key % keys.length] ?? "0"]: other });
        holds(JSON.stringify(value));
      }),
    );
    for (const depth of [1e3, 1e5, 1e6]) {
      const deep = `${"[".repeat(depth)}${"]".repeat(depth)}`;
      holds(deep);
      holds(`{"kind":"ping","from":${deep}}`);
    }
  });

  const illegal: readonly (readonly [object, string])[] = [
    [
      { kind: "hello", from: "a/uid/1" },
      'kind must be ping, promise, ask or silence: it is "hello"',
    ],
    [{ ...ping, from: "a" }, 'from must be <pod>/<uid>/<term>: it is "a"'],
    [
      { ...ping, from: `${"a".repeat(254)}/uid/1` },
      `from must be <pod>/<uid>/<term>: it is "${"a".repeat(79)}`,
    ],
    [{ ...ping, sequence: -1 }, "sequence must be a whole number from 0: it is -1"],
    [{ ...ping, sequence: 2 ** 53 }, `sequence must be a whole number from 0: it is ${2 ** 53}`],
    [{ ...ping, renewal: 0 }, "renewal must be a whole number from 1: it is 0"],
    [{ ...ping, sentAtMs: null }, "sentAtMs must be milliseconds from 0: it is null"],
    [{ ...ping, inFlight: [] }, "inFlight must be an object: it is []"],
    [
      { ...ping, inFlight: { r: 1_000_001 } },
      "inFlight.r must be a whole number from 1 to 1000000: it is 1000001",
    ],
    [
      { ...ping, inFlight: { "a b": 1 } },
      'a name in inFlight must be 1 to 400 printable ASCII characters: it is "a b"',
    ],
    [
      { ...ping, assignment: { epoch: 0, routers: [] } },
      "assignment: epoch must be a whole number from 1: it is 0",
    ],
    [{ ...ping, withheld: {} }, "withheld must be a list: it is {}"],
    [
      { ...ping, withheld: [{ ...places, remainingMs: 7_200_001 }] },
      "withheld[0].remainingMs must be 0 to 7200000: it is 7200001",
    ],
    [
      { ...ping, withheld: [places, { ...places, isComplete: 1 }] },
      "withheld[1].isComplete must be true or false: it is 1",
    ],
    [{ ...silence, router: 1 }, "router must be <pod>/<uid>/<term>: it is 1"],
    [{ ...silence, kind: "ask", renewal: "1" }, 'renewal must be a whole number from 1: it is "1"'],
    [{ ...silence, kind: "promise" }, "sentAtMs must be milliseconds from 0: it is missing"],
    [{ ...silence, report: 1 }, "report must be an object: it is 1"],
    [
      { ...silence, report: { sequence: 1, renewal: 1 } },
      "report.inFlight must be an object: it is missing",
    ],
  ];
  for (const [value, said] of illegal) {
    it(`says ${said.slice(0, 100)}`, () => {
      assert.deepEqual(parsePeerMessage(JSON.stringify(value)), { ok: false, message: said });
    });
  }

  it("reads nothing longer than 4 Mi characters", () => {
    const text = JSON.stringify(ping);
    assert.equal(parsePeerMessage(text.padEnd(MAX_MESSAGE_LENGTH)).ok, true);
    assert.deepEqual(parsePeerMessage(text.padEnd(MAX_MESSAGE_LENGTH + 1)), {
      ...{ ok: false, message: "length must be at most 4194304: it is 4194305" },
    });
  });
});
