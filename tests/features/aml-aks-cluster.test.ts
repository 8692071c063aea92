// AmlAksCluster on the real CLI, against the stand-in Azure: create, change, drift, faults, destroy.
import assert from "node:assert/strict";
import { type FaultKind } from "../../tools/standins/azure/core/faults";
import { textAt, valueAt, withValueAt } from "../../tools/standins/azure/core/json";
import { type Azure } from "../../tools/standins/azure/start-azure";
import { type Change, inPlace, replacing } from "./aml-aks-cluster-changes";
import { CLIENT_SECRET, GROUP, SUBSCRIPTION, withAzureStack } from "../support/azure-stack";
import {
  changingSteps,
  type CommandResult,
  expectFailure,
  expectSuccess,
  type Stack,
} from "../support/stack";

const CLUSTERS = "Microsoft.ContainerService/managedClusters";
const POOLS = `${CLUSTERS}/agentPools`;
const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}`;
const clusterId = `${group}/providers/${CLUSTERS}/prod`;

const plain = { resourceGroupName: "models", location: "westeurope", protectCluster: false };

/** A program with one cluster. */
function programOf(args: object): string {
  return `const { AmlAksCluster } = require("aml-inference");
const cluster = new AmlAksCluster("prod", ${JSON.stringify(args)});
exports.kubeconfig = cluster.kubeconfig;
exports.clusterId = cluster.clusterId;
exports.fqdn = cluster.fqdn;
exports.vCpus = cluster.vCpus;
exports.requiredEgress = cluster.requiredEgress;
`;
}

/** What a preview would do in Azure, as `update prod` and the like. */
async function plannedSteps(stack: Stack): Promise<string[]> {
  return changingSteps(await stack.preview())
    .filter(({ urn }) => urn.includes("azure-native:"))
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1) ?? ""}`)
    .sort();
}

async function expectNoChange(stack: Stack): Promise<void> {
  const changes = changingSteps(await stack.preview()).map(({ op, urn }) => `${op} ${urn}`);
  assert.deepEqual(changes, []);
}

function cluster(azure: Azure): unknown {
  return azure.store.get(clusterId)?.body;
}

function agents(azure: Azure) {
  const found = azure.store.list(POOLS).filter((pool) => pool.name.startsWith("agents"));
  assert.equal(found.length, 1);
  return found[0]?.body;
}

describe("AmlAksCluster creates", () => {
  it("a production cluster, after which nothing is to be done, and destroys it", async () => {
    await withAzureStack({ program: programOf(plain) }, async (stack, azure) => {
      await expectSuccess(stack.up());
      assert.partialDeepStrictEqual(cluster(azure), {
        sku: { tier: "Standard" },
        properties: {
          networkProfile: { networkPluginMode: "overlay", loadBalancerSku: "standard" },
          oidcIssuerProfile: { enabled: true },
          securityProfile: { workloadIdentity: { enabled: true } },
        },
      });
      assert.partialDeepStrictEqual(agents(azure), {
        properties: {
          count: 3,
          mode: "User",
          vmSize: "Standard_D4s_v5",
          availabilityZones: ["1", "2", "3"],
        },
      });
      const outputs = await stack.outputs();
      assert.equal(outputs["vCpus"], 12);
      assert.equal(outputs["clusterId"], clusterId);
      assert.match(String(outputs["kubeconfig"]), /clusters:/);
      await expectNoChange(stack);
      await expectSuccess(stack.refresh());
      await expectNoChange(stack);
      const state = await stack.stateText();
      assert.ok(!state.includes(CLIENT_SECRET) && !state.includes("not-a-real-token"));
      await expectSuccess(stack.destroy());
      assert.deepEqual(azure.store.list(CLUSTERS), []);
      assert.deepEqual(azure.store.list(POOLS), []);
    });
  });

  it("nothing when the arguments are wrong, and names every problem at once", async () => {
    const wrong = {
      ...plain,
      agentCount: 2,
      kubernetesVersion: "latest",
      privateCluster: true,
      authorizedIpRanges: ["203.0.113.0/24"],
      network: { vnetName: "net", subnetName: "nodes", dockerBridgeCidr: "172.17.0.1/16" },
      outboundType: "anyhow",
      gpuPool: { vmSize: "Standard_NP10s" },
    };
    await withAzureStack({ program: programOf(wrong) }, async (stack, azure) => {
      const { output } = await expectFailure(stack.up());
      for (const path of [
        "agentCount is too small: FastProd needs at least 12 vCPUs on at least 3 nodes: 2 × Standard_D4s_v5 has 8 on 2; use agentCount 3",
        "kubernetesVersion must be",
        "authorizedIpRanges can't be given with privateCluster",
        "network.dockerBridgeCidr has no meaning",
        "outboundType must be",
        "gpuPool.vmSize is an FPGA size",
      ]) {
        assert.ok(output.includes(path), `${path} is missing in ${output}`);
      }
      assert.deepEqual(azure.store.list(CLUSTERS), []);
    });
  });
});

describe("AmlAksCluster changes in place", () => {
  it("each argument of the table", async function () {
    this.timeout(1_800_000);
    await withAzureStack({ program: programOf(plain) }, async (stack, azure) => {
      let args: object = { ...plain, kubernetesVersion: "1.33" };
      await stack.setProgram(programOf(args));
      await expectSuccess(stack.up());
      const kubeconfig = (await stack.outputs())["kubeconfig"];
      for (const changes of inTurns(inPlace)) {
        const what = changes.map((change) => change.what).join(", ");
        args = Object.assign({}, args, ...changes.map(({ after }) => after)) as object;
        await stack.setProgram(programOf(args));
        const steps = new Set(changes.flatMap((change) => change.steps));
        assert.deepEqual(await plannedSteps(stack), [...steps].sort(), what);
        await expectSuccess(stack.up());
        for (const change of changes) {
          for (const [path, value] of change.cluster ? [change.cluster] : []) {
            assert.deepEqual(valueAt(cluster(azure), `properties.${path}`), value, change.what);
          }
          for (const [path, value] of change.agents ? [change.agents] : []) {
            assert.deepEqual(valueAt(agents(azure), `properties.${path}`), value, change.what);
          }
        }
      }
      assert.notEqual((await stack.outputs())["kubeconfig"], kubeconfig);
      await expectNoChange(stack);
      await expectSuccess(stack.refresh());
      await expectNoChange(stack);
    });
  });
});

/** The changes in as few updates as show each one: a turn looks once at the cluster, once at the agents. */
function inTurns(changes: readonly Change[]): readonly (readonly Change[])[] {
  const turns: Change[][] = [];
  for (const change of changes) {
    const turn = turns.at(-1);
    const isApart = turn?.every(
      (other) =>
        Object.keys(change.after).every((name) => !(name in other.after)) &&
        !(change.agents && other.agents) &&
        !(change.cluster && other.cluster),
    );
    if (turn && isApart) turn.push(change);
    else turns.push([change]);
  }
  return turns;
}

describe("AmlAksCluster replaces", () => {
  for (const change of replacing) {
    it(`the agents for ${change.what}, the new ones first`, async () => {
      await withAzureStack({ program: programOf(plain) }, async (stack, azure) => {
        await expectSuccess(stack.up());
        await stack.setProgram(programOf({ ...plain, ...change.after }));
        assert.deepEqual(await plannedSteps(stack), [...change.steps].sort());
        azure.faults.set([]);
        await expectSuccess(stack.up());
        const writes = azure.faults.calls.filter(
          ({ method, path }) => method !== "GET" && path.includes("/agentPools/"),
        );
        assert.deepEqual(
          writes.map(({ method }) => method),
          ["PUT", "DELETE"],
        );
        if (change.agents) {
          assert.deepEqual(
            valueAt(agents(azure), `properties.${change.agents[0]}`),
            change.agents[1],
          );
        }
        await expectNoChange(stack);
      });
    });
  }

  it("the cluster for outboundType, once it is not protected", async () => {
    await withAzureStack({ program: programOf(plain) }, async (stack, azure) => {
      await expectSuccess(stack.up());
      await stack.setProgram(programOf({ ...plain, outboundType: "managedNATGateway" }));
      assert.ok((await plannedSteps(stack)).includes("replace prod"));
      await expectSuccess(stack.up());
      const outboundType = "properties.networkProfile.outboundType";
      assert.equal(valueAt(cluster(azure), outboundType), "managedNATGateway");
      assert.equal(valueAt(agents(azure), "properties.count"), 3);
      await expectNoChange(stack);
    });
  });

  it("neither cluster nor agents while they are protected, which is the default", async () => {
    const guarded = { resourceGroupName: "models", location: "westeurope" };
    await withAzureStack({ program: programOf(guarded) }, async (stack, azure) => {
      await expectSuccess(stack.up());
      for (const change of [
        { agentVmSize: "Standard_D8s_v5" },
        { outboundType: "managedNATGateway" },
      ]) {
        await stack.setProgram(programOf({ ...guarded, ...change }));
        const { output } = await expectFailure(stack.up());
        assert.match(output, /marked for protection/);
      }
      await expectFailure(stack.destroy());
      assert.equal(azure.store.list(CLUSTERS).length, 1);
    });
  });
});

describe("AmlAksCluster sees no difference", () => {
  const args = { ...plain, nodeAutoscaling: { minCount: 3, maxCount: 9 }, upgradeChannel: "patch" };

  it("when the node autoscaler moved the count and AKS upgraded the cluster", async () => {
    await withAzureStack(
      { program: programOf({ ...args, kubernetesVersion: "1.33" }) },
      async (stack, azure) => {
        await expectSuccess(stack.up());
        const [pool] = azure.store.list(POOLS).filter(({ name }) => name.startsWith("agents"));
        assert.ok(pool);
        edit(azure, pool.id, "properties.count", 7);
        edit(azure, pool.id, "properties.orchestratorVersion", "1.34.4");
        edit(azure, clusterId, "properties.kubernetesVersion", "1.34");
        edit(azure, clusterId, "properties.currentKubernetesVersion", "1.34.4");
        await expectNoChange(stack);
        await expectSuccess(stack.refresh());
        await expectNoChange(stack);
        await expectSuccess(stack.up());
        assert.equal(valueAt(agents(azure), "properties.count"), 7);
      },
    );
  });

  it("but what somebody else changed shows after a refresh, and is healed", async () => {
    await withAzureStack({ program: programOf(plain) }, async (stack, azure) => {
      await expectSuccess(stack.up());
      const [pool] = azure.store.list(POOLS).filter(({ name }) => name.startsWith("agents"));
      assert.ok(pool);
      edit(azure, pool.id, "properties.count", 5);
      edit(azure, clusterId, "sku", { name: "Base", tier: "Free" });
      await expectSuccess(stack.refresh());
      assert.deepEqual(await plannedSteps(stack), ["update prod", "update prod-agents"]);
      await expectSuccess(stack.up());
      assert.equal(valueAt(agents(azure), "properties.count"), 3);
      assert.equal(textAt(cluster(azure), "sku.tier"), "Standard");
      await expectNoChange(stack);
    });
  });

  it("but pools that somebody deleted come back", async () => {
    await withAzureStack({ program: programOf(plain) }, async (stack, azure) => {
      await expectSuccess(stack.up());
      for (const pool of azure.store.list(POOLS)) {
        if (pool.name.startsWith("agents")) azure.store.remove(pool.id);
      }
      await expectSuccess(stack.refresh());
      await expectSuccess(stack.up());
      assert.equal(valueAt(agents(azure), "properties.count"), 3);
      await expectNoChange(stack);
    });
  });
});

/** Changes a resource as somebody else would. */
function edit(azure: Azure, id: string, path: string, value: unknown): void {
  const resource = azure.store.get(id);
  assert.ok(resource);
  azure.store.put(id, resource.type, withValueAt(resource.body, path, value), azure.clock.now());
}

const kinds: readonly FaultKind[] = ["500", "503", "429", "timeout", "reset"];

describe("AmlAksCluster survives", () => {
  it("calls all through a create, an update and a delete failing once, and ends as wanted", async () => {
    await withAzureStack(
      { program: programOf(plain), azure: { silenceMs: 20 } },
      async (stack, azure) => {
        let tried = 0;
        const survive = async (position: number, work: () => Promise<CommandResult>) => {
          const kind = kinds[tried % kinds.length] ?? "500";
          const moment = tried % 2 === 0 ? "after" : "before";
          azure.faults.set([{ kind, position, moment }]);
          const result = await work();
          assert.ok(!result.output.includes(CLIENT_SECRET));
          const struck = azure.faults.left === 0;
          if (result.code !== 0) {
            azure.faults.set([]);
            // Run again a minute later: what Azure had taken on has ended meanwhile.
            azure.clock.advance(60);
            await expectSuccess(work());
          }
          if (struck) tried += 1;
          return struck;
        };
        for (let position = 1; ; position += 4) {
          const created = await survive(position, () => stack.up());
          await expectNoChange(stack);
          assert.equal(azure.store.list(CLUSTERS).length, 1);
          await stack.setProgram(programOf({ ...plain, agentCount: 4, azurePolicy: true }));
          const updated = await survive(position, () => stack.up());
          assert.equal(valueAt(agents(azure), "properties.count"), 4);
          const deleted = await survive(position, () => stack.destroy());
          assert.deepEqual(azure.store.list(CLUSTERS), []);
          assert.deepEqual(azure.store.list(POOLS), []);
          await stack.setProgram(programOf(plain));
          if (!created && !updated && !deleted) break;
        }
        assert.ok(tried >= 6, `only ${tried} faults struck`);
      },
    );
  });
});
