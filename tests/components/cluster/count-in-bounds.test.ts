// The node autoscaler's count stays its own, unless new bounds leave it outside.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { countInBounds } from "../../../components/cluster/count-in-bounds";

const POOL = "azure-native:containerservice:AgentPool";

/** What becomes of a pool that has `live` machines. */
async function countSent(live: number | undefined, bounds: object, type = POOL) {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ inputs }) => ({ id: "id", state: inputs as object }),
      call: () => ({ count: live }),
    },
    "project",
    "stack",
    false,
  );
  const parent = new pulumi.ComponentResource("test:index:Parent", "parent");
  const named = { resourceGroupName: "models", resourceName: "prod", agentPoolName: "agents" };
  const changed = await countInBounds(parent)({
    ...{ custom: true, type, name: "prod-agents" },
    props: { ...named, count: 3, enableAutoScaling: true, ...bounds },
    opts: { ignoreChanges: ["osSKU", "count"] },
  });
  return changed && [changed.props["count"], changed.opts.ignoreChanges];
}

describe("countInBounds()", () => {
  it("takes the count along when a bound moves past it", async () => {
    assert.deepEqual(await countSent(3, { minCount: 4, maxCount: 10 }), [4, ["osSKU"]]);
    assert.deepEqual(await countSent(9, { minCount: 3, maxCount: 6 }), [6, ["osSKU"]]);
  });

  it("leaves everything else alone", async () => {
    assert.equal(await countSent(7, { minCount: 3, maxCount: 10 }), undefined);
    assert.equal(await countSent(undefined, { minCount: 3, maxCount: 10 }), undefined);
    assert.equal(await countSent(1, { enableAutoScaling: false }), undefined);
    assert.equal(await countSent(1, { minCount: 3, maxCount: 10 }, "other:index:Type"), undefined);
  });
});
