// An existing cluster that is to be attached: examples and properties of what is refused.
import assert from "node:assert/strict";
import { sentence } from "../../../values/argument-error";
import { assessAttachedCluster } from "../../../validation/cluster/assess-attached-cluster";
import { readVmSize } from "../../../azure/core/vm-size";

const cluster = {
  provisioningState: "Succeeded",
  powerState: "Running",
  pools: [
    { name: "system", mode: "System", vmSize: "Standard_D2s_v5", nodes: 3 },
    { name: "agents", mode: "User", vmSize: "Standard_D4s_v5", nodes: 3 },
  ],
};
const judge = (change: object, known?: number) =>
  assessAttachedCluster({ ...cluster, ...change }, "FastProd", (vmSize) => {
    const read = readVmSize(vmSize);
    return read.ok ? read.vCpus : known;
  });

describe("assessAttachedCluster()", () => {
  it("takes a cluster whose agents meet the floor", () => {
    assert.deepEqual(judge({}), { problems: [], warnings: [], vCpus: 12 });
  });

  it("counts the system pools of a cluster that has no others, as v1 made them", () => {
    const pools = [{ name: "agentpool", mode: "System", vmSize: "Standard_D3_v2", nodes: 3 }];
    assert.deepEqual(judge({ pools }), { problems: [], warnings: [], vCpus: 12 });
  });

  it("refuses with a sentence each: too small, stopped, failed, an unknown size", () => {
    const small = {
      pools: [
        { ...cluster.pools[1], name: "agents", mode: "User", vmSize: "Standard_D4s_v5", nodes: 2 },
      ],
    };
    assert.match(
      judge(small).problems.map(sentence).join(),
      /FastProd needs at least 12 vCPUs on at least 3 nodes/,
    );
    assert.match(judge({ powerState: "Stopped" }).problems.map(sentence).join(), /az aks start/);
    assert.match(
      judge({ provisioningState: "Failed" }).problems.map(sentence).join(),
      /repair it first/,
    );
    const novel = { pools: [{ name: "agents", mode: "User", vmSize: "Novel", nodes: 3 }] };
    assert.match(judge(novel).problems.map(sentence).join(), /give agentVCpus/);
    assert.deepEqual(judge(novel, 8).problems, []);
  });
});
