// Ends real processes: those that end when asked, those that don't, and what they started.
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processStart } from "../../../tools/checkout";
import { endOrphans, endProcess } from "../../../tools/setup";
import { eventually } from "../../support/eventually";

/** A process that runs the script and has printed a line. */
async function started(script: string): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, line: line.toString().trim() };
}

describe("endProcess()", () => {
  it("asks first: the process may end in good order", async () => {
    const { child } = await started(
      `process.on("SIGTERM", () => process.exit(7)); setInterval(() => 0, 1e6); console.log("up")`,
    );
    const ended = once(child, "exit");
    await endProcess(child.pid ?? 0);
    assert.deepEqual(await ended, [7, null]);
  });

  it("kills what does not end when asked, with what it started", async function () {
    if (process.platform !== "linux") this.skip();
    const { child, line } = await started(
      `process.on("SIGTERM", () => 0); const { pid } = require("node:child_process").spawn("sleep", ["600"], { detached: true }); console.log(pid); setInterval(() => 0, 1e6)`,
    );
    const ended = once(child, "exit");
    await endProcess(child.pid ?? 0, 200);
    assert.deepEqual(await ended, [null, "SIGKILL"]);
    await eventually("its child has ended", () => processStart(Number(line)) === undefined);
  });

  it("has nothing to do for a process that has ended", async () => {
    await endProcess(spawnSync("true").pid);
  });
});

describe("endOrphans()", () => {
  it("kills the programs of a folder whose parent is gone, and no others", async function () {
    if (process.platform !== "linux") this.skip();
    const folder = mkdtempSync(join(tmpdir(), "aml-inference-orphans-"));
    const program = join(folder, "sleep");
    try {
      copyFileSync("/bin/sleep", program);
      // The shell ends at once, and so leaves what it started.
      const shell = spawnSync("sh", ["-c", `"${program}" 600 > /dev/null 2>&1 & echo $!`], {
        encoding: "utf8",
      });
      const orphan = Number(shell.stdout);
      const other = spawn("/bin/sleep", ["600"]);
      await endOrphans(folder);
      assert.equal(processStart(orphan), undefined);
      assert.notEqual(processStart(other.pid ?? 0), undefined);
      other.kill();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
