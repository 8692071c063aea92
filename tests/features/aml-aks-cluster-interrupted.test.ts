// AmlAksCluster when the CLI is killed: the next run finishes what was begun, with one cluster.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { type Azure } from "../../tools/standins/azure/start-azure";
import { withAzureStack } from "../support/azure-stack";
import { changingSteps, expectSuccess, finished, type Stack } from "../support/stack";

const CLUSTERS = "Microsoft.ContainerService/managedClusters";
const args = { resourceGroupName: "models", location: "westeurope" };
const program = (
  protectCluster: boolean,
  agentCount = 3,
) => `const { AmlAksCluster } = require("aml-inference");
new AmlAksCluster("prod", ${JSON.stringify({ ...args, protectCluster, agentCount })});
`;

/** Starts a command and kills it once Azure has seen a number of calls; says whether it came to that. */
async function killAfter(
  stack: Stack,
  azure: Azure,
  calls: number,
  command: string,
): Promise<boolean> {
  azure.faults.set([]);
  const child = await stack.start([
    command,
    "--yes",
    "--skip-preview",
    "--non-interactive",
    "--stack",
    "test",
  ]);
  const end = finished(child);
  let ended = false;
  void end.then(() => (ended = true));
  while (!ended && azure.faults.calls.length < calls) await sleep(5);
  const killed = !ended && child.kill("SIGKILL");
  await end;
  if (!killed) return false;
  // Plugins notice within two seconds that their engine is gone.
  await sleep(2500);
  await finished(await stack.start(["cancel", "--yes", "--stack", "test"]));
  // Whoever runs again does so a minute later: Azure has gone on meanwhile.
  azure.clock.advance(60);
  return true;
}

describe("AmlAksCluster, killed", () => {
  it("at any step of a create is finished by the next run: one cluster, nothing left to do", async () => {
    let killed = 0;
    // The calls of a create: identity, cluster, its polls, agents, their polls, kubeconfig.
    for (const calls of [2, 4, 7, 12]) {
      await withAzureStack({ program: program(true) }, async (stack, azure) => {
        if (await killAfter(stack, azure, calls, "up")) killed += 1;
        await expectSuccess(stack.up());
        assert.equal(azure.store.list(CLUSTERS).length, 1, `after ${calls} calls`);
        assert.deepEqual(
          changingSteps(await stack.preview()).map(({ op, urn }) => `${op} ${urn}`),
          [],
          `after ${calls} calls`,
        );
      });
    }
    assert.ok(killed >= 3, `killed ${killed} times only`);
  });

  it("at any step of an update or a delete is finished by the next run", async () => {
    await withAzureStack({ program: program(false) }, async (stack, azure) => {
      await expectSuccess(stack.up());
      for (const [index, calls] of [3, 6].entries()) {
        await stack.setProgram(program(false, 4 + index));
        await killAfter(stack, azure, calls, "up");
        await expectSuccess(stack.up());
        assert.deepEqual(changingSteps(await stack.preview()), []);
      }
      await killAfter(stack, azure, 2, "destroy");
      await expectSuccess(stack.destroy());
      assert.deepEqual(azure.store.list(CLUSTERS), []);
    });
  });
});
