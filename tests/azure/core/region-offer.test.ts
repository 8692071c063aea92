// What a region offers, read from Azure's lists: examples in their published shapes.
import assert from "node:assert/strict";
import { readKubernetesVersions, readVmSizes } from "../../../azure/core/region-offer";
import { someRegions, answerSubscription } from "../../../tools/standins/azure";

describe("readKubernetesVersions()", () => {
  it("reads minors and patches, the newest first", () => {
    const path =
      "/subscriptions/s/providers/Microsoft.ContainerService/locations/l/kubernetesVersions";
    const versions = readKubernetesVersions(answerSubscription(path, "", someRegions)?.body);
    assert.deepEqual(
      versions.map(({ minor }) => minor),
      ["1.35", "1.34", "1.33", "1.30"],
    );
    assert.deepEqual(versions[1], {
      minor: "1.34",
      patches: ["1.34.4", "1.34.2"],
      isDefault: true,
      isPreview: false,
      supportPlans: ["KubernetesOfficial", "AKSLongTermSupport"],
    });
  });

  it("sorts 1.9 below 1.10, and takes an answer without versions for none", () => {
    const values = ["1.9", "1.10"].map((version) => ({ version }));
    assert.deepEqual(
      readKubernetesVersions({ values }).map(({ minor }) => minor),
      ["1.10", "1.9"],
    );
    for (const body of [undefined, {}, { values: "none" }]) {
      assert.deepEqual(readKubernetesVersions(body), []);
    }
  });
});

describe("readVmSizes()", () => {
  it("reads vCPUs, GPUs and zones of machines, and nothing of disks", () => {
    const path = "/subscriptions/s/providers/Microsoft.Compute/skus";
    const filter = "location eq 'westeurope'";
    const sizes = readVmSizes(answerSubscription(path, filter, someRegions)?.body);
    assert.deepEqual(
      sizes.find(({ name }) => name === "Standard_NC4as_T4_v3"),
      {
        name: "Standard_NC4as_T4_v3",
        vCpus: 4,
        gpus: 1,
        zones: ["1", "2", "3"],
        restriction: undefined,
      },
    );
    assert.deepEqual(readVmSizes({ value: [{ resourceType: "disks", name: "Premium_LRS" }] }), []);
  });

  it("reads what a machine may use of its vCPUs, where it is closed, and in which zones", () => {
    const value = [
      {
        resourceType: "virtualMachines",
        name: "Standard_E16-4s_v5",
        capabilities: [
          { name: "vCPUs", value: "16" },
          { name: "vCPUsAvailable", value: "4" },
        ],
        locationInfo: [{ location: "westeurope", zones: ["3", "1", "2"] }],
        restrictions: [
          {
            type: "Zone",
            reasonCode: "NotAvailableForSubscription",
            restrictionInfo: { zones: ["2"] },
          },
          { type: "Location", reasonCode: "NotAvailableForSubscription", values: ["westeurope"] },
        ],
      },
    ];
    assert.deepEqual(readVmSizes({ value }), [
      {
        name: "Standard_E16-4s_v5",
        vCpus: 4,
        gpus: 0,
        zones: ["3", "1"],
        restriction: "NotAvailableForSubscription",
      },
    ]);
  });
});
