// What the stand-in azure-native plugin takes for a difference, and for a replacement.
import assert from "node:assert/strict";
import fc from "fast-check";
import { DiffRequest } from "@pulumi/pulumi/proto/provider_pb";
import { diff } from "../../../../tools/standins/pulumi-resource-azure-native";
import {
  toArmBody,
  toOutputs,
} from "../../../../tools/standins/pulumi-resource-azure-native/core/arm-body";
import {
  applyDrift,
  deletesFirst,
  diffInputs,
} from "../../../../tools/standins/pulumi-resource-azure-native/core/diff-properties";
import {
  toInputShape,
  withoutEmptyCollections,
} from "../../../../tools/standins/pulumi-resource-azure-native/core/input-shape";
import {
  buildId,
  parseId,
  requireResource,
  resourceTable,
} from "../../../../tools/standins/pulumi-resource-azure-native/core/resource-table";
import {
  nestedInputs,
  resourceInputs,
} from "../../../../tools/standins/pulumi-resource-azure-native/io/sdk-types";
import { toStruct } from "../../../../tools/standins/resource-plugin";

const cluster = requireResource("azure-native:containerservice:ManagedCluster");
const bag = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.jsonValue({ maxDepth: 2 }), {
  noNullPrototype: true,
});

/** Paths of the differences, those that replace with a mark. */
function differencesOf(before: object, after: object, outputs: object = {}): string[] {
  return diffInputs(cluster, { ...before }, { ...after }, { ...outputs }).map(
    ({ path, kind, replaces }) => `${kind} ${path}${replaces ? " (replaces)" : ""}`,
  );
}

describe("diffInputs()", () => {
  it("finds nothing between equals", () => {
    fc.assert(
      fc.property(bag, (value) =>
        assert.deepEqual(differencesOf(value, structuredClone(value)), []),
      ),
    );
  });

  it("names additions, removals and changes by their path, lists by index", () => {
    const before = {
      sku: { tier: "Free" },
      agentPoolProfiles: [{ count: 1, nodeTaints: ["a", "b"] }],
      tags: { a: "1", "b.c": "2" },
      windowsProfile: null,
    };
    const after = {
      sku: { tier: "Standard" },
      agentPoolProfiles: [{ count: 2, nodeTaints: ["b"] }, { count: 1 }],
      tags: { a: "1" },
      kubernetesVersion: "1.34",
    };
    assert.deepEqual(differencesOf(before, after), [
      "update sku.tier",
      "update agentPoolProfiles[0].count",
      "update agentPoolProfiles[0].nodeTaints[0]",
      "delete agentPoolProfiles[0].nodeTaints[1]",
      "add agentPoolProfiles[1]",
      'delete tags.["b.c"]',
      "add kubernetesVersion",
    ]);
  });

  it("replaces for what the published table names, at the top and one level below", () => {
    const values = { networkProfile: { podCidr: "a", loadBalancerProfile: { podCidr: "a" } } };
    const others = { networkProfile: { podCidr: "b", loadBalancerProfile: { podCidr: "b" } } };
    assert.deepEqual(differencesOf(values, others), [
      "update networkProfile.podCidr (replaces)",
      "update networkProfile.loadBalancerProfile.podCidr",
    ]);
    assert.deepEqual(differencesOf({ dnsPrefix: "a" }, { dnsPrefix: "b" }), [
      "update dnsPrefix (replaces)",
    ]);
    assert.deepEqual(differencesOf({ linuxProfile: { ssh: 1 } }, { linuxProfile: { ssh: 2 } }), [
      "update linuxProfile.ssh (replaces)",
    ]);
    assert.deepEqual(differencesOf({ linuxProfile: {} }, { linuxProfile: { ssh: 2 } }), [
      "update linuxProfile (replaces)",
      "add linuxProfile.ssh",
    ]);
    const ranges = (one: string) => ({ networkProfile: { serviceCidrs: [one] } });
    assert.deepEqual(differencesOf(ranges("a"), ranges("b")), [
      "update networkProfile.serviceCidrs[0]",
    ]);
  });

  it("replaces for what fills the path", () => {
    assert.deepEqual(differencesOf({ resourceName: "a" }, { resourceName: "b" }), [
      "update resourceName (replaces)",
    ]);
  });

  it("replaces nothing for what is declared as Azure had it", () => {
    const group = { nodeResourceGroup: "MC_models" };
    assert.deepEqual(differencesOf({}, group, group), ["add nodeResourceGroup"]);
    assert.deepEqual(differencesOf({}, group, { nodeResourceGroup: "other" }), [
      "add nodeResourceGroup (replaces)",
    ]);
    const range = { networkProfile: { podCidr: "10.244.0.0/16" } };
    assert.deepEqual(differencesOf({ networkProfile: {} }, range, range), [
      "add networkProfile.podCidr (replaces)",
    ]);
  });

  it("knows the same location, resource group, tier and id in other words", () => {
    const network = "virtualNetworks/net/subnets/nodes";
    const before = {
      location: "West Europe",
      resourceGroupName: "Models",
      sku: { name: "Basic", tier: "Paid" },
      agentPoolProfiles: [
        {
          vnetSubnetID: `/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/${network}`,
        },
      ],
    };
    const after = {
      location: "westeurope",
      resourceGroupName: "models",
      sku: { name: "Base", tier: "Standard" },
      agentPoolProfiles: [
        {
          vnetSubnetID: `/subscriptions/s/resourcegroups/G/providers/microsoft.network/${network}`,
        },
      ],
    };
    assert.deepEqual(differencesOf(before, after), []);
    assert.deepEqual(differencesOf({ tags: { a: "A" } }, { tags: { a: "a" } }), ["update tags.a"]);
  });
});

describe("deletesFirst()", () => {
  it("is so for whatever is replaced, unless the plugin had made up its name", () => {
    const replacing = diffInputs(cluster, { dnsPrefix: "a" }, { dnsPrefix: "b" }, {});
    const updating = diffInputs(cluster, { tags: {} }, { tags: { a: "1" } }, {});
    assert.equal(deletesFirst(replacing, {}), true);
    assert.equal(deletesFirst(updating, {}), false);
    assert.equal(deletesFirst(replacing, { __createBeforeDelete: true }), false);
    assert.equal(deletesFirst(updating, { __createBeforeDelete: false }), true);
  });
});

describe("diff() without an engine", () => {
  it("leaves what is ignored as it was", () => {
    const request = new DiffRequest();
    request.setType(cluster.token);
    const pools = (count: number, name: string) => ({ agentPoolProfiles: [{ count, name }] });
    request.setOldInputs(toStruct({ ...pools(1, "a"), tags: { a: "1" } }));
    request.setNews(toStruct({ ...pools(2, "b"), kubernetesVersion: "1.34" }));
    request.setIgnorechangesList(["agentPoolProfiles[*].count", "tags", "kubernetesVersion"]);
    assert.deepEqual([...diff(request).getDetaileddiffMap().keys()], ["agentPoolProfiles[0].name"]);
    request.setIgnorechangesList(["agentPoolProfiles", "tags", "kubernetesVersion"]);
    assert.deepEqual(diff(request).getDiffsList(), []);
  });
});

describe("applyDrift()", () => {
  it("changes nothing when Azure changed nothing, whatever it filled in", () => {
    fc.assert(
      fc.property(bag, bag, (inputs, outputs) =>
        assert.deepEqual(applyDrift(inputs, outputs, structuredClone(outputs)), inputs),
      ),
    );
  });

  it("lays lists over each other by index, and takes the new length", () => {
    const pool = (name: string, count: number) => ({ name, count, mode: "System" });
    const inputs = { agentPoolProfiles: [{ name: "system", count: 1 }], zones: ["1", "2", "3"] };
    const before = { agentPoolProfiles: [pool("system", 1)], zones: ["1", "2", "3"] };
    const now = { agentPoolProfiles: [pool("agents", 3), pool("system", 1)], zones: ["1"] };
    assert.deepEqual(applyDrift(inputs, before, now), {
      agentPoolProfiles: [{ name: "agents", count: 3 }, pool("system", 1)],
      zones: ["1"],
    });
  });

  it("lays what Azure changed over what the program wrote", () => {
    const inputs = { sku: { tier: "Standard" }, tags: {} };
    const before = { sku: { name: "Base", tier: "Standard" }, tags: {}, supportPlan: "a" };
    const now = { sku: { name: "Base", tier: "Free" }, tags: {}, supportPlan: "b" };
    assert.deepEqual(applyDrift(inputs, before, now), {
      sku: { tier: "Free" },
      tags: {},
      supportPlan: "b",
    });
  });
});

describe("toInputShape()", () => {
  it("leaves out what only Azure writes, at every depth", () => {
    const outputs = {
      id: "/c",
      fqdn: "c.azmk8s.io",
      agentPoolProfiles: [
        { name: "system", count: 1, eTag: "1", currentOrchestratorVersion: "1.34.4" },
      ],
      identityProfile: { kubeletidentity: { objectId: "o", principal: "p" } },
      oidcIssuerProfile: { enabled: true, issuerURL: "https://issuer" },
      identity: { type: "UserAssigned", userAssignedIdentities: { "/id": { clientId: "c" } } },
      tags: { team: "ml" },
    };
    assert.deepEqual(toInputShape(outputs, resourceInputs(cluster.token), nestedInputs), {
      agentPoolProfiles: [{ name: "system", count: 1 }],
      identityProfile: { kubeletidentity: { objectId: "o" } },
      oidcIssuerProfile: { enabled: true },
      identity: { type: "UserAssigned", userAssignedIdentities: ["/id"] },
      tags: { team: "ml" },
    });
  });
});

describe("withoutEmptyCollections()", () => {
  it("leaves out what is empty, and what has nothing but what is empty", () => {
    assert.deepEqual(withoutEmptyCollections({ a: [], b: { c: {} }, d: false, e: "", f: [0] }), {
      ...{ d: false, e: "", f: [0] },
    });
  });
});

describe("The resources of the stand-in plugin", () => {
  for (const entry of resourceTable) {
    it(`${entry.token}: id and inputs say the same`, () => {
      const names = [...entry.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
      const inputs = Object.fromEntries(
        names.filter((name) => name !== "subscriptionId").map((name) => [name, `${name}-1`]),
      );
      const id = buildId(entry, inputs, "s");
      assert.deepEqual({ ...parseId(entry, id) }, inputs);
      assert.ok(resourceInputs(entry.token).has(entry.nameInput));
    });
  }

  it("have their tags among the properties where Azure has them so", () => {
    const pool = requireResource("azure-native:containerservice:AgentPool");
    const tags = { team: "ml" };
    assert.deepEqual(toArmBody(pool, { agentPoolName: "agents", tags }), { properties: { tags } });
    assert.deepEqual(toArmBody(cluster, { tags }), { tags });
  });

  it("go to Azure with their properties apart, and come back flat", () => {
    const inputs = {
      resourceGroupName: "g",
      resourceName: "c",
      location: "westeurope",
      identity: { type: "UserAssigned", userAssignedIdentities: ["/id"] },
      kubernetesVersion: "1.34",
      autoScalerProfile: { scaleDownUnneededTime: "9m", expander: "random" },
      azureApiVersion: "2025-09-01",
      __createBeforeDelete: true,
    };
    const body = toArmBody(cluster, inputs);
    assert.deepEqual(body, {
      location: "westeurope",
      identity: { type: "UserAssigned", userAssignedIdentities: { "/id": {} } },
      properties: {
        kubernetesVersion: "1.34",
        autoScalerProfile: { "scale-down-unneeded-time": "9m", expander: "random" },
      },
    });
    const { location, identity, kubernetesVersion, autoScalerProfile } = inputs;
    const rest = { autoScalerProfile, identity, kubernetesVersion, location };
    const members = resourceInputs(cluster.token);
    assert.deepEqual(toInputShape(toOutputs(cluster, body), members, nestedInputs), rest);
  });
});
