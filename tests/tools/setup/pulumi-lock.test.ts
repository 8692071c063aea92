// Which locks of the file backend may go: as a table, and on real files with real processes.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  clearDeadLock,
  clearDeadLocks,
  decideLock,
  endLockHolders,
  type StackLock,
  waitForLock,
} from "../../../tools/setup/pulumi-lock";

const lock: StackLock = {
  pid: 4242,
  hostname: "here",
  username: "someone",
  timestamp: "2026-01-02T03:04:05Z",
};

describe("decideLock()", () => {
  const cases: readonly [string, string, string | undefined, boolean][] = [
    ["clears a lock whose process is gone", "here", undefined, true],
    ["clears a lock whose process id another program has now", "here", "node", true],
    ["keeps the lock of a living pulumi", "here", "pulumi", false],
    ["keeps a living process's lock where its program is unknown", "here", "", false],
    ["keeps another machine's lock", "there", undefined, false],
  ];
  for (const [title, host, program, clear] of cases) {
    it(title, () => {
      const decision = decideLock("quickstart/dev", lock, { hostname: host, program });
      assert.equal(decision.clear, clear);
    });
  }

  it("names the stack, the process and since when in the sentence", () => {
    const decision = decideLock("quickstart/dev", lock, { hostname: "here", program: "pulumi" });
    assert.deepEqual(decision, {
      clear: false,
      message:
        "Stack quickstart/dev is being changed by process 4242 since 2026-01-02T03:04:05Z; wait until it ends.",
      pid: 4242,
    });
  });
});

describe("clearDeadLock()", () => {
  const name = { project: "quickstart", stack: "dev" };
  let backend: string;
  beforeEach(() => {
    backend = mkdtempSync(join(tmpdir(), "aml-inference-lock-"));
  });
  afterEach(() => {
    rmSync(backend, { recursive: true });
  });

  function writeLock(stack: string, pid: number): string {
    const file = join(backend, ".pulumi/locks/organization/quickstart", stack, "one.json");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ ...lock, pid, hostname: hostname() }));
    writeFileSync(`${file}.attrs`, "{}");
    return file;
  }

  function deadPid(): number {
    return spawnSync("true").pid;
  }

  it("removes the lock of a process that is gone, with its attributes", async () => {
    const file = writeLock("dev", deadPid());
    await clearDeadLock(`file://${backend}`, name);
    assert.equal(existsSync(file), false);
    assert.equal(existsSync(`${file}.attrs`), false);
  });

  it("removes a lock that is half-written", async () => {
    const file = writeLock("dev", deadPid());
    writeFileSync(file, '{"pid": 12');
    assert.deepEqual(await clearDeadLock(`file://${backend}`, name), []);
    assert.equal(existsSync(file), false);
  });

  /** Runs the test while a program of the CLI's name holds the lock. */
  async function whileHeld(test: (pid: number, file: string) => Promise<void>): Promise<void> {
    const pulumi = join(backend, "pulumi");
    symlinkSync("/bin/sleep", pulumi);
    const living = spawn(pulumi, ["600"]);
    try {
      await once(living, "spawn");
      await test(living.pid ?? 0, writeLock("dev", living.pid ?? 0));
    } finally {
      living.kill("SIGKILL");
    }
  }

  it("returns the lock of a living pulumi", () =>
    whileHeld(async (pid, file) => {
      const [held] = await clearDeadLock(`file://${backend}`, name);
      assert.equal(held?.pid, pid);
      assert.equal(existsSync(file), true);
    }));

  it("is waited for no longer than was said, and the error names the process", () =>
    whileHeld(async (pid) => {
      const told: string[] = [];
      const options = { report: (line: string) => told.push(line), timeoutMs: 1 };
      await assert.rejects(
        waitForLock(`file://${backend}`, name, options),
        new RegExp(`^Error: Stack quickstart/dev is being changed by process ${String(pid)} `),
      );
      assert.deepEqual(told, [
        `Stack dev is being changed by process ${String(pid)}; waiting for it.`,
      ]);
    }));

  it("is waited for until its process has ended", () =>
    whileHeld(async (pid) => {
      const report = () => process.kill(pid, "SIGKILL");
      await waitForLock(`file://${backend}`, name, { report, timeoutMs: 60_000 });
      assert.deepEqual(await clearDeadLock(`file://${backend}`, name), []);
    }));

  it("is freed by ending its process", () =>
    whileHeld(async (pid, file) => {
      const told: string[] = [];
      await endLockHolders(`file://${backend}`, name, (line) => told.push(line));
      assert.deepEqual(told, [`Ending process ${String(pid)}, which is changing the stack dev …`]);
      assert.equal(existsSync(file), false);
    }));

  it("is neither waited for nor freed when its process is on another machine", async () => {
    const file = writeLock("dev", 1);
    writeFileSync(file, JSON.stringify({ ...lock, hostname: "there" }));
    const report = () => undefined;
    const error = /^Error: Stack quickstart\/dev is locked by someone on there /;
    await assert.rejects(endLockHolders(`file://${backend}`, name, report), error);
    const options = { report, timeoutMs: 60_000 };
    await assert.rejects(waitForLock(`file://${backend}`, name, options), error);
  });

  it("leaves another stack's lock alone, and clearDeadLocks() does not", async () => {
    const other = writeLock("prod", deadPid());
    await clearDeadLock(`file://${backend}`, name);
    assert.equal(existsSync(other), true);
    await clearDeadLocks(`file://${backend}`);
    assert.equal(existsSync(other), false);
  });

  it("has nothing to do for an empty backend or another kind of backend", async () => {
    assert.deepEqual(await clearDeadLock(`file://${backend}`, name), []);
    assert.deepEqual(await clearDeadLock("azblob://stacks", name), []);
  });
});
