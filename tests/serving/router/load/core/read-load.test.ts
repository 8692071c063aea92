// The load of each version, read from HAProxy's replies.
import assert from "node:assert/strict";
import {
  loadProblem,
  queuedRequests,
  readDraining,
  readLoad,
  tableProblem,
} from "../../../../../serving/router/load/core/read-load";

/** As HAProxy 3.4.7 replied. */
const arrived = `# table: arrived, type: string, size:102400, used:2
0x7fbf1a671858: key=ns.churn.blue use=3 exp=2073599999 shard=0 conn_cur=5 http_req_cnt=17 http_req_rate(1000)=4
`;
const computing = `# table: computing, type: string, size:102400, used:1
0x7fbf1871c988: key=ns.churn.blue use=2 exp=2073598998 shard=0 conn_cur=2
`;

describe("readLoad()", () => {
  it("counts who waits, who computes, and for whom nobody waits", () => {
    const loads = readLoad(
      { arrived, computing, load: "instance 1\norphans ns.churn.blue 1\n" },
      new Map(),
    );
    const blue = loads.get("ns.churn.blue");
    assert.deepEqual(blue, { present: 5, arrivals: 17, computing: 2, orphans: 1 });
    assert.equal(
      queuedRequests({ ...blue, present: 5, arrivals: 17, computing: 2, orphans: 1 }),
      4,
    );
  });

  it("keeps the arrivals of a version that computes for clients who left only", () => {
    const before = new Map([
      ["ns.churn.blue", { present: 1, arrivals: 9, computing: 1, orphans: 0 }],
    ]);
    const loads = readLoad({ arrived: "", computing, load: "" }, before);
    assert.equal(loads.get("ns.churn.blue")?.arrivals, 9);
  });

  it("counts what waits for an owner, and leaves out what moved to one", () => {
    const load = "instance 1\nwaiting ns.fraud.green 3\nmoved ns.churn.blue 2\n";
    const loads = readLoad({ arrived, computing, load }, new Map());
    assert.equal(loads.get("ns.fraud.green")?.present, 3);
    assert.equal(loads.get("ns.churn.blue")?.present, 3);
  });

  it("never counts a negative queue while a request moves between two replies", () => {
    assert.equal(queuedRequests({ present: 1, arrivals: 1, computing: 2, orphans: 0 }), 0);
  });
});

describe("readDraining()", () => {
  it("lists each leaving replica with its requests, also none", () => {
    const load = "instance 1\ndraining ns.churn.blue a 2\ndraining ns.churn.blue b 0\n";
    assert.deepEqual([...readDraining(load)], [["ns.churn.blue", { a: 2, b: 0 }]]);
  });
});

describe("tableProblem() and loadProblem()", () => {
  const HEAD = "# table: arrived, type: string, size:102400, used:1";

  it("have none with a table, empty or not, and with a load", () => {
    const entry = "0x55: key=ns.churn.blue use=1 exp=1 shard=0 conn_cur=1 http_req_cnt=5";
    assert.equal(tableProblem("arrived", HEAD), undefined);
    assert.equal(tableProblem("arrived", `${HEAD}\n${entry}`), undefined);
    assert.equal(loadProblem("instance 6a-7"), undefined);
  });

  it("call everything else unreadable, which is never empty", () => {
    const cut = `${HEAD}\n0x55: key=ns.churn.blue use=1`;
    for (const reply of ["", "Unknown command", "# table: other, type: string", cut]) {
      assert.match(tableProblem("arrived", reply) ?? "", /^HAProxy replied '.*' about its table/s);
    }
    for (const reply of ["", "Unknown command", "orphans ns.churn.blue 1"]) {
      assert.match(loadProblem(reply) ?? "", /^HAProxy replied '.*' about its load$/);
    }
  });
});
