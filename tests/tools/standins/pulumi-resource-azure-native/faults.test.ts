// The stand-in azure-native plugin against the stand-in Azure: every call of a create, an update and a delete goes wrong once.
import assert from "node:assert/strict";
import { CreateRequest, UpdateRequest } from "@pulumi/pulumi/proto/provider_pb";
import { type FaultKind, valueAt, type Azure, startAzure } from "../../../../tools/standins/azure";
import { type PluginContext } from "../../../../tools/standins/pulumi-resource-azure-native/context";
import {
  create,
  update,
} from "../../../../tools/standins/pulumi-resource-azure-native/methods/write";
import { toStruct } from "../../../../tools/standins/resource-plugin";
import { pluginContext } from "../../../support/azure-plugin-context";
import { connectClients, createGroup, GROUP } from "../azure/azure-clients";

const TYPE = "azure-native:containerservice:ManagedCluster";
const CLUSTERS = "Microsoft.ContainerService/managedClusters";
const inputs = {
  resourceGroupName: GROUP,
  resourceName: "prod",
  location: "westeurope",
  dnsPrefix: "prod",
  identity: { type: "SystemAssigned" },
  agentPoolProfiles: [{ name: "system", mode: "System", count: 1, vmSize: "Standard_D2s_v5" }],
};

async function runCreate(context: PluginContext): Promise<void> {
  const request = new CreateRequest();
  request.setType(TYPE);
  request.setProperties(toStruct(inputs));
  await create(request, context);
}

async function runUpdate(context: PluginContext, id: string): Promise<void> {
  const request = new UpdateRequest();
  request.setType(TYPE);
  request.setId(id);
  request.setNews(toStruct({ ...inputs, tags: { team: "ml" } }));
  await update(request, context);
}

/** When an answer was lost, the repeated call finds the first at work: Azure refuses it, and the next run goes on. */
async function orAMinuteLater(
  azure: Azure,
  work: () => Promise<void>,
  again: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    assert.match(String(error), /OperationNotAllowed/);
    azure.clock.advance(60);
    azure.store.settle(azure.clock.now());
    await again();
  }
}

const kinds: readonly FaultKind[] = ["500", "503", "429", "timeout", "reset"];

describe("The stand-in azure-native plugin", () => {
  for (const kind of kinds) {
    for (const moment of ["before", "after"] as const) {
      it(`carries a create, an update and a delete through a ${kind} ${moment} each call`, async () => {
        const azure = await startAzure({ silenceMs: 10 });
        try {
          await createGroup(connectClients(azure));
          const context = pluginContext(azure);
          let struck = 0;
          for (let position = 1, left = 0; left === 0; position++) {
            const fault = { kind, position, moment };
            azure.faults.set([fault]);
            // A create whose answer was lost has happened; the component takes it over in the next run.
            await orAMinuteLater(
              azure,
              () => runCreate(context),
              () => Promise.resolve(),
            );
            const [created] = azure.store.list(CLUSTERS);
            assert.equal(valueAt(created?.body, "properties.provisioningState"), "Succeeded");
            left += azure.faults.left;
            azure.faults.set([fault]);
            const change = () => runUpdate(context, created?.id ?? "");
            await orAMinuteLater(azure, change, change);
            assert.deepEqual(azure.store.list(CLUSTERS)[0]?.body["tags"], { team: "ml" });
            azure.faults.set([fault]);
            const remove = () => context.client.delete(created?.id ?? "", "2025-09-01");
            await orAMinuteLater(azure, remove, remove);
            assert.deepEqual(azure.store.list(CLUSTERS), []);
            struck += 1;
          }
          assert.ok(struck > 4);
        } finally {
          await azure.close();
        }
      });
    }
  }
});
