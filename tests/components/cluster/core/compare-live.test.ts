import assert from "node:assert/strict";
import { differencesFrom } from "../../../../components/cluster/core/compare-live";
import { UNKNOWN } from "../../../../values/unknown";

const paths = (declared: object, live: object, skip?: readonly string[]) =>
  differencesFrom(declared, live, skip).map(({ path }) => path);

describe("differencesFrom()", () => {
  const same: readonly (readonly [what: string, declared: object, live: object])[] = [
    ["a region's spelling", { location: "West Europe" }, { location: "westeurope" }],
    ["the case of a size", { vmSize: "standard_d4s_v5" }, { vmSize: "Standard_D4s_v5" }],
    [
      "the case of an id",
      { vnetSubnetID: "/Subscriptions/S/x" },
      { vnetSubnetID: "/subscriptions/s/X" },
    ],
    ["the order of zones", { availabilityZones: ["2", "1"] }, { availabilityZones: ["1", "2"] }],
    ["a value given twice", { ranges: ["a", "A"] }, { ranges: ["a"] }],
    [
      "identities, which Azure lists as a map",
      { identity: { userAssignedIdentities: ["/Subscriptions/i"] } },
      { identity: { userAssignedIdentities: { "/subscriptions/i": { clientId: "c" } } } },
    ],
    ["what is off and absent", { a: false, b: [], c: {}, d: "none", e: { enabled: false } }, {}],
    [
      "the case of an add-on's name",
      { addonProfiles: { omsagent: { enabled: true } } },
      { addonProfiles: { omsAgent: { enabled: true } } },
    ],
    ["what only Azure says", { count: 3 }, { count: 3, osSKU: "Ubuntu" }],
    [
      "what is unknown or not given",
      { a: UNKNOWN, b: undefined, c: [UNKNOWN] },
      { a: 1, c: ["x"] },
    ],
    [
      "AKS's own labels",
      { nodeLabels: { team: "ml" } },
      { nodeLabels: { team: "ml", "kubernetes.azure.com/scalesetpriority": "spot" } },
    ],
  ];
  for (const [what, declared, live] of same) {
    it(`takes ${what} for no difference`, () => {
      assert.deepEqual(differencesFrom(declared, live), []);
    });
  }

  const other: readonly (readonly [what: string, declared: object, live: object, path: string])[] =
    [
      ["a number", { count: 3 }, { count: 5 }, "count"],
      [
        "a zone more",
        { availabilityZones: ["1"] },
        { availabilityZones: ["1", "2"] },
        "availabilityZones",
      ],
      [
        "what was turned on",
        { securityProfile: { x: { enabled: false } } },
        { securityProfile: { x: { enabled: true } } },
        "securityProfile.x.enabled",
      ],
      ["a list that was filled", { ranges: [] }, { ranges: ["203.0.113.0/24"] }, "ranges"],
      [
        "the case of a label's value",
        { nodeLabels: { a: "B" } },
        { nodeLabels: { a: "b" } },
        "nodeLabels.a",
      ],
      [
        "the case of a taint",
        { nodeTaints: ["sku=gpu:NoSchedule"] },
        { nodeTaints: ["sku=GPU:NoSchedule"] },
        "nodeTaints",
      ],
      [
        "a label that nobody declares",
        { nodeLabels: {} },
        { nodeLabels: { a: "b" } },
        "nodeLabels.a",
      ],
      ["what was removed", { sku: { tier: "Standard" } }, {}, "sku.tier"],
      [
        "another identity",
        { identity: { userAssignedIdentities: ["/i"] } },
        { identity: { userAssignedIdentities: { "/j": {} } } },
        "identity.userAssignedIdentities",
      ],
    ];
  for (const [what, declared, live, path] of other) {
    it(`finds ${what}`, () => {
      assert.deepEqual(paths(declared, live), [path]);
    });
  }

  it("passes over what it is told to", () => {
    assert.deepEqual(paths({ count: 3, mode: "User" }, { count: 5, mode: "System" }, ["count"]), [
      "mode",
    ]);
  });
});
