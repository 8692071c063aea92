// What HAProxy serves, read from transcripts of its replies.
import assert from "node:assert/strict";
import { buildModel } from "../../../../../serving/router/model/core/build-model";
import { readInstance, readLive } from "../../../../../serving/router/haproxy/core/live-model";
import { planUpdate } from "../../../../../serving/router/haproxy/core/plan-update";
import { endpointOf, sliceOf } from "../../../../support/model-endpoints";

/** As HAProxy 3.4.7 replied. */
const texts = {
  show: `instance 6b021428-775d05b3
inner ns.churn.blue
replica ns.churn.blue a 10.0.0.1:5001 limit=1
replica ns.churn.blue b 10.0.0.2:5001 limit=0
outer ns.churn.blue server=1 plug=1
`,
  endpoints: "0x7f2680e8daa0 churn None:10000:blue\n",
  keys: "",
  versions: "0x7f2680e8d9e0 churn:blue ns.churn.blue:500:60000:300000:120\n",
  ready: "0x7f2680e8d9e8 ready yes\n",
};

describe("readLive()", () => {
  it("reads what HAProxy serves from its replies", () => {
    const live = readLive(texts);
    assert.equal(live.instance, "6b021428-775d05b3");
    assert.equal(live.ready, true);
    assert.deepEqual([...live.routes], [["churn", "None:10000:blue"]]);
    const version = live.versions.get("ns.churn.blue");
    assert.deepEqual(
      [version?.inner, version?.outer, version?.outerServer, version?.open],
      [true, true, true, true],
    );
    assert.deepEqual(
      [...(version?.replicas ?? [])],
      [
        ["a", { address: "10.0.0.1:5001", limit: 1 }],
        ["b", { address: "10.0.0.2:5001", limit: undefined }],
      ],
    );
  });

  it("leaves nothing to do for an agent that starts beside a HAProxy that serves what is wanted", () => {
    const model = buildModel([endpointOf()], sliceOf("blue", { a: "10.0.0.1:5001" }));
    const idle = { ...texts, show: texts.show.replace(/^replica .* b .*\n/m, "") };
    assert.deepEqual(planUpdate(readLive(idle), model), []);
  });

  it("opens a version again whose plug is gone or whose target was never set", () => {
    for (const broken of [
      { ...texts, show: texts.show.replace("plug=1", "plug=0") },
      { ...texts, versions: "" },
    ]) {
      assert.equal(readLive(broken).versions.get("ns.churn.blue")?.open, false);
    }
  });
});

describe("readInstance()", () => {
  it("is empty when there is none", () => {
    assert.equal(readInstance("Unknown command: 'aml'"), "");
  });
});
