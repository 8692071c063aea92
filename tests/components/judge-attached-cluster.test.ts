// judge attached cluster: what is promised of it, by example and by property.
import assert from "node:assert/strict";
import { judgeAttachedCluster } from "../../components/judge-attached-cluster";

const SUBSCRIPTION = "11111111-2222-3333-4444-555555555555";
const cluster = {
  id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c`,
  kubernetesVersion: "1.34.4",
  provisioningState: "Succeeded",
  powerState: "Running",
  pools: [
    { name: "system", mode: "System", vmSize: "Standard_D2s_v5", nodes: 3 },
    { name: "agents", mode: "User", vmSize: "Standard_D4s_v5", nodes: 3 },
  ],
};
const judge = (change: object, given?: number) =>
  judgeAttachedCluster({ ...cluster, ...change }, "FastProd", SUBSCRIPTION, given);

describe("judgeAttachedCluster()", () => {
  it("takes a cluster whose agents meet the floor", () => {
    assert.deepEqual(judge({}), { problems: [], warnings: [], vCpus: 12 });
  });

  it("counts the system pools of a cluster that has no others, as v1 made them", () => {
    const pools = [{ name: "agentpool", mode: "System", vmSize: "Standard_D3_v2", nodes: 3 }];
    assert.deepEqual(judge({ pools }), { problems: [], warnings: [], vCpus: 12 });
  });

  it("refuses with a sentence each: too small, stopped, failed, another subscription, an unknown size", () => {
    const small = {
      pools: [
        { ...cluster.pools[1], name: "agents", mode: "User", vmSize: "Standard_D4s_v5", nodes: 2 },
      ],
    };
    assert.match(
      judge(small).problems.join(),
      /FastProd needs at least 12 vCPUs on at least 3 nodes/,
    );
    assert.match(judge({ powerState: "Stopped" }).problems.join(), /az aks start/);
    assert.match(judge({ provisioningState: "Failed" }).problems.join(), /repair it first/);
    const other = cluster.id.replace(SUBSCRIPTION, "other");
    assert.match(
      judge({ id: other }).problems.join(),
      /is in subscription other, and this provider works in/,
    );
    const novel = { pools: [{ name: "agents", mode: "User", vmSize: "Novel", nodes: 3 }] };
    assert.match(judge(novel).problems.join(), /give agentVCpus/);
    assert.deepEqual(judge(novel, 8).problems, []);
  });
});
