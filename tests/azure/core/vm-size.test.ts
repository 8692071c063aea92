// Azure's names of VM sizes: examples and properties of what they tell.
import assert from "node:assert/strict";
import { readVmSize } from "../../../azure/core/vm-size";

describe("readVmSize()", () => {
  // learn.microsoft.com/azure/virtual-machines/sizes, a row of each family's page.
  const sizes: readonly (readonly [string, number, boolean])[] = [
    ["Standard_D3_v2", 4, false],
    ["Standard_DS13_v2", 8, false],
    ["Standard_D4s_v5", 4, false],
    ["Standard_D16ads_v6", 16, false],
    ["Standard_D96pls_v6", 96, false],
    ["Standard_E16-4s_v5", 4, false],
    ["Standard_F8s_v2", 8, false],
    ["Standard_B2ms", 2, false],
    ["Standard_A4_v2", 4, false],
    ["Standard_A9", 16, false],
    ["Standard_M128ms", 128, false],
    ["Standard_HB120rs_v3", 120, false],
    ["Standard_NC6", 6, true],
    ["Standard_NC4as_T4_v3", 4, true],
    ["Standard_NC24ads_A100_v4", 24, true],
    ["Standard_ND96isr_H100_v5", 96, true],
    ["Standard_NV36ads_A10_v5", 36, true],
  ];
  for (const [name, vCpus, gpu] of sizes) {
    it(`reads ${vCpus} vCPUs from ${name}${gpu ? ", which has GPUs" : ""}`, () => {
      assert.deepEqual(readVmSize(name), { ok: true, vCpus, gpu });
    });
  }

  it("reads a name in any case, as Azure does", () => {
    for (const [name, vCpus, gpu] of sizes) {
      for (const other of [name.toLowerCase(), name.toUpperCase()]) {
        assert.deepEqual(readVmSize(other), { ok: true, vCpus, gpu }, other);
      }
    }
  });

  it("refuses FPGA sizes with the reason", () => {
    const read = readVmSize("Standard_NP10s");
    assert.ok(!read.ok);
    assert.match(read.reason, /is an FPGA size/);
  });

  it("says how to go on with a size that it does not know", () => {
    for (const name of ["Large", "Standard_", "standard-d4", "Standard_D99_v2"]) {
      const read = readVmSize(name);
      assert.ok(!read.ok, name);
      assert.match(read.reason, /give agentVCpus/);
    }
  });
});
