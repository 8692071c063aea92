// compareSnapshots() and the snapshot itself, on this machine.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  compareSnapshots,
  machineSnapshot,
  type MachineSnapshot,
} from "../../../tools/cluster/machine-snapshot";

const empty: MachineSnapshot = {
  processes: [],
  mounts: [],
  interfaces: [],
  networkNamespaces: [],
  firewall: [],
  sysctls: [],
  cgroups: [],
  files: [],
  loopDevices: [],
};

describe("compareSnapshots()", () => {
  it("finds nothing in equal snapshots, and every line that came or went", () => {
    const before = { ...empty, mounts: ["/a tmpfs", "/b tmpfs"] };
    const after = { ...empty, mounts: ["/b tmpfs", "/c tmpfs"], files: ["/x"] };
    assert.deepEqual(compareSnapshots(before, before), []);
    assert.deepEqual(compareSnapshots(before, after), [
      "mounts: - /a tmpfs",
      "mounts: + /c tmpfs",
      "files: + /x",
    ]);
  });

  it("counts equal lines", () => {
    const one = { ...empty, processes: ["sleep"] };
    const two = { ...empty, processes: ["sleep", "sleep"] };
    assert.deepEqual(compareSnapshots(one, two), ["processes: + sleep"]);
    assert.deepEqual(compareSnapshots(two, one), ["processes: - sleep"]);
  });
});

describe("machineSnapshot()", () => {
  it("leaves out the process that asks and those it started", async function () {
    if (process.platform !== "linux") {
      console.log("    skipped: it needs Linux");
      this.skip();
    }
    const child = spawn("sleep", ["1000000007"], { stdio: "ignore" });
    try {
      const { processes } = await machineSnapshot();
      assert.equal(processes.filter((line) => line.includes("1000000007")).length, 0);
    } finally {
      child.kill();
    }
  });
});
