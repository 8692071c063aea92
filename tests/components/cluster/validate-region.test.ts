// A new cluster's arguments against Azure's lists of the region, and without the lists.
import assert from "node:assert/strict";
import { type Asked, assessRegion, type Live } from "../../../components/cluster/validate-region";
import { sentence } from "../../../values/argument-error";
import { NO_OFFER, type OfferedSize } from "../../../azure/core/region-offer";

const asked: Asked = {
  location: "westeurope",
  kubernetesVersion: undefined,
  supportPlan: "KubernetesOfficial",
  upgradeChannel: "none",
  purpose: "FastProd",
  zones: undefined,
  agents: { path: "agentVmSize", vmSize: "Standard_D4s_v5" },
  nodes: 3,
  nodesPath: "agentCount",
  others: [],
};
const size = (name: string, more: Partial<OfferedSize> = {}): OfferedSize => ({
  ...{ name, vCpus: 4, gpus: 0, zones: ["1", "2", "3"], restriction: undefined },
  ...more,
});
const sizes = [size("Standard_D4s_v5"), size("Novel", { vCpus: 8 })];
const kubernetes = [
  {
    ...{ minor: "1.34", patches: ["1.34.4"], isDefault: true, isPreview: false },
    supportPlans: ["KubernetesOfficial"],
  },
];
const nothing: Live = { kubernetesVersion: undefined, vmSizes: [] };
const offer = { kubernetes, sizes };

function assess(change: Partial<Asked>, offered: object = {}, live = nothing) {
  const { problems, agentVCpus } = assessRegion({ ...asked, ...change }, live, {
    ...offer,
    ...offered,
  });
  return { problems: problems.map(sentence), agentVCpus };
}
const agents = (vmSize: string, given?: number) => ({
  agents: { path: "agentVmSize", vmSize, given },
});

describe("assessRegion()", () => {
  it("takes what the region has, with the vCPUs of Azure's list", () => {
    assert.deepEqual(assess({}), { problems: [], agentVCpus: 4 });
    assert.deepEqual(assess(agents("Novel")), { problems: [], agentVCpus: 8 });
  });

  it("judges nothing that can't be asked, except a size whose name does not tell", () => {
    const later = { kubernetesVersion: "1.99" };
    assert.deepEqual(assess(later, NO_OFFER), { problems: [], agentVCpus: 4 });
    const { problems } = assess(agents("Novel"), NO_OFFER);
    assert.equal(problems.length, 1);
    assert.match(problems.join(), /agentVmSize .*"Novel"; give agentVCpus/);
    assert.deepEqual(assess(agents("Novel", 4), NO_OFFER), { problems: [], agentVCpus: 4 });
  });

  it("refuses a size that the region does not have, that is closed, or that is not in the zones", () => {
    assert.match(
      assess(agents("Standard_D8s_v5")).problems.join(),
      /agentVmSize must be a machine size that Azure has in westeurope: it is "Standard_D8s_v5"/,
    );
    const closed = size("Standard_D4s_v5", { restriction: "NotAvailableForSubscription" });
    assert.match(assess({}, { sizes: [closed] }).problems.join(), /NotAvailableForSubscription/);
    const narrow = { sizes: [size("Standard_D4s_v5", { zones: ["2", "1"] })] };
    assert.match(
      assess({}, narrow).problems.join(),
      /zones must be zones that have Standard_D4s_v5: it is in zones 1, 2 of westeurope, not in 3/,
    );
    assert.deepEqual(assess({ zones: ["1", "2"] }, narrow).problems, []);
    assert.deepEqual(assess({ purpose: "DevTest" }, narrow).problems, []);
  });

  it("counts the floor with Azure's number where the name tells none", () => {
    const small = { sizes: [size("Novel", { vCpus: 2 })] };
    assert.deepEqual(assess(agents("Novel"), small).problems, [
      "agentCount is too small: FastProd needs at least 12 vCPUs on at least 3 nodes: 3 × Novel has 6 on 3; use agentCount 6",
    ]);
    assert.deepEqual(assess({ ...agents("Novel"), nodes: 6 }, small).problems, []);
  });

  it("wants GPUs of a pool for GPUs", () => {
    const others = [{ path: "gpuPool.vmSize", vmSize: "Novel", gpu: true }];
    assert.match(assess({ others }).problems.join(), /gpuPool\.vmSize must be a size with GPUs/);
    const withGpu = { sizes: [...sizes.slice(0, 1), size("Novel", { gpus: 1 })] };
    assert.deepEqual(assess({ others }, withGpu).problems, []);
  });

  it("refuses a version that AKS does not support", () => {
    assert.match(
      assess({ kubernetesVersion: "1.30" }).problems.join(),
      /kubernetesVersion must be a version .*1\.34 \(the default\)/,
    );
    assert.deepEqual(assess({ kubernetesVersion: "1.34" }).problems, []);
  });

  it("leaves alone what runs already, though Azure offers it no more", () => {
    const live = { kubernetesVersion: "1.30", vmSizes: ["Standard_D4_v2"] };
    const same = { kubernetesVersion: "1.30", ...agents("Standard_D4_v2") };
    assert.deepEqual(assess(same, {}, live), { problems: [], agentVCpus: 8 });
    const followed = { ...same, kubernetesVersion: "1.29", upgradeChannel: "patch" } as const;
    assert.deepEqual(assess(followed, {}, live).problems, []);
    assert.equal(assess({ ...same, kubernetesVersion: "1.31" }, {}, live).problems.length, 1);
  });

  it("knows a live size in any case, and versions of the long-term plan for those who have it", () => {
    const live = { kubernetesVersion: undefined, vmSizes: ["Standard_D4s_v5"] };
    assert.deepEqual(assess(agents("standard_d4S_v5"), { sizes: [] }, live).problems, []);
    const old = { ...kubernetes[0], minor: "1.30", supportPlans: ["AKSLongTermSupport"] };
    const offered = { kubernetes: [...kubernetes, old] };
    const wanted = { kubernetesVersion: "1.30" };
    assert.equal(assess(wanted, offered).problems.length, 1);
    const supported = { ...wanted, supportPlan: "AKSLongTermSupport" as const };
    assert.deepEqual(assess(supported, offered).problems, []);
  });
});
