// ClusterProtection: when it can be deleted, and what counts as a change.
import assert from "node:assert/strict";
import { operations } from "../../../provider/cluster-protection/operations";

const inputs = { clusterName: "prod", isProtected: true };

describe("ClusterProtection", () => {
  it("can't be deleted while the cluster is protected, and says which argument protects it", async () => {
    const { id, outs } = await operations.create(inputs);
    await assert.rejects(operations.delete(id, outs), {
      message:
        "cluster prod is protected, so nothing of it was deleted: set protectCluster to false, run pulumi up, and then delete it",
    });
  });

  it("can be deleted once protectCluster is false and deployed", async () => {
    const news = { ...inputs, isProtected: false };
    assert.deepEqual(await operations.diff("protection", inputs, news), { changes: true });
    const { outs } = await operations.update("protection", inputs, news);
    await operations.delete("protection", outs);
    assert.deepEqual(await operations.diff("protection", outs, news), { changes: false });
  });

  it("takes its inputs as they are, unknown ones in a preview too", async () => {
    assert.deepEqual(await operations.check({}, inputs), { inputs, failures: [] });
  });
});
