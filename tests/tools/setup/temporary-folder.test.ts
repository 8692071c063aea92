// What the CLI and its plugins leave behind is gone with the command that ran them, at the latest with the next one.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../tools/checkout";
import { temporaryFolder } from "../../../tools/setup/temporary-folder";

describe("temporaryFolder()", () => {
  let state: string;
  beforeEach(() => (state = mkdtempSync(join(tmpdir(), "aml-inference-state-"))));
  afterEach(() => rmSync(state, { recursive: true, force: true }));

  /** Leaves a file in the folder of another process, which ends this way; returns the file. */
  function leave(end: string): string {
    const program = `
      const { temporaryFolder } = require("./tools/setup/temporary-folder");
      const file = require("node:path").join(temporaryFolder(${JSON.stringify(state)}), "kubeconfig1");
      require("node:fs").writeFileSync(file, "secret");
      console.log(file);
      ${end}`;
    const { stdout } = spawnSync(
      process.execPath,
      ["-r", "ts-node/register/transpile-only", "-e", program],
      { cwd: projectRoot, encoding: "utf8" },
    );
    return stdout.trim();
  }

  it("is one per process, and nobody else's to read", () => {
    const folder = temporaryFolder(state);
    assert.equal(temporaryFolder(state), folder);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  });

  it("goes with its process, or once another one begins after that was killed", () => {
    const file = leave("");
    assert.match(file, /kubeconfig1$/);
    assert.ok(!existsSync(file));
    const left = leave("process.kill(process.pid, 'SIGKILL')");
    assert.ok(existsSync(left));
    const own = join(temporaryFolder(state), "kubeconfig2");
    writeFileSync(own, "of this process");
    assert.ok(!existsSync(left));
    leave("");
    assert.ok(existsSync(own));
  });
});
