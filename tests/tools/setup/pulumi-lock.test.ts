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
  type StackLock,
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

  it("is an error with the process id while a pulumi still runs", async () => {
    const pulumi = join(backend, "pulumi");
    symlinkSync("/bin/sleep", pulumi);
    const living = spawn(pulumi, ["600"]);
    try {
      await once(living, "spawn");
      const file = writeLock("dev", living.pid ?? 0);
      await assert.rejects(
        clearDeadLock(`file://${backend}`, name),
        new RegExp(
          `^Error: Stack quickstart/dev is being changed by process ${String(living.pid)} `,
        ),
      );
      assert.equal(existsSync(file), true);
    } finally {
      living.kill("SIGKILL");
    }
  });

  it("leaves another stack's lock alone, and clearDeadLocks() does not", async () => {
    const other = writeLock("prod", deadPid());
    await clearDeadLock(`file://${backend}`, name);
    assert.equal(existsSync(other), true);
    await clearDeadLocks(`file://${backend}`);
    assert.equal(existsSync(other), false);
  });

  it("has nothing to do for an empty backend or another kind of backend", async () => {
    await clearDeadLock(`file://${backend}`, name);
    await clearDeadLock("azblob://stacks", name);
  });
});
