// Breaks each guard of the ownership protocol, and expects that the simulation notices.
import assert from "node:assert/strict";
import { nextAssignment } from "../../../../../serving/autoscaler/assignment/core/next-assignment";
import type { Bounds } from "../../../../../serving/router/ownership/core/bounds";
import { decideTakeOver } from "../../../../../serving/router/ownership/core/decide-take-over";
import { isSilent } from "../../../../../serving/router/ownership/core/promise-book";
import { promisedUntil } from "../../../../../serving/router/ownership/core/right";
import { RULES, type Rules } from "../../../../../serving/router/ownership/core/rules";
import { anyAssignment } from "../../../../support/ownership-simulation/simulated-leader";
import { ORPHAN_MS } from "../../../../support/ownership-simulation/simulated-load";
import type { Simulation } from "../../../../support/ownership-simulation/simulation";
import type { SimulationOptions } from "../../../../support/ownership-simulation/simulation-options";
import { world } from "../../../../support/ownership-simulation/world";

interface Broken {
  readonly rules?: Partial<Rules>;
  readonly more?: Partial<SimulationOptions>;
  /** What happens, where chance seldom finds it. */
  readonly course?: (simulation: Simulation) => void;
}

const scripted = { hasFaults: false, leader: "first", routers: 3, replicas: 2 } as const;

function apart(simulation: Simulation, one: string, other: string, forMs?: number): void {
  simulation.cut(one, other, forMs);
  simulation.cut(other, one, forMs);
}

/** The last peer with which router-1 has a majority ends just when router-2 may suspect router-1. */
function losesItsLastPeer(simulation: Simulation): void {
  simulation.run(2_000);
  apart(simulation, "router-1", "router-2");
  apart(simulation, "router-1", "api");
  simulation.run(2_700);
  simulation.kill("router-3", 0);
  simulation.run(3_500);
}

/** The last peer with which router-1 has a majority starts again, just when router-2 may suspect router-1. */
function restartsItsLastPeer(simulation: Simulation): void {
  simulation.run(2_000);
  apart(simulation, "router-1", "router-2");
  apart(simulation, "router-1", "api");
  simulation.run(2_700);
  simulation.restart("router-3", 1);
  simulation.run(3_500);
}

/** Another leader writes the epoch that router-1 has already, with another list, and the others get that one. */
function writesAnEpochTwice(simulation: Simulation): void {
  simulation.run(2_000);
  const { api } = simulation;
  const before = api.assignment;
  for (const pod of ["router-2", "router-3"]) {
    apart(simulation, "router-1", pod, 500);
    simulation.cut("api", pod, 250);
  }
  simulation.assign(["router-1"]);
  simulation.run(2_250);
  const [, second = ""] = before.routers.map(({ id }) => id).sort();
  api.writeAssignment(anyAssignment(before, [second], api.fenced()));
  simulation.run(3_500);
}

/** router-3 refuses promises to router-1, which then renews its Lease and gets them again; router-2 hears the first only. */
function isRefusedAndBack(simulation: Simulation): void {
  simulation.run(2_000);
  for (const other of ["router-2", "router-3", "api"]) apart(simulation, "router-1", other, 900);
  simulation.run(2_350);
  for (const pod of ["router-2", "router-3"]) simulation.cut(pod, "api", 800);
  simulation.run(4_500);
  apart(simulation, "router-1", "router-2");
  apart(simulation, "router-1", "api");
  simulation.run(6_000);
}

/** router-1 writes that its majority is with router-2 and doesn't hear that it has; router-3 goes on promising. */
function changesMembersUnheard(simulation: Simulation): void {
  simulation.run(2_000);
  simulation.assign(["router-1", "router-3"]);
  simulation.run(3_000);
  simulation.cut("api", "router-1");
  simulation.assign(["router-1", "router-2"]);
  simulation.run(3_300);
  apart(simulation, "router-1", "router-2");
  simulation.run(5_000);
}

type TakeOverRule = Rules["decideTakeOver"];
const takingOver = (change: (evidence: Parameters<TakeOverRule>[0]) => object): Partial<Rules> => ({
  decideTakeOver: (evidence, nowMs, bounds) =>
    decideTakeOver({ ...evidence, ...change(evidence) }, nowMs, bounds),
});
const within = (bounds: Bounds, more: Partial<Bounds>): Bounds => ({ ...bounds, ...more });

const BROKEN: Readonly<Record<string, Broken>> = {
  "promises don't age at their receiver": {
    rules: {
      promisedUntil: (each, bounds) => promisedUntil(each, within(bounds, { rightMs: 5_000 })),
    },
  },
  "the right lasts longer than the silence": { more: { bounds: { rightMs: 900 } } },
  "one promise is enough": {
    rules: {
      promisedUntil: ({ promisedMs }, { rightMs }) =>
        Math.max(-Infinity, ...promisedMs.values()) + rightMs,
    },
  },
  "one list of members counts, where two may be in the Lease": {
    rules: { possibleLists: (written) => [written] },
    more: scripted,
    course: changesMembersUnheard,
  },
  "nobody waits for own promises": {
    rules: { isSilent: () => true, ...takingOver(() => ({ isSilent: true })) },
  },
  "a promise is given after its refusal": {
    rules: { mayPromise: () => true },
    more: { harms: { "one peer again": 1 }, routers: 3, replicas: 2, pauseMs: 1_800 },
  },
  "no majority is asked before a fence": {
    rules: {
      decideTakeOver: (evidence, nowMs, bounds) => {
        const takeOver = decideTakeOver(evidence, nowMs, bounds);
        return takeOver.decision === "ask" ? { decision: "fence", isHeard: true } : takeOver;
      },
    },
  },
  "a member's promises end with it": {
    rules: takingOver(({ goneMs }) => ({
      goneMs: new Map([...goneMs].map(([id, ms]) => [id, ms === Infinity ? ms : -Infinity])),
    })),
    more: scripted,
    course: losesItsLastPeer,
  },
  "a Lease that was just written is fenced": {
    rules: takingOver(({ lease }) => ({ lease: { ...lease, seenMs: -Infinity } })),
  },
  "the resourceVersion guards no write": { more: { unguarded: "leases" } },
  "two leaders write one epoch": {
    more: { ...scripted, unguarded: "assignment" },
    course: writesAnEpochTwice,
  },
  "a router that isn't fenced is dropped": {
    more: {
      leader: "shipped",
      nextAssignment: (current, seen, fenced, ...more) => {
        const ready = seen.filter(({ isReady }) => isReady).map(({ id }) => id);
        const gone = current.routers.map(({ id }) => id).filter((id) => !ready.includes(id));
        return nextAssignment(current, seen, new Set([...fenced, ...gone]), ...more);
      },
    },
  },
  "routers leave and return as their readiness changes": {
    more: { leader: "shipped", assignmentTimes: { joinMs: 0, leaveMs: 0, settleMs: 0 } },
  },
  "a router is presumed to have ended while the API server can be asked": {
    more: { whenApiIsAway: "serve", bounds: { apiMs: 0 } },
  },
  "a ping doesn't wait for HAProxy": { more: { awaitsHaproxy: false } },
  "HAProxy stops by its agent's word only": { more: { hasDeadline: false } },
  "HAProxy stops later than the bound": { more: { lateMs: 600 } },
  "a process that starts has promised nothing": {
    rules: {
      isSilent: (book, ...more) => isSilent({ ...book, startedMs: -Infinity }, ...more),
    },
    more: scripted,
    course: restartsItsLastPeer,
  },
  "a silence counts for every renewal": {
    rules: { isOfRenewal: () => true },
    more: scripted,
    course: isRefusedAndBack,
  },
  "nobody waits for the release": { rules: { hasAcknowledged: () => true } },
  "an acknowledgement counts for every epoch": {
    rules: { hasAcknowledged: (said) => said !== undefined },
  },
  "an older assignment takes a newer one's place": {
    rules: { isNewer: (epoch, kept) => epoch > 0 && epoch !== kept },
  },
  "what was ours once stays ours": { rules: { staysOurs: () => true } },
  "places of requests before the hand-over are used": { rules: { stillHeld: () => 0 } },
  "places of a fenced router are used": { rules: { withheldOf: () => 0 } },
  "places of a fenced router are used too soon": { more: { bounds: { orphanMs: ORPHAN_MS / 5 } } },
  "an old report counts for all that a fenced router had": {
    rules: { isComplete: () => true },
    more: { harms: { "isolated, then dead": 1 }, pauseMs: 1_800 },
  },
};

describe("The ownership simulation", () => {
  for (const [what, { rules, more, course }] of Object.entries(BROKEN)) {
    it(`finds it when ${what}`, () => {
      const runs = 120;
      for (let seed = 1; seed <= runs; seed += 1) {
        const broken = world(seed, { ...more, rules: { ...RULES, ...rules } });
        if (course === undefined) broken.run(6_000);
        else course(broken);
        if (broken.violations.length === 0) continue;
        if (course !== undefined) {
          const guarded = { ...more };
          delete guarded.unguarded;
          const whole = world(seed, guarded);
          course(whole);
          assert.deepEqual(whole.violations, [], "the course itself");
        }
        return;
      }
      assert.fail(`no violation in ${runs} runs`);
    });
  }
});
