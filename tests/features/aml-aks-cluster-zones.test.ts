// AmlAksCluster on the real CLI: a pool keeps its zones while the program chooses none.
import assert from "node:assert/strict";
import { valueAt } from "../../tools/standins/azure";
import { base } from "./aml-aks-cluster-changes";
import { edit, expectNoChange, plannedSteps, pool, POOLS, programOf } from "../support/aks-stories";
import { itOnStandIn, withAzureStack } from "../support/azure-stack";
import { expectSuccess } from "../support/stack";

describe("AmlAksCluster keeps the zones of a pool", () => {
  itOnStandIn(
    "that was made without, after a refresh and when the state is lost; zones that are chosen replace it",
    "it changes the stand-in behind Pulumi's back",
    async function () {
      this.timeout(1_800_000);
      await withAzureStack({ program: programOf(base) }, async (stack, azure) => {
        const zones = () => valueAt(pool(azure).body, "properties.availabilityZones");
        await expectSuccess(stack.up());
        const { id } = pool(azure);
        // As a release would have left it that did not know the region's zones.
        edit(azure, id, "properties.availabilityZones", undefined);
        await expectNoChange(stack);
        await expectSuccess(stack.refresh());
        await expectNoChange(stack);
        await stack.loseState();
        await expectSuccess(stack.up());
        await expectNoChange(stack);
        assert.equal(azure.store.list(POOLS).length, 2, "the system pool and the agents");
        assert.deepEqual([pool(azure).id, zones()], [id, undefined]);

        await stack.setProgram(programOf({ ...base, zones: ["1"] }));
        assert.deepEqual(await plannedSteps(stack), ["replace prod-agents"]);
        await expectSuccess(stack.up());
        assert.deepEqual(zones(), ["1"]);
        await stack.setProgram(programOf(base));
        assert.deepEqual(await plannedSteps(stack), ["replace prod-agents"]);
        await expectSuccess(stack.up());
        assert.deepEqual(zones(), ["1", "2", "3"]);
        await expectNoChange(stack);
        await expectSuccess(stack.destroy());
      });
    },
  );
});
