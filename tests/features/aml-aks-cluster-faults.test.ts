// AmlAksCluster's resources, carried through every kind of fault: a create, an update and a delete of all that the component declares.
import assert from "node:assert/strict";
import { type FaultKind, faultKinds, type Azure, startAzure } from "../../tools/standins/azure";
import { pluginContext } from "../support/azure-plugin-context";
import { faultStride } from "../support/fault-stride";
import { declareCluster, type Declared } from "../support/planned-changes";
import { PluginEngine } from "../support/plugin-engine";
import { base } from "./aml-aks-cluster-changes";
import { connectClients, createGroup, SUBSCRIPTION } from "../tools/standins/azure/azure-clients";

const registry = `/subscriptions/${SUBSCRIPTION}/resourceGroups/models/providers/Microsoft.ContainerRegistry/registries/acr`;
const full = {
  ...base,
  kubernetesVersion: "1.33",
  maintenanceWindow: { dayOfWeek: "Sunday", startTime: "01:00" },
  gpuPool: { vmSize: "Standard_NC4as_T4_v3" },
  spotPool: { vmSize: "Standard_D8s_v5", maxCount: 5 },
  containerRegistryIds: [registry],
};
const changed = { ...full, agentCount: 4, kubernetesVersion: "1.34", tags: { team: "ml" } };
const STRIDE = faultStride(1);

/** What Azure has of the cluster: ids and bodies, but not who an identity is, which each creation makes up anew. */
function worldOf(azure: Azure): Record<string, unknown> {
  const ours = /^Microsoft\.(ContainerService|ManagedIdentity|Authorization)\//;
  const found = azure.store.all().filter(({ type }) => ours.test(type));
  const made = /"(clientId|principalId)":"[0-9a-f-]{36}"/g;
  const text = (body: object) => JSON.stringify(body).replace(made, '"$1":"made up"');
  return Object.fromEntries(
    found.map(({ id, body }) => [id.toLowerCase(), JSON.parse(text(body)) as unknown]),
  );
}

/** Runs until it succeeds, at most twice more, each time a minute later; says whether once was not enough. */
async function untilDone(azure: Azure, work: () => Promise<void>): Promise<boolean> {
  for (let run = 1; ; run += 1) {
    try {
      await work();
      return run > 1;
    } catch (error) {
      if (run === 3) throw error;
      // What Azure had taken on has ended meanwhile.
      azure.clock.advance(60);
      azure.store.settle(azure.clock.now());
    }
  }
}

interface Tally {
  struck: number;
  /** Those after which the work had to be run again. */
  runAgain: number;
}

async function tryAll(
  kind: FaultKind,
  moment: "before" | "after",
  first: number,
  declared: { readonly made: readonly Declared[]; readonly changed: readonly Declared[] },
): Promise<Tally> {
  const azure = await startAzure({ silenceMs: 5 });
  const tally = { struck: 0, runAgain: 0 };
  try {
    await createGroup(connectClients(azure));
    const engine = new PluginEngine(() => pluginContext(azure));
    const phases = [
      () => engine.up(declared.made),
      () => engine.up(declared.changed),
      () => engine.destroy(),
    ];
    const wanted: Record<string, unknown>[] = [];
    for (const phase of phases) {
      await phase();
      wanted.push(worldOf(azure));
    }
    assert.deepEqual(wanted[2], {});
    for (let position = first, isOver = false; !isOver; position += STRIDE) {
      isOver = true;
      for (const [index, phase] of phases.entries()) {
        azure.faults.set([{ kind, position, moment }]);
        const again = await untilDone(azure, phase);
        assert.deepEqual(worldOf(azure), wanted[index], `${kind} ${moment} call ${position}`);
        if (azure.faults.left > 0) continue;
        isOver = false;
        tally.struck += 1;
        if (again) tally.runAgain += 1;
      }
    }
    return tally;
  } finally {
    await azure.close();
  }
}

describe("AmlAksCluster, its resources in process,", function () {
  this.timeout(3_600_000);
  const total = { struck: 0, runAgain: 0 };
  const moments = ["before", "after"] as const;
  for (const [index, kind] of faultKinds.entries()) {
    // A token's end has no moment.
    for (const moment of kind === "expired-token" ? moments.slice(0, 1) : moments) {
      it(`end as wanted though a create, an update or a delete meets ${kind} ${moment} a call`, async () => {
        const declared = {
          made: await declareCluster(full),
          changed: await declareCluster(changed),
        };
        // Another first position for every kind, so that together they strike every call.
        const first = 1 + ((index * 2 + moments.indexOf(moment)) % STRIDE);
        const tally = await tryAll(kind, moment, first, declared);
        assert.ok(tally.struck > 20 / STRIDE, `only ${tally.struck} calls were struck`);
        total.struck += tally.struck;
        total.runAgain += tally.runAgain;
      });
    }
  }
  after(() => {
    console.log(`    ${total.struck} faults struck, ${total.runAgain} runs had to be repeated`);
  });
});
