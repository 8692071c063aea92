// AmlAksCluster on the real CLI when things go wrong: calls that fail, a token that ends, a kill, two runs at once.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { type FaultKind, valueAt, type Azure } from "../../tools/standins/azure";
import { base } from "./aml-aks-cluster-changes";
import {
  cluster,
  CLUSTERS,
  expectNoChange,
  pool,
  POOLS,
  programOf as program,
} from "../support/aks-stories";
import { CLIENT_SECRET, itOnStandIn, openAzureStack, withAzureStack } from "../support/azure-stack";
import { eventually } from "../support/eventually";
import { faultStride } from "../support/fault-stride";
import { processesWith } from "../support/processes";
import {
  type CommandResult,
  expectSuccess,
  finished,
  openStack,
  type Stack,
} from "../support/stack";

const programOf = (args: object = {}) => program({ ...base, ...args });

/** Runs until it succeeds: at most once more, a minute later, when what Azure had taken on has ended. */
async function withOneMoreRun(
  azure: Azure,
  work: () => Promise<CommandResult>,
): Promise<CommandResult> {
  const result = await work();
  assert.ok(!result.output.includes(CLIENT_SECRET) && !result.output.includes("standin-"));
  if (result.code === 0) return result;
  azure.faults.set([]);
  azure.clock.advance(60);
  return expectSuccess(work());
}

/** Starts a command and kills it once Azure has seen a number of calls; says whether it came to that. */
async function killAfter(
  stack: Stack,
  azure: Azure,
  calls: number,
  command: string,
): Promise<boolean> {
  azure.faults.set([]);
  const child = await stack.start([
    ...[command, "--yes", "--skip-preview", "--non-interactive"],
    ...["--stack", "test"],
  ]);
  const end = finished(child);
  let ended = false;
  void end.then(() => (ended = true));
  while (!ended && azure.faults.calls.length < calls) await sleep(5);
  const killed = !ended && child.kill("SIGKILL");
  await end;
  if (!killed) return false;
  // Plugins notice a while later that their engine is gone; until then they may go on.
  await eventually("the plugins have ended", () =>
    [...processesWith(stack.folder).values()].every(
      (command) => !command.includes("pulumi-resource-"),
    ),
  );
  await finished(await stack.start(["cancel", "--yes", "--stack", "test"]));
  // Whoever runs again does so a minute later: Azure has gone on meanwhile.
  azure.clock.advance(60);
  return true;
}

describe("AmlAksCluster, killed", () => {
  itOnStandIn(
    "at any step of a create is finished by the next run: one cluster, nothing left to do",
    "runs are killed at a counted call",
    async function () {
      this.timeout(3 * 3_600_000);
      let killed = 0;
      // The calls of a create: the looks at what there is, identity, cluster, its polls, agents, their polls, kubeconfig.
      for (let calls = 5, isOver = false; !isOver; calls += faultStride(5)) {
        await withAzureStack({ program: programOf() }, async (stack, azure) => {
          isOver = !(await killAfter(stack, azure, calls, "up"));
          if (isOver) return;
          killed += 1;
          await expectSuccess(stack.up());
          assert.equal(azure.store.list(CLUSTERS).length, 1, `after ${calls} calls`);
          await expectNoChange(stack);
        });
      }
      assert.ok(killed >= 2, `killed ${killed} times only`);
      console.log(`      killed at ${killed} calls`);
    },
  );

  itOnStandIn(
    "at any step of an update or a delete is finished by the next run",
    "runs are killed at a counted call",
    async function () {
      this.timeout(3 * 3_600_000);
      let killed = 0;
      await withAzureStack({ program: programOf() }, async (stack, azure) => {
        await expectSuccess(stack.up());
        for (let calls = 2, agentCount = 4; ; calls += faultStride(2)) {
          await stack.setProgram(programOf({ agentCount }));
          if (!(await killAfter(stack, azure, calls, "up"))) break;
          killed += 1;
          await expectSuccess(stack.up());
          await expectNoChange(stack);
          assert.equal(valueAt(pool(azure).body, "properties.count"), agentCount);
          agentCount = agentCount === 4 ? 5 : 4;
        }
        for (
          let calls = 2;
          await killAfter(stack, azure, calls, "destroy");
          calls += faultStride(4)
        ) {
          killed += 1;
          await expectSuccess(stack.destroy());
          assert.deepEqual(azure.store.list(CLUSTERS), []);
          await expectSuccess(stack.up());
        }
        assert.deepEqual(azure.store.list(CLUSTERS), []);
      });
      assert.ok(killed >= 4, `killed ${killed} times only`);
      console.log(`      killed at ${killed} calls`);
    },
  );
});

// Each kind of fault and each call: tests/features/aml-aks-cluster-faults.test.ts, in process.
const kinds: readonly FaultKind[] = ["500", "expired-token", "503", "429", "timeout", "reset"];

describe("AmlAksCluster survives", () => {
  itOnStandIn(
    "calls all through a create, an update and a delete failing once, and ends as wanted",
    "calls are made to fail",
    async function () {
      this.timeout(3 * 3_600_000);
      const options = { program: programOf(), azure: { silenceMs: 20 } };
      await withAzureStack(options, async (stack, azure) => {
        let struck = 0;
        const survive = async (position: number, work: () => Promise<CommandResult>) => {
          const kind = kinds[struck % kinds.length] ?? "500";
          const moment = struck % 2 === 0 ? "after" : "before";
          azure.faults.set([{ kind, position, moment }]);
          await withOneMoreRun(azure, work);
          const isStruck = azure.faults.left === 0;
          if (isStruck) struck += 1;
          return isStruck;
        };
        for (let position = 3, isOver = false; !isOver; position += faultStride(4)) {
          const created = await survive(position, () => stack.up());
          await expectNoChange(stack);
          assert.equal(azure.store.list(CLUSTERS).length, 1);
          await stack.setProgram(programOf({ agentCount: 4, azurePolicy: true }));
          const updated = await survive(position, () => stack.up());
          assert.equal(valueAt(pool(azure).body, "properties.count"), 4);
          const deleted = await survive(position, () => stack.destroy());
          assert.deepEqual(azure.store.list(CLUSTERS), []);
          assert.deepEqual(azure.store.list(POOLS), []);
          await stack.setProgram(programOf());
          isOver = !created && !updated && !deleted;
        }
        assert.ok(struck >= 6, `only ${struck} faults struck`);
        console.log(`      ${struck} faults survived`);
      });
    },
  );
});

describe("AmlAksCluster, from two backends at once,", () => {
  itOnStandIn(
    "becomes one cluster that both states know, once both have run again",
    "it looks into the stand-in",
    async () => {
      const world = await openAzureStack({ program: programOf() });
      const { stack: one, standIn: azure, env } = world;
      assert.ok(azure);
      const other = await openStack({ program: programOf(), env });
      try {
        const results = await Promise.all([one.up(), other.up()]);
        // Whoever comes second hears that there is such a resource, or that another operation is at work on it.
        for (const { code, output } of results) {
          if (code === 0) continue;
          assert.match(output, /already exist|in progress|OperationNotAllowed|Conflict/i);
        }
        azure.clock.advance(60);
        for (const stack of [one, other]) {
          await expectSuccess(stack.up());
          await expectNoChange(stack);
        }
        assert.equal(azure.store.list(CLUSTERS).length, 1);
        assert.equal(azure.store.list(POOLS).length, 2, "the system pool and the agents");
        await expectNoChange(one);
        assert.equal(valueAt(cluster(azure), "properties.provisioningState"), "Succeeded");
        // What one deletes, the other finds gone.
        await expectSuccess(one.destroy());
        await expectSuccess(other.destroy());
        assert.deepEqual(azure.store.list(CLUSTERS), []);
      } finally {
        await other.close();
        await world.close();
      }
    },
  );
});
