// What the stand-in azure-native plugin takes for a difference, and for a replacement.
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  applyDrift,
  diffProperties,
  replaces,
} from "../../../../tools/standins/pulumi-resource-azure-native/core/diff-properties";
import {
  toArmBody,
  toInputShape,
  toOutputs,
} from "../../../../tools/standins/pulumi-resource-azure-native/core/arm-body";
import {
  buildId,
  parseId,
  requireResource,
  resourceTable,
} from "../../../../tools/standins/pulumi-resource-azure-native/core/resource-table";
import { sdkInputs } from "../../../../tools/standins/pulumi-resource-azure-native/io/sdk-inputs";

const cluster = requireResource("azure-native:containerservice:ManagedCluster");
const bag = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.jsonValue({ maxDepth: 2 }), {
  noNullPrototype: true,
});

describe("diffProperties()", () => {
  it("finds nothing between equals", () => {
    fc.assert(
      fc.property(bag, (value) =>
        assert.deepEqual(diffProperties(value, structuredClone(value)), []),
      ),
    );
  });

  it("names additions, removals and changes by their path", () => {
    const before = { sku: { tier: "Free" }, agentPoolProfiles: [{ count: 1 }], tags: { a: "1" } };
    const after = { sku: { tier: "Standard" }, agentPoolProfiles: [{ count: 2 }], location: "x" };
    assert.deepEqual(diffProperties(before, after), [
      { path: "sku.tier", kind: "update" },
      { path: "agentPoolProfiles[0].count", kind: "update" },
      { path: "tags", kind: "delete" },
      { path: "location", kind: "add" },
    ]);
  });
});

describe("replaces()", () => {
  it("follows the published table: paths, and names at any depth", () => {
    const of = (path: string) => replaces(cluster, { path, kind: "update" });
    for (const path of [
      "resourceName",
      "location",
      "dnsPrefix",
      "networkProfile.serviceCidr",
      "networkProfile.outboundType",
    ]) {
      assert.ok(of(path), path);
    }
    for (const path of [
      "sku.tier",
      "kubernetesVersion",
      "agentPoolProfiles[0].count",
      "networkProfile.loadBalancerProfile.managedOutboundIPs.count",
      "tags.team",
    ]) {
      assert.ok(!of(path), path);
    }
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

describe("The resources of the stand-in plugin", () => {
  for (const entry of resourceTable) {
    it(`${entry.token}: id and inputs say the same`, () => {
      const names = [...entry.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
      const inputs = Object.fromEntries(
        names.filter((name) => name !== "subscriptionId").map((name) => [name, `${name}-1`]),
      );
      const id = buildId(entry, inputs, "s");
      assert.deepEqual({ ...parseId(entry, id) }, inputs);
      assert.ok(sdkInputs(entry.token).includes(entry.nameInput));
    });
  }

  it("go to Azure with their properties apart, and come back flat", () => {
    const inputs = {
      resourceGroupName: "g",
      resourceName: "c",
      location: "westeurope",
      identity: { type: "UserAssigned", userAssignedIdentities: ["/id"] },
      kubernetesVersion: "1.34",
    };
    const body = toArmBody(cluster, inputs);
    assert.deepEqual(body, {
      location: "westeurope",
      identity: { type: "UserAssigned", userAssignedIdentities: { "/id": {} } },
      properties: { kubernetesVersion: "1.34" },
    });
    const { location, identity, kubernetesVersion } = inputs;
    const rest = { location, identity, kubernetesVersion };
    assert.deepEqual(toInputShape(toOutputs(cluster, body), Object.keys(rest)), rest);
  });
});
