import assert from "node:assert/strict";
import {
  type Ownership,
  planCluster,
  planPool,
  type WritePlan,
} from "../../../../components/cluster/core/plan-write";
import { without } from "../../../../values/without";

const tags = { "aml-inference": "p/s/prod" };
const system = {
  ...{ name: "system", mode: "System", count: 3, vmSize: "Standard_D2s_v5" },
  ...{ orchestratorVersion: "1.33", currentOrchestratorVersion: "1.33.5", eTag: "e" },
};
const agents = {
  ...{ name: "agents1", mode: "User", count: 8, minCount: 3, maxCount: 9, enableAutoScaling: true },
  ...{ orchestratorVersion: "1.33", currentOrchestratorVersion: "1.33.5", tags },
};
const live = {
  ...{ name: "prod", location: "westeurope", tags, sku: { name: "Base", tier: "Free" } },
  ...{ kubernetesVersion: "1.33", currentKubernetesVersion: "1.33.5" },
  agentPoolProfiles: [agents, system],
};
const declared = { location: "West Europe", tags, sku: { name: "Base", tier: "Free" } };
const owned: Ownership = {
  ownsVersion: true,
  keptIn: () => [],
  isOwnPool: (name) => name === "agents1",
  systemPool: {},
};

const paths = ({ differences }: WritePlan) => differences.map(({ path }) => path);

describe("planCluster()", () => {
  it("sends nothing where Azure has what is declared", () => {
    assert.deepEqual(paths(planCluster(declared, live, owned)), []);
  });

  it("names the system pool only, as it is live", () => {
    const { values } = planCluster({ ...declared, sku: { tier: "Standard" } }, live, owned);
    const asked = without(system, "eTag", "currentOrchestratorVersion");
    assert.deepEqual(values["agentPoolProfiles"], [asked]);
    assert.equal(values["kubernetesVersion"], "1.33");
  });

  it("takes the control plane and the system pool to the declared version together", () => {
    const plan = planCluster({ ...declared, kubernetesVersion: "1.34" }, live, owned);
    assert.deepEqual(paths(plan), [
      "kubernetesVersion",
      "agentPoolProfiles.system.orchestratorVersion",
    ]);
    assert.equal(plan.values["kubernetesVersion"], "1.34");
    assert.partialDeepStrictEqual(plan.values["agentPoolProfiles"], [
      { orchestratorVersion: "1.34" },
    ]);
  });

  it("catches a system pool up that was left behind; by more than one minor only AKS's own command does", () => {
    const upgraded = { ...live, kubernetesVersion: "1.34", currentKubernetesVersion: "1.34.2" };
    const plan = planCluster({ ...declared, kubernetesVersion: "1.34" }, upgraded, owned);
    assert.deepEqual(paths(plan), ["agentPoolProfiles.system.orchestratorVersion"]);
    assert.partialDeepStrictEqual(plan.values["agentPoolProfiles"], [
      { orchestratorVersion: "1.34" },
    ]);
    const ahead = { ...live, kubernetesVersion: "1.35", currentKubernetesVersion: "1.35.1" };
    const left = planCluster({ ...declared, kubernetesVersion: "1.35" }, ahead, owned);
    assert.deepEqual(paths(left), []);
    assert.partialDeepStrictEqual(left.values["agentPoolProfiles"], [
      { orchestratorVersion: "1.33" },
    ]);
    assert.match(
      left.notes.join(),
      /pool system runs Kubernetes 1\.33\.5.*az aks nodepool upgrade/,
    );
  });

  it("leaves versions to AKS where it decides, and names the pools that it leaves behind", () => {
    const upgraded = { ...live, kubernetesVersion: "1.34", currentKubernetesVersion: "1.34.2" };
    const plan = planCluster(declared, upgraded, { ...owned, ownsVersion: false });
    assert.deepEqual(paths(plan), []);
    assert.equal(plan.values["kubernetesVersion"], "1.34");
    assert.match(
      plan.notes.join(),
      /pool system runs Kubernetes 1\.33\.5 and the control plane 1\.34\.2/,
    );
  });

  it("sends again what ended badly", () => {
    const failed = { ...live, provisioningState: "Failed" };
    assert.deepEqual(paths(planCluster(declared, failed, owned)), ["provisioningState"]);
  });

  it("lays what is declared of the system pool over it, and keeps a count that is scaled", () => {
    const bounds = { enableAutoScaling: true, minCount: 4, maxCount: 6 };
    const plan = planCluster(declared, live, { ...owned, systemPool: { count: 4, ...bounds } });
    assert.partialDeepStrictEqual(plan.values["agentPoolProfiles"], [{ count: 4, minCount: 4 }]);
    const scaled = { ...system, ...bounds, count: 5 };
    const after = { ...live, agentPoolProfiles: [scaled] };
    const still = planCluster(declared, after, { ...owned, systemPool: { count: 4, ...bounds } });
    assert.deepEqual(paths(still), []);
    assert.partialDeepStrictEqual(still.values["agentPoolProfiles"], [{ count: 5 }]);
  });
});

describe("planPool()", () => {
  const bounds = { enableAutoScaling: true, minCount: 3, maxCount: 9 };
  const wanted = { agentPoolName: "agents1", mode: "User", count: 3, tags, ...bounds };

  it("never sends a count that the node autoscaler moved", () => {
    assert.deepEqual(paths(planPool(wanted, agents, owned)), []);
    const plan = planPool({ ...wanted, maxCount: 20 }, agents, owned);
    assert.deepEqual([paths(plan), plan.values["count"]], [["maxCount"], 8]);
  });

  for (const [change, count] of [
    [{ minCount: 9, maxCount: 12 }, 9],
    [{ minCount: 1, maxCount: 4 }, 4],
  ] as const) {
    it(`moves a count to the bound that ${JSON.stringify(change)} sets`, () => {
      const plan = planPool({ ...wanted, ...change }, agents, owned);
      assert.equal(plan.values["count"], count);
      assert.ok(paths(plan).includes("count"));
    });
  }

  it("corrects a count that nobody scales", () => {
    const plan = planPool(
      { count: 3, enableAutoScaling: false, tags },
      { ...agents, enableAutoScaling: false },
      owned,
    );
    assert.deepEqual(paths(plan), ["count"]);
  });

  it("keeps the zones of a pool whose program chooses none", () => {
    const zoned = { ...agents, availabilityZones: ["1"] };
    const plan = planPool({ ...wanted, availabilityZones: ["1", "2"] }, zoned, {
      ...owned,
      keptIn: () => ["availabilityZones"],
    });
    assert.deepEqual([paths(plan), plan.values["availabilityZones"]], [[], ["1"]]);
  });
});
