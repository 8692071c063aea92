// AmlAksCluster in random series of changes, refreshes, edits by others and failures: after each run Azure has what is
// declared and what others own, a preview without change is empty, and nothing that is needed was ever missing.
import assert from "node:assert/strict";
import fc from "fast-check";
import { type Azure, type JsonObject, startAzure, valueAt } from "../../tools/standins/azure";
import { clusterId, plannedSteps } from "../support/aks-stories";
import { pluginContext } from "../support/azure-plugin-context";
import {
  expectLive,
  type Model,
  OPERATIONS,
  programOf,
  type SeriesEngine,
  settle,
  newModel,
  subnet,
  Watch,
  type World,
} from "../support/cluster-series";
import { itOnStandIn, withAzureStack } from "../support/azure-stack";
import { LiveEngine, type Program } from "../support/live-engine";
import { expectSuccess, type Stack } from "../support/stack";
import { connectClients, createGroup } from "../tools/standins/azure/azure-clients";

async function play(azure: Azure, engine: SeriesEngine, model: Model, names: readonly string[]) {
  const up = async () => {
    engine.watch?.();
    await engine.up(programOf(model));
    settle(model);
  };
  const world: World = { azure, engine, model, up };
  for (const [name, addressPrefix] of [
    ["nodes", "10.1.0.0/20"],
    ["more", "10.1.16.0/20"],
  ] as const) {
    const type = "Microsoft.Network/virtualNetworks/subnets";
    azure.store.put(subnet(name), type, { properties: { addressPrefix } }, azure.clock.now());
  }
  await up();
  expectLive(azure, model, engine.ownerPrefix);
  for (const name of names) {
    await BY_NAME.get(name)?.run(world);
    azure.clock.advance(60);
  }
  if (model.isFailing) {
    azure.faults.set([{ kind: "500", position: azure.faults.calls.length + 9, moment: "after" }]);
    await up().catch(() => undefined);
    azure.faults.set([]);
    azure.clock.advance(600);
    azure.store.settle(azure.clock.now());
  }
  azure.writes.clear();
  await up();
  for (const { method, id, body } of azure.writes.all) {
    if (method !== "PUT" || id.toLowerCase() !== clusterId.toLowerCase()) continue;
    const pools = valueAt(body, "properties.agentPoolProfiles") as JsonObject[];
    const sent = pools.map((pool) => pool["name"]);
    assert.deepEqual(sent, ["system"], "a PUT of the cluster names its system pool only");
  }
  expectLive(azure, model, engine.ownerPrefix);
  assert.deepEqual(await engine.preview(programOf(model)), []);
  await engine.refresh();
  assert.deepEqual(await engine.preview(programOf(model)), [], "after a refresh");
}

const BY_NAME = new Map(OPERATIONS.map((operation) => [operation.what, operation]));

async function playInProcess(names: readonly string[]): Promise<void> {
  const azure = await startAzure();
  try {
    await createGroup(connectClients(azure));
    const model = newModel();
    const watch = new Watch(azure, model);
    const connect = () => pluginContext(azure);
    const engine = new LiveEngine(azure, connect, () => watch.check());
    await play(azure, Object.assign(engine, { watch: () => watch.begin() }), model, names);
  } finally {
    await azure.close();
  }
}

async function playByCli(names: readonly string[]): Promise<void> {
  const model = newModel();
  await withAzureStack({ program: "" }, async (stack, azure) => {
    await play(azure, cliEngine(stack), model, names);
  });
}

function cliEngine(stack: Stack): SeriesEngine {
  const write = ({ name, formerName, args }: Program) => {
    const aliases = formerName === undefined ? [] : [{ name: formerName }];
    return stack.setProgram(`const { AmlAksCluster } = require("aml-inference");
new AmlAksCluster("${name}", ${JSON.stringify(args)}, { aliases: ${JSON.stringify(aliases)} });
`);
  };
  return {
    ownerPrefix: "aml-inference-test/test/",
    up: async (program) => {
      await write(program);
      await expectSuccess(stack.up());
    },
    preview: async (program) => {
      await write(program);
      return plannedSteps(stack);
    },
    refresh: async () => {
      await expectSuccess(stack.refresh());
    },
  };
}

describe("AmlAksCluster, after any series of changes,", () => {
  const numRuns = Number(process.env["AML_INFERENCE_SEQUENCES"] ?? 25);
  const series = fc.array(fc.constantFrom(...BY_NAME.keys()), { minLength: 3, maxLength: 6 });

  it(`is in Azure what is declared and what others own (${numRuns} series)`, async function () {
    this.timeout(3_600_000);
    await fc.assert(fc.asyncProperty(series, playInProcess), { numRuns });
  });

  const cliRuns = Number(process.env["AML_INFERENCE_CLI_SEQUENCES"] ?? 1);
  itOnStandIn(
    `is so on the real CLI, too (${cliRuns} series)`,
    "others change the stand-in",
    async function () {
      this.timeout(3 * 3_600_000);
      // A failed series takes minutes: it is told as it is.
      const options = { numRuns: cliRuns, endOnFailure: true };
      await fc.assert(fc.asyncProperty(series, playByCli), options);
    },
  );

  for (const name of BY_NAME.keys()) {
    it(`is so after: up, refresh, ${name}`, () => playInProcess(["refresh", name]));
  }
});
