// A lock between processes of one machine that a dead holder does not keep.
// Plain JavaScript without dependencies, since tools/checkout/bootstrap.mjs needs it before anything is installed.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync, linkSync } from "node:fs";
import { dirname } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";

const retryMs = 250;

/** @type {import("./process-lock.mjs").processStart} */
export function processStart(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === "ESRCH") return undefined;
  }
  let stat;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    // No /proc (macOS): alive is all that can be said. With /proc, the process ended meanwhile.
    return process.platform === "linux" ? undefined : "";
  }
  // The second field is the name in parentheses and may hold anything, also spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  return state === "Z" || state === "X" ? undefined : fields[19];
}

/** @type {import("./process-lock.mjs").withProcessLock} */
export async function withProcessLock(path, onWait, action, timeoutMs = Infinity) {
  mkdirSync(dirname(path), { recursive: true });
  const mine = identity(process.pid);
  const startedMs = performance.now();
  let told = false;
  for (;;) {
    const holder = tryTake(path, [mine]);
    if (holder === undefined) break;
    if (!told) onWait(holder);
    told = true;
    if (performance.now() - startedMs > timeoutMs) {
      const minutes = Math.round(timeoutMs / 60_000);
      throw new Error(
        `Process ${holder} still holds ${path} after ${minutes} minutes: wait until it ends, or end it`,
      );
    }
    await sleep(retryMs);
  }
  try {
    return await action((pid) => {
      const own = `${path}.${process.pid}`;
      writeFileSync(own, JSON.stringify([mine, identity(pid)]));
      renameSync(own, path);
    });
  } finally {
    rmSync(path, { force: true });
  }
}

/** @type {import("./process-lock.mjs").livingHolders} */
export function livingHolders(path) {
  return parse(readIfThere(path) ?? "")
    .filter(lives)
    .map(({ pid }) => pid);
}

function identity(pid) {
  return { pid, start: processStart(pid) };
}

/** Takes the lock, or returns the process id of a living holder. */
function tryTake(path, holders) {
  // Written aside and linked, so that nobody ever reads a lock without its content.
  const own = `${path}.${process.pid}`;
  writeFileSync(own, JSON.stringify(holders));
  try {
    for (;;) {
      try {
        linkSync(own, path);
        return undefined;
      } catch (error) {
        if (error.code !== "EEXIST") throw error;
      }
      const content = readIfThere(path);
      if (content === undefined) continue; // released meanwhile
      const living = parse(content).find(lives);
      if (living !== undefined) return living.pid;
      removeDead(path, content);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** A holder that was already dead when it was written has no start. */
function lives({ pid, start }) {
  return start !== undefined && processStart(pid) === start;
}

/** Removes the lock if it still is the dead one; another process may have replaced it in between. */
function removeDead(path, content) {
  const aside = `${path}.dead.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  if (readIfThere(aside) !== content) linkSync(aside, path);
  rmSync(aside, { force: true });
}

function readIfThere(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** The holders; none when the content is not a lock's. */
function parse(content) {
  try {
    const holders = JSON.parse(content);
    return Array.isArray(holders) ? holders : [];
  } catch {
    return [];
  }
}
