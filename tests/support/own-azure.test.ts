// One variable decides whether tests run on the stand-in or in a resource group of the developer's.
import assert from "node:assert/strict";
import { OWN_AZURE_VARIABLE, ownResourceGroup } from "./own-azure";

describe("ownResourceGroup()", () => {
  const of = (value: string) => ownResourceGroup({ [OWN_AZURE_VARIABLE]: value });

  it("reads subscription and name from the group's id, and is nothing without one", () => {
    assert.deepEqual(of("/subscriptions/0000-1111/resourceGroups/try-out"), {
      subscriptionId: "0000-1111",
      name: "try-out",
    });
    assert.equal(ownResourceGroup({}), undefined);
    assert.equal(of(""), undefined);
  });

  it("refuses anything else, since a slip would make resources elsewhere", () => {
    for (const wrong of [
      "0000-1111",
      "/subscriptions/0000-1111",
      "/subscriptions/a/resourceGroups/b/c",
    ]) {
      assert.throws(() => of(wrong), /AML_INFERENCE_AZURE_GROUP must be \/subscriptions/);
    }
  });
});
