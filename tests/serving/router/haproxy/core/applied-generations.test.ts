import assert from "node:assert/strict";
import { buildModel } from "../../../../../serving/router/model/core/build-model";
import {
  appliedGenerations,
  type Unfinished,
} from "../../../../../serving/router/haproxy/core/applied-generations";
import type { Subject } from "../../../../../serving/router/haproxy/core/subject";
import { endpointOf } from "../../../../support/model-endpoints";

const failed = (subject: Subject): Unfinished => ({
  waiting: [],
  failures: [{ subject, message: "HAProxy replied 'no'" }],
});
const waits = (reply: string, subject: Subject): Unfinished => ({
  waiting: [{ subject, reply }],
  failures: [],
});

describe("appliedGenerations()", () => {
  const at = (namespace: string, name: string, generation: number, suspended = false) =>
    endpointOf({ suspended }, { namespace, name, generation });
  // One name in two namespaces: the suspended endpoint gave the name to the other one.
  const model = buildModel(
    [
      at("a", "churn", 5),
      at("b", "churn", 7, true),
      at("a", "ready", 2),
      at("a", "removed", 4),
      at("a", "other", 3),
    ],
    [],
  );
  const before = new Map([
    ["a/churn", 4],
    ["b/churn", 6],
    ["a/ready", 1],
    ["a/removed", 3],
  ]);
  const all = { "a/churn": 5, "b/churn": 7, "a/ready": 2, "a/removed": 4, "a/other": 3 };
  const version = { kind: "removedVersion", versionKey: "a.churn.green" } as const;

  const rows: readonly (readonly [string, Unfinished, Record<string, number>])[] = [
    ["nothing is left to do", { waiting: [], failures: [] }, {}],
    [
      "an endpoint's group failed: the name's route may be the former one, in whatever namespace",
      failed({ kind: "endpoint", name: "churn" }),
      { "a/churn": 4, "b/churn": 6 },
    ],
    [
      "a removed endpoint's group failed",
      failed({ kind: "removedEndpoint", name: "churn" }),
      { "a/churn": 4, "b/churn": 6 },
    ],
    ["requests still queue in a removed version", waits("Queued.", version), { "a/churn": 4 }],
    ["requests of a removed version are at their models", waits("Busy.", version), {}],
    ["a removed version failed", failed(version), { "a/churn": 4 }],
    [
      "a removed version of the same endpoint in another namespace failed",
      failed({ kind: "removedVersion", versionKey: "b.churn.green" }),
      { "b/churn": 6 },
    ],
    [
      "a replica could not be deleted",
      failed({ kind: "removedReplica", versionKey: "a.churn.blue", replica: "pod" }),
      {},
    ],
    ["readiness failed, and an endpoint is called ready", failed({ kind: "readiness" }), {}],
    [
      "an endpoint called removed failed",
      failed({ kind: "endpoint", name: "removed" }),
      { "a/removed": 3 },
    ],
    [
      "an endpoint that was never served failed",
      failed({ kind: "endpoint", name: "other" }),
      { "a/other": 0 },
    ],
  ];
  for (const [when, unfinished, held] of rows) {
    it(`holds ${Object.keys(held).join(" and ") || "no endpoint"} when ${when}`, () => {
      const applied = appliedGenerations(model, before, unfinished);
      assert.deepEqual(Object.fromEntries(applied), { ...all, ...held });
    });
  }

  it("holds several endpoints at once", () => {
    const unfinished: Unfinished = {
      failures: failed({ kind: "endpoint", name: "other" }).failures,
      waiting: waits("Queued.", version).waiting,
    };
    const applied = appliedGenerations(model, before, unfinished);
    assert.deepEqual(Object.fromEntries(applied), { ...all, "a/other": 0, "a/churn": 4 });
  });
});
