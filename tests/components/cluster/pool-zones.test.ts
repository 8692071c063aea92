// AmlAksCluster: a pool keeps its zones while the program chooses none, whatever a release knows about its region.
import assert from "node:assert/strict";
import { REGIONS_WITH_ZONES } from "../../../azure/core/region-zones";
import { base } from "../../features/aml-aks-cluster-changes";
import { declareCluster, type Declared, planSteps } from "../../support/planned-changes";
import { without } from "../../../values/without";

/** A region without zones today. */
const location = "westus";
const pools = {
  gpuPool: { vmSize: "Standard_NC4as_T4_v3" },
  spotPool: { vmSize: "Standard_D8s_v5", maxCount: 5 },
};

/** What a release declares whose table has the region. */
async function declareInLaterRelease(args: object): Promise<readonly Declared[]> {
  const table = REGIONS_WITH_ZONES as Set<string>;
  assert.ok(!table.has(location));
  table.add(location);
  try {
    return await declareCluster(args);
  } finally {
    table.delete(location);
  }
}

const zonesOf = (declared: readonly Declared[], name = "prod-agents"): unknown =>
  declared.find((each) => each.name === name)?.inputs["availabilityZones"];

describe("A region that gets zones in a later release", () => {
  const args = { ...base, location, ...pools };

  it("plans nothing for pools that exist", async () => {
    const before = await declareCluster(args);
    const after = await declareInLaterRelease(args);
    assert.deepEqual([zonesOf(before), zonesOf(after)], [[], ["1", "2", "3"]]);
    assert.deepEqual(planSteps(before, after), []);
  });

  it("plans nothing after a refresh has taken up what Azure says", async () => {
    // Of a pool without zones Azure says nothing about them.
    const refreshed = (await declareCluster(args)).map((each) => ({
      ...each,
      inputs: without(each.inputs, "availabilityZones"),
    }));
    assert.deepEqual(planSteps(refreshed, await declareInLaterRelease(args)), []);
  });

  it("gives its zones to new pools", async () => {
    const before = await declareCluster({ ...base, location });
    const after = await declareInLaterRelease(args);
    assert.deepEqual(planSteps(before, after), ["create prod-gpu", "create prod-spot"]);
    assert.deepEqual(zonesOf(after, "prod-gpu"), ["1", "2", "3"]);
  });

  it("finds the pools of a lost state under the names that they have", async () => {
    const nameOf = (declared: readonly Declared[]) =>
      declared.map(({ inputs }) => inputs["agentPoolName"]).filter(Boolean);
    const before = nameOf(await declareCluster(args));
    assert.equal(before.length, 3);
    assert.deepEqual(nameOf(await declareInLaterRelease(args)), before);
  });
});

describe("Zones that the program chooses later", () => {
  const chosen = { ...base, zones: ["1"] };

  it("replace the agents, as do zones that it chooses no more", async () => {
    const [without, withZones] = [await declareCluster(base), await declareCluster(chosen)];
    assert.deepEqual(planSteps(without, withZones), ["replace prod-agents"]);
    assert.deepEqual(planSteps(withZones, without), ["replace prod-agents"]);
  });

  it("change nothing when they are those that the pools have", async () => {
    const same = { ...base, zones: ["1", "2", "3"] };
    const [without, withZones] = [await declareCluster(base), await declareCluster(same)];
    assert.deepEqual(planSteps(without, withZones), []);
    assert.deepEqual(planSteps(withZones, without), []);
  });
});
