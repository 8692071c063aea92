// The lock between processes: with real ones, alive and killed.
import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { projectRoot } from "../../../tools/checkout/directories";
import {
  livingHolders,
  processStart,
  withProcessLock,
} from "../../../tools/checkout/process-lock.mjs";

const lockModule = pathToFileURL(join(projectRoot, "tools", "checkout", "process-lock.mjs")).href;

/** A process that takes the lock, says "held" and keeps it until its stdin ends. */
function holder(path: string): ChildProcess {
  const script = `
    import { withProcessLock } from ${JSON.stringify(lockModule)};
    import { once } from "node:events";
    await withProcessLock(${JSON.stringify(path)}, () => undefined, async () => {
      console.log("held");
      process.stdin.resume();
      await once(process.stdin, "end");
    });`;
  return spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
}

const neverWaits = (pid: number): void => {
  assert.fail(`waited for process ${String(pid)}`);
};

async function untilHeld(child: ChildProcess): Promise<void> {
  assert.ok(child.stdout);
  await once(child.stdout, "data");
}

describe("withProcessLock()", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "aml-inference-process-lock-"));
    path = join(folder, "deeper", "lock");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("runs the action, hands over its result and removes the lock", async () => {
    const result = await withProcessLock(path, neverWaits, () => Promise.resolve(existsSync(path)));
    assert.equal(result, true);
    assert.equal(existsSync(path), false);
  });

  it("removes the lock when the action fails", async () => {
    const failing = () => Promise.reject(new Error("no"));
    await assert.rejects(withProcessLock(path, neverWaits, failing), /no/);
    assert.equal(existsSync(path), false);
  });

  it("waits for a living holder and names it once", async () => {
    const child = holder(path);
    await untilHeld(child);
    const told: number[] = [];
    await withProcessLock(
      path,
      (pid) => {
        told.push(pid);
        child.stdin?.end();
      },
      () => Promise.resolve(),
    );
    assert.deepEqual(told, [child.pid]);
  });

  it("gives up waiting after the time that was said, and names the holder", async () => {
    const child = holder(path);
    await untilHeld(child);
    await assert.rejects(
      withProcessLock(
        path,
        () => undefined,
        () => Promise.resolve(),
        1,
      ),
      new RegExp(`^Error: Process ${String(child.pid)} still holds ${path} `),
    );
    child.stdin?.end();
    await once(child, "close");
  });

  it("takes over what a killed process held", async () => {
    const child = holder(path);
    await untilHeld(child);
    child.kill("SIGKILL");
    await once(child, "close");
    assert.equal(existsSync(path), true);
    await withProcessLock(path, neverWaits, () => Promise.resolve());
  });

  it("takes over when the process id belongs to another process now", async function () {
    if (process.platform !== "linux") this.skip();
    await withProcessLock(path, neverWaits, () => Promise.resolve());
    writeFileSync(path, JSON.stringify([{ pid: process.ppid, start: "1" }]));
    await withProcessLock(path, neverWaits, () => Promise.resolve());
  });

  it("is held by a child that it was shared with", async () => {
    const child = spawn("sleep", ["600"]);
    try {
      await withProcessLock(path, neverWaits, (share) => {
        share(child.pid ?? 0);
        const holders = JSON.parse(readFileSync(path, "utf8")) as { pid: number }[];
        assert.deepEqual(
          holders.map(({ pid }) => pid),
          [process.pid, child.pid],
        );
        return Promise.resolve();
      });
    } finally {
      child.kill("SIGKILL");
    }
  });
});

describe("livingHolders()", () => {
  it("names who holds the lock and lives; nobody when it is free, left by the dead or no lock", async () => {
    const folder = mkdtempSync(join(tmpdir(), "aml-inference-process-lock-"));
    const path = join(folder, "lock");
    try {
      assert.deepEqual(livingHolders(path), []);
      const held = () => Promise.resolve(livingHolders(path));
      assert.deepEqual(await withProcessLock(path, neverWaits, held), [process.pid]);
      writeFileSync(path, JSON.stringify([{ pid: spawnSync("true").pid, start: "1" }]));
      assert.deepEqual(livingHolders(path), []);
      for (const text of ["", "{}", '[{"pid"']) {
        writeFileSync(path, text);
        assert.deepEqual(livingHolders(path), []);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("processStart()", () => {
  it("is the same text for the same process, and nothing for one that ended", () => {
    assert.equal(processStart(process.pid), processStart(process.pid));
    assert.notEqual(processStart(process.pid), undefined);
    assert.equal(processStart(spawnSync("true").pid), undefined);
  });
});
