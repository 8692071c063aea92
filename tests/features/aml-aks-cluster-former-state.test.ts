// AmlAksCluster with the state of an earlier release, which numbered its role assignments and had no record of tags: in
// process, nothing is replaced, and no right goes away.
import assert from "node:assert/strict";
import { guidOf } from "../../components/cluster/core/right-name";
import { type Azure, startAzure, textAt, withValueAt } from "../../tools/standins/azure";
import { groupId } from "../support/aks-stories";
import { pluginContext } from "../support/azure-plugin-context";
import { LiveEngine } from "../support/live-engine";
import { connectClients, createGroup } from "../tools/standins/azure/azure-clients";
import { base } from "./aml-aks-cluster-changes";

const RIGHTS = "Microsoft.Authorization/roleAssignments";
const registry = (name: string) =>
  `${groupId}/providers/Microsoft.ContainerRegistry/registries/${name}`;
const programOf = (...registries: string[]) => ({
  name: "prod",
  args: { ...base, tags: { team: "ml" }, containerRegistryIds: registries.map(registry) },
});

/** Azure and the state as the earlier release left them: `prod-pull-0`, `prod-pull-1`, and no tag of the last write. */
function makeFormer(azure: Azure, engine: LiveEngine, registries: readonly string[]): void {
  const moved = new Map<string, string>();
  for (const right of azure.store.list(RIGHTS)) {
    const scope = textAt(right.body, "properties.scope") ?? "";
    const place = registries.findIndex((each) => scope.endsWith(`/${each}`));
    const name = guidOf(`project/stack/prod/prod-pull-${place}`);
    const id = right.id.replace(right.name, name);
    azure.store.remove(right.id);
    const body = withValueAt(right.body, "properties.description", "project/stack/prod");
    azure.store.put(id, right.type, body, azure.clock.now());
    moved.set(right.id.toLowerCase(), `prod-pull-${place}`);
  }
  for (const each of azure.store.all()) {
    const text = JSON.stringify(each.body).replace(/,?"aml-inference-applied":"[^"]*"/g, "");
    azure.store.put(each.id, each.type, JSON.parse(text) as object as Record<string, unknown>, 0);
  }
  azure.clock.advance(3600);
  engine.rewriteState((name, kept) => {
    const former = moved.get(kept.id.toLowerCase());
    const text = JSON.stringify(kept).replace(/,?"aml-inference-applied":"[^"]*"/g, "");
    if (former === undefined) return [name, JSON.parse(text) as typeof kept];
    const guid = guidOf(`project/stack/prod/${former}`);
    const inputs = {
      ...kept.inputs,
      ...{ roleAssignmentName: guid, description: "project/stack/prod" },
    };
    const id = kept.id.replace(/[^/]+$/, guid);
    return [
      former,
      { ...kept, id, inputs, outputs: { ...kept.outputs, ...inputs, id, name: guid } },
    ];
  });
}

describe("AmlAksCluster, with the state of an earlier release,", () => {
  for (const [what, registries, steps] of [
    ["the same list", ["one", "two"], []],
    ["another order", ["two", "one"], []],
    ["a shorter list", ["two"], ["delete prod-pull-0"]],
  ] as const) {
    it(`keeps its rights and replaces nothing: ${what}`, async () => {
      const azure = await startAzure();
      try {
        await createGroup(connectClients(azure));
        const engine = new LiveEngine(azure, () => pluginContext(azure));
        await engine.up(programOf("one", "two"));
        makeFormer(azure, engine, ["one", "two"]);
        const planned = await engine.up(programOf(...registries));
        const others = planned.filter((step) => !/^update prod(-identity|-agents)?$/.test(step));
        assert.deepEqual(others, steps);
        const scopes = azure.store.list(RIGHTS).map(({ body }) => textAt(body, "properties.scope"));
        assert.deepEqual(scopes.sort(), registries.map(registry).sort());
        assert.deepEqual(await engine.preview(programOf(...registries)), []);
      } finally {
        await azure.close();
      }
    });
  }

  it("takes over a right that somebody gave by hand, and leaves it when it is no longer declared", async () => {
    const azure = await startAzure();
    try {
      await createGroup(connectClients(azure));
      const engine = new LiveEngine(azure, () => pluginContext(azure));
      await engine.up(programOf("one"));
      const [own] = azure.store.list(RIGHTS);
      assert.ok(own);
      const id = own.id
        .replace("/registries/one/", "/registries/two/")
        .replace(own.name, guidOf("by hand"));
      const body = withValueAt(
        withValueAt(own.body, "properties.scope", registry("two")),
        "properties.description",
        undefined,
      );
      azure.store.put(id, own.type, body, azure.clock.now());
      azure.clock.advance(3600);
      const steps = await engine.up(programOf("one", "two"));
      assert.deepEqual(
        steps.map((step) => step.split(" ")[0]),
        ["import"],
      );
      assert.deepEqual(await engine.preview(programOf("one", "two")), []);
      await engine.up(programOf("one"));
      assert.equal(azure.store.list(RIGHTS).length, 2);
    } finally {
      await azure.close();
    }
  });
});
