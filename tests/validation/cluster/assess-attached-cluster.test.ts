// An existing cluster that is to be attached: what counts, and what is refused.
import assert from "node:assert/strict";
import { sentence } from "../../../values/argument-error";
import {
  assessAttachedCluster,
  type AttachedPool,
} from "../../../validation/cluster/assess-attached-cluster";
import { readVmSize } from "../../../azure/core/vm-size";
import { ClusterPurpose } from "../../../contracts/choices";

type PoolChange = Partial<AttachedPool> & { readonly size?: string; readonly nodes?: number };

function pool(
  name: string,
  { size = "Standard_D4s_v5", nodes = 3, ...change }: PoolChange = {},
): AttachedPool {
  return {
    name,
    osType: "Linux",
    powerState: "Running",
    provisioningState: "Succeeded",
    nodeTaints: [],
    machines: [{ vmSize: size, nodes }],
    ...change,
  };
}

const system = pool("system", {
  size: "Standard_D2s_v5",
  nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
});
const running = { provisioningState: "Succeeded", powerState: "Running" };

const assess = (
  pools: readonly AttachedPool[],
  change: object = {},
  known?: number,
  purpose: ClusterPurpose = ClusterPurpose.FastProd,
) =>
  assessAttachedCluster({ ...running, pools, ...change }, purpose, (vmSize) => {
    const read = readVmSize(vmSize);
    return read.ok ? read.vCpus : known;
  });

const reasons = (...given: Parameters<typeof assess>) => assess(...given).problems.map(sentence);

describe("assessAttachedCluster()", () => {
  it("takes a cluster whose agents meet the floor", () => {
    const taken = { problems: [], warnings: [], vCpus: 12 };
    assert.deepEqual(assess([system, pool("agents")]), taken);
    const several = [
      { vmSize: "Standard_D4s_v5", nodes: 2 },
      { vmSize: "Standard_D4s_v4", nodes: 1 },
    ];
    assert.deepEqual(assess([pool("mixed", { machines: several })]), taken);
  });

  it("counts pools of whatever mode: an untainted system pool beside one GPU node", () => {
    const gpu = { size: "Standard_NC4as_T4_v3", nodes: 1, nodeTaints: ["sku=gpu:NoSchedule"] };
    const pools = [pool("system", { size: "Standard_D8s_v5" }), pool("gpu", gpu)];
    assert.deepEqual(assess(pools), { problems: [], warnings: [], vCpus: 24 });
    const untainted = assess([pools[0] ?? system, pool("gpu", { ...gpu, nodeTaints: [] })]);
    assert.equal(untainted.vCpus, 28);
  });

  const uncounted: readonly (readonly [PoolChange, string])[] = [
    [{ nodeTaints: ["sku=gpu:NoSchedule"] }, "pool more has the taint sku=gpu:NoSchedule"],
    [
      { nodeTaints: ["a=b:PreferNoSchedule", "c:NoExecute"] },
      "pool more has the taint c:NoExecute",
    ],
    [{ osType: "Windows" }, "pool more runs Windows"],
    [{ powerState: "Stopped" }, "pool more is stopped"],
    [{ provisioningState: "Deleting" }, "pool more is in the state Deleting"],
    [{ provisioningState: "Failed" }, "pool more is in the state Failed"],
  ];
  for (const [change, why] of uncounted) {
    it(`leaves a pool out where no pod of ours runs, and says so: ${why}`, () => {
      const small = pool("agents", { nodes: 2 });
      assert.deepEqual(reasons([small, pool("more", change)]), [
        `existingClusterId is too small: FastProd needs at least 12 vCPUs on at least 3 nodes: 2 × Standard_D4s_v5 has 8 on 2; use at least 3 (not counted: ${why})`,
      ]);
      assert.deepEqual(reasons([pool("agents"), pool("more", change)]), []);
    });
  }

  it("counts a pool with a taint that only advises", () => {
    const advised = pool("agents", { nodeTaints: ["team=a:PreferNoSchedule"] });
    assert.deepEqual(reasons([advised]), []);
  });

  it("says in a warning, too, what it left out", () => {
    const pools = [
      pool("one", { size: "Standard_F1s", nodes: 1 }),
      pool("win", { osType: "Windows" }),
    ];
    const { problems, warnings } = assess(pools, {}, undefined, ClusterPurpose.DevTest);
    assert.deepEqual(problems, []);
    assert.match(
      warnings.join(),
      /should have at least 2 vCPUs.*not counted: pool win runs Windows/,
    );
  });

  it("refuses with a sentence each: stopped, failed, an unknown size", () => {
    const stopped = [pool("agents", { powerState: "Stopped" })];
    assert.deepEqual(reasons(stopped, { powerState: "Stopped" }), [
      "existingClusterId names a cluster that is stopped: start it (az aks start)",
    ]);
    assert.match(
      reasons([pool("agents")], { provisioningState: "Failed" }).join(),
      /repair it first/,
    );
    const novel = pool("agents", { size: "Novel" });
    assert.match(reasons([novel]).join(), /give agentVCpus/);
    assert.deepEqual(reasons([novel], {}, 8), []);
    assert.deepEqual(
      reasons([pool("agents"), pool("win", { size: "Novel", osType: "Windows" })]),
      [],
    );
  });
});
