// Ends real processes: those that end when asked, those that don't, and what they started.
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { processStart } from "../../../tools/checkout";
import { endProcess } from "../../../tools/setup";
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
