import assert from "node:assert/strict";
import {
  formerNames,
  guidOf,
  isSameRight,
  rightName,
} from "../../../../components/cluster/core/right-name";

const role = "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/7f951dda";
const right = { scope: "/subscriptions/s/x", principalId: "Principal", roleDefinitionId: role };

describe("rightName()", () => {
  it("is a GUID of scope, principal and role, whatever their spelling", () => {
    assert.match(
      rightName(right),
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    const spelled = {
      scope: "/Subscriptions/S/X/",
      principalId: "principal",
      roleDefinitionId: role.replace("subscriptions/s", "subscriptions/t").toUpperCase(),
    };
    assert.ok(isSameRight(right, spelled));
  });

  it("differs with each of them", () => {
    for (const other of [
      { scope: "/subscriptions/t/x" },
      { principalId: "other" },
      { roleDefinitionId: "/r" },
    ]) {
      assert.ok(!isSameRight(right, { ...right, ...other }));
    }
  });
});

describe("formerNames()", () => {
  const live = (name: string, description?: string) => ({ ...right, id: "/id", name, description });

  it("finds the place in the list that an earlier release named a right after", () => {
    const former = live(guidOf("p/s/old/old-pull-3"), "p/s/old");
    assert.deepEqual(formerNames("prod", former), ["prod-pull-3"]);
    const subnet = live(guidOf("p/s/prod/prod-node-subnet"), "p/s/prod");
    assert.deepEqual(formerNames("prod", subnet), ["prod-node-subnet"]);
  });

  it("finds none for the rights of others", () => {
    assert.deepEqual(formerNames("prod", live(guidOf("whatever"))), []);
    assert.deepEqual(formerNames("prod", live(rightName(right), "p/s/prod 2026-11-26")), []);
  });
});
