import assert from "node:assert/strict";
import type { AssignedRouter, Assignment } from "../../../../../contracts/ownership/assignment";
import { NO_ASSIGNMENT, parseAssignment } from "../../../../../contracts/ownership/assignment";
import { rankRouters } from "../../../../../contracts/ownership/rank-routers";
import {
  type NextAssignment,
  nextAssignment,
  type SeenRouter,
} from "../../../../../serving/autoscaler/assignment/core/next-assignment";

const versions = Array.from({ length: 100 }, (_, index) => `models.endpoint-${index}.blue`);

function seen(name: string, more: Partial<SeenRouter> = {}): SeenRouter {
  const id = `${name}/uid-${name}/1`;
  const address = `${name}:9000`;
  return { id, address, isReady: true, sinceMs: 0, isEnding: false, epoch: undefined, ...more };
}

function next(
  current: Assignment,
  routers: readonly SeenRouter[],
  { fenced = [] as string[], writtenMs = 0, nowMs = 20_000 } = {},
): NextAssignment {
  const ids = new Set(fenced.map((name) => `${name}/uid-${name}/1`));
  return nextAssignment(current, routers, ids, versions, writtenMs, nowMs);
}

function written(result: NextAssignment): Assignment {
  assert.equal(result.decision, "write", JSON.stringify(result));
  return result.decision === "write" ? result.assignment : NO_ASSIGNMENT;
}

const active = ({ routers }: Assignment): string[] =>
  routers.filter(({ isLeaving }) => !isLeaving).map(({ id }) => id.split("/")[0] ?? "");

/** Largest share of the versions over the mean. */
function imbalance(assignment: Assignment): number {
  const shares = new Map<string, number>();
  for (const version of versions) {
    const id = rankRouters(version, assignment)[0]?.id ?? "";
    shares.set(id, (shares.get(id) ?? 0) + 1);
  }
  return Math.max(...shares.values()) / (versions.length / active(assignment).length);
}

describe("nextAssignment()", () => {
  const three = written(next(NO_ASSIGNMENT, [seen("a"), seen("b"), seen("c")]));
  const kept = (name: string, more: Partial<SeenRouter> = {}): SeenRouter =>
    seen(name, { epoch: 1, ...more });

  it("lists the routers that have been ready for 3 s", () => {
    assert.deepEqual(active(three), ["a", "b", "c"]);
    assert.equal(three.epoch, 1);
    const routers = [kept("a"), kept("b"), kept("c"), seen("d", { sinceMs: 17_001 })];
    assert.equal(next(three, routers).decision, "keep");
    assert.deepEqual(active(written(next(three, routers, { nowMs: 20_001 }))), [
      "a",
      "b",
      "c",
      "d",
    ]);
  });

  it("keeps a router that isn't ready for less than 10 s, and takes it back only after as long", () => {
    const away = [kept("a"), kept("b"), kept("c", { isReady: false, sinceMs: 20_000 })];
    assert.equal(next(three, away, { nowMs: 29_999 }).decision, "keep");
    const two = written(next(three, away, { nowMs: 30_000 }));
    assert.deepEqual(active(two), ["a", "b"]);
    assert.equal(two.routers.length, 3);
    const back = ["a", "b", "c"].map((name) => seen(name, { epoch: 2, sinceMs: 31_000 }));
    assert.equal(next(two, back, { nowMs: 40_999 }).decision, "keep");
    assert.deepEqual(active(written(next(two, back, { nowMs: 41_000 }))), ["a", "b", "c"]);
  });

  it("lets a router that ends give its versions away at once, and drops it only when it is fenced", () => {
    const ending = [kept("a", { isEnding: true }), seen("b"), seen("c")];
    const two = written(next(three, ending, { writtenMs: 19_999 }));
    assert.deepEqual(active(two), ["b", "c"]);
    assert.equal(next(two, [seen("b", { epoch: 2 }), seen("c", { epoch: 2 })]).decision, "keep");
    const dropped = written(
      next(two, [seen("b"), seen("c")], { fenced: ["a"], writtenMs: 19_999 }),
    );
    assert.deepEqual(
      dropped.routers.map(({ id }) => id[0]),
      ["b", "c"],
    );
  });

  it("lets nobody join before all keep to the last epoch, for 10 s", () => {
    const late = [kept("a"), kept("b"), seen("c", { epoch: 0 }), seen("d")];
    assert.match(JSON.stringify(next(three, late, { writtenMs: 10_001 })), /isn't kept to yet/);
    assert.deepEqual(active(written(next(three, late, { writtenMs: 10_000 }))).length, 4);
  });

  it("lists no more than a router reads", () => {
    const many = Array.from({ length: 70 }, (_, index) => seen(`r${index}`));
    const first = written(nextAssignment(NO_ASSIGNMENT, many, new Set(), ["v"], 0, 20_000));
    assert.equal(parseAssignment(JSON.stringify(first)).ok, true);
    assert.equal(first.routers.length, 64);
    assert.equal(next(first, many, { writtenMs: 10_000 }).decision, "keep");
  });

  it("leaves the last active router until there is another", () => {
    const one = written(next(NO_ASSIGNMENT, [seen("a")]));
    const ending = kept("a", { isEnding: true });
    assert.equal(next(one, [ending]).decision, "keep");
    assert.deepEqual(active(written(next(one, [ending, seen("b")]))), ["b"]);
  });

  it("moves nothing but what a router gets that joins, or had that leaves", () => {
    const four = written(next(three, [kept("a"), kept("b"), kept("c"), seen("d")]));
    const back: Assignment = {
      epoch: 3,
      routers: four.routers.map((router): AssignedRouter => ({
        ...router,
        isLeaving: router.id.startsWith("d"),
      })),
    };
    for (const version of versions) {
      const [before, joined, left] = [three, four, back].map((each) => rankRouters(version, each));
      if (joined?.[0]?.id[0] !== "d") assert.equal(joined?.[0]?.id, before?.[0]?.id);
      assert.equal(left?.[0]?.id, before?.[0]?.id);
      if (joined?.[0]?.id[0] === "d") assert.equal(joined[1]?.id, left?.[0]?.id);
    }
  });

  it("gives nobody more than 1.3 times the mean of 100 versions, with 2 to 5 routers, also after each was replaced", () => {
    const worst: number[] = [];
    for (let trial = 0; trial < 20; trial += 1) {
      for (let count = 2; count <= 5; count += 1) {
        const names = Array.from({ length: count }, (_, index) => `r${trial}-${index}`);
        let assignment = written(
          next(
            NO_ASSIGNMENT,
            names.map((name) => seen(name)),
          ),
        );
        worst.push(imbalance(assignment));
        for (const name of names) {
          const others = assignment.routers.map(({ id }) => seen(id.split("/")[0] ?? ""));
          const fresh = seen(`${name}-new`);
          assignment = written(next(assignment, [...others, fresh]));
          assignment = written(next(assignment, [...others, fresh], { fenced: [name] }));
        }
        worst.push(imbalance(assignment));
      }
    }
    assert.ok(Math.max(...worst) <= 1.3, `the largest share is ${Math.max(...worst)} of the mean`);
  });
});
