// planUpdate() among several routers: who owns a version, in HAProxy's commands.
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  buildModel,
  type Model,
  type Ownership,
} from "../../../../../serving/router/model/core/build-model";
import { applySteps } from "../../../../../serving/router/haproxy/core/apply-steps";
import {
  emptyLive,
  readLive,
  type LiveModel,
} from "../../../../../serving/router/haproxy/core/live-model";
import { planUpdate } from "../../../../../serving/router/haproxy/core/plan-update";
import { renderStep } from "../../../../../serving/router/haproxy/core/step";
import { endpointOf, sliceOf, versionOf } from "../../../../support/model-endpoints";

const PEERS = ["10.1.0.1:8444", "10.1.0.2:8444"];

const modelOf = (
  ownership: Ownership,
  {
    held,
    peers = PEERS,
  }: { held?: Readonly<Record<string, number>>; peers?: readonly string[] } = {},
): Model =>
  buildModel(
    [endpointOf({ versions: [versionOf("blue", { maxConcurrentRequestsPerContainer: 2 })] })],
    sliceOf("blue", { a: "10.0.0.1:5001" }),
    new Map(),
    {
      owners: {
        peers: new Set(peers),
        of: () => ({
          ...ownership,
          ...(held === undefined ? {} : { held: new Map(Object.entries(held)) }),
        }),
      },
    },
  );

const steps = (live: LiveModel, model: Model) =>
  planUpdate(live, model).flatMap((each) => each.steps);
const apply = (live: LiveModel, model: Model) => applySteps(live, steps(live, model));
const transcript = (live: LiveModel, model: Model) =>
  steps(live, model).flatMap((step) => renderStep(step, "aml").map(({ text }) => text));

describe("planUpdate() among several routers", () => {
  const [first = "", second = ""] = PEERS;
  const own = apply(emptyLive("1"), modelOf({ term: 1 }));
  const forwarded = apply(emptyLive("1"), modelOf({ term: 1, owner: first }));

  it("passes a version on: no place is used any more before the queue goes", () => {
    assert.deepEqual(transcript(own, modelOf({ term: 2, owner: first })), [
      "aml drain ns.churn.blue a",
      "add server o.ns.churn.blue/moved abns@aml-again send-proxy-v2 maxconn 1000000",
      "aml own ns.churn.blue 2 f.10.1.0.1_8444",
    ]);
  });

  it("takes a version over: the places that the former owner still has come back one by one", () => {
    let live = apply(forwarded, modelOf({ term: 2 }, { held: { a: 2 } }));
    assert.equal(live.versions.get("ns.churn.blue")?.replicas.get("a")?.limit, undefined);
    const one = modelOf({ term: 2 }, { held: { a: 1 } });
    assert.deepEqual(transcript(live, one), ["aml use ns.churn.blue a 1"]);
    live = apply(live, one);
    assert.deepEqual(transcript(live, modelOf({ term: 2 })), ["aml use ns.churn.blue a 2"]);
  });

  it("goes from one peer to another, and to a later term, with one command", () => {
    for (const [ownership, command] of [
      [{ term: 2, owner: second }, "aml own ns.churn.blue 2 f.10.1.0.2_8444"],
      [{ term: 2, owner: first }, "aml own ns.churn.blue 2 f.10.1.0.1_8444"],
    ] as const)
      assert.deepEqual(transcript(forwarded, modelOf(ownership)), [command]);
  });

  it("knows a peer before a version is its, and forgets it after no version is", () => {
    const commands = transcript(
      emptyLive("1"),
      modelOf({ term: 1, owner: first }, { peers: [first] }),
    );
    assert.ok(commands.indexOf("publish backend f.10.1.0.1_8444") >= 0);
    assert.ok(
      commands.indexOf("publish backend f.10.1.0.1_8444") <
        commands.indexOf("aml own ns.churn.blue 1 f.10.1.0.1_8444"),
    );
    assert.deepEqual(
      transcript(forwarded, modelOf({ term: 2, owner: second }, { peers: [second] })),
      [
        "aml own ns.churn.blue 2 f.10.1.0.2_8444",
        "unpublish backend f.10.1.0.1_8444",
        "disable server f.10.1.0.1_8444/peer",
        "disable server f.10.1.0.1_8444/again",
        "del server f.10.1.0.1_8444/peer",
        "del server f.10.1.0.1_8444/again",
        "del backend f.10.1.0.1_8444",
      ],
    );
  });

  it("ends where nothing is left to do, whatever came before", () => {
    const wanted = fc.record({
      term: fc.integer({ min: 0, max: 3 }),
      owner: fc.constantFrom(undefined, ...PEERS),
      held: fc.constantFrom(undefined, 1, 2, 3),
    });
    fc.assert(
      fc.property(fc.array(wanted, { maxLength: 5 }), (history) => {
        let live = emptyLive("1");
        for (const { term, owner, held } of history) {
          const ownership = { term, ...(owner === undefined ? {} : { owner }) };
          const model = modelOf(ownership, held === undefined ? {} : { held: { a: held } });
          live = apply(live, model);
          assert.deepEqual(steps(live, model), []);
          const places = held === undefined ? 2 : 2 - held;
          const limit = owner === undefined && places > 0 ? places : undefined;
          assert.equal(live.versions.get("ns.churn.blue")?.replicas.get("a")?.limit, limit);
        }
      }),
    );
  });

  it("opens its peers again, and nothing else, for an agent that starts beside a HAProxy that forwards", () => {
    const live = readLive({
      show: `instance 6b021428-775d05b3
inner ns.churn.blue
replica ns.churn.blue a 10.0.0.1:5001 limit=0
outer ns.churn.blue server=1 plug=1 moved=1
peer f.10.1.0.1_8444 again,peer
owner ns.churn.blue 7 f.10.1.0.1_8444
`,
      endpoints: "0x7f2680e8daa0 churn None:10000:blue\n",
      keys: "",
      versions: "0x7f2680e8d9e0 churn:blue ns.churn.blue:500:60000:300000:120\n",
      ready: "0x7f2680e8d9e8 ready yes\n",
    });
    assert.deepEqual(live.versions.get("ns.churn.blue")?.ownership, { term: 7, owner: first });
    assert.deepEqual(transcript(live, modelOf({ term: 7, owner: first }, { peers: [first] })), [
      "enable health f.10.1.0.1_8444/peer",
      "enable server f.10.1.0.1_8444/peer",
      "enable server f.10.1.0.1_8444/again",
      "publish backend f.10.1.0.1_8444",
    ]);
  });
});
