// The supervisor with real processes: one that ends is started again, one that hangs is killed, and both end with the pod.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { supervise } from "../../../../../serving/router/supervise/io/supervise";
import { until } from "../../../../support/test-router";

/** Writes its process id into a file of the folder, one per line, and says ten times a second that it lives. */
const LIVES = `
require("node:fs").appendFileSync(process.argv[1] + "/pids", process.pid + "\\n");
setInterval(() => process.send("alive"), 100);
`;

describe("supervise()", function () {
  this.timeout(60_000);
  let folder: string;
  let stop: AbortController;
  let lines: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "aml-supervise-"));
    stop = new AbortController();
    lines = [];
  });
  afterEach(() => {
    stop.abort();
    rmSync(folder, { recursive: true });
  });

  const start = (script: string, isProtected = true) =>
    supervise({
      command: [process.execPath, "-e", script, folder],
      isProtected: () => isProtected,
      signal: stop.signal,
      log: (level, message, fields) => lines.push(JSON.stringify({ level, message, ...fields })),
      patience: { atStart: 4, later: 2 },
    });
  const pids = () =>
    existsSync(join(folder, "pids"))
      ? readFileSync(join(folder, "pids"), "utf8").trim().split("\n").map(Number)
      : [];
  const last = () => pids().at(-1) ?? 0;

  it("starts again what was killed, again and again", async () => {
    const ended = start(LIVES);
    for (const count of [1, 2, 3]) {
      await until(() => pids().length === count);
      process.kill(last(), "SIGKILL");
    }
    await until(() => pids().length === 4);
    assert.match(lines[0] ?? "", /the agent ended and is started again.*SIGKILL/);
    stop.abort();
    assert.equal(await ended, 0);
  });

  it("kills what says nothing any more, and starts it again", async () => {
    const ended = start(LIVES);
    await until(() => pids().length === 1);
    const stopped = last();
    // Its first signs of life are read before it is stopped, or at the start's longer patience.
    process.kill(stopped, "SIGSTOP");
    await until(() => pids().length === 2);
    assert.ok(lines.some((line) => line.includes("the agent hangs and is killed")));
    assert.throws(() => process.kill(stopped, 0), /ESRCH/);
    stop.abort();
    assert.equal(await ended, 0);
  });

  it("ends what is stopped with the pod, too", async () => {
    const ended = start(LIVES);
    await until(() => pids().length === 1);
    process.kill(last(), "SIGSTOP");
    stop.abort();
    assert.equal(await ended, 0);
    assert.throws(() => process.kill(last(), 0), /ESRCH/);
  });

  it("ends with its process and its exit code while there is nothing to protect", async () => {
    assert.equal(await start("process.exit(3)", false), 3);
    assert.equal(lines.length, 0);
  });

  it("waits longer each time for a process that fails at once", async () => {
    const ended = start("process.exit(3)");
    await until(() => lines.length === 4);
    const delays = lines.map((line) => (JSON.parse(line) as { delayMs: number }).delayMs);
    assert.deepEqual(delays, [100, 200, 400, 800]);
    stop.abort();
    assert.equal(await ended, 0);
  });
});
