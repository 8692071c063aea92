// A lock between processes of one machine that a dead holder does not keep.
// Plain JavaScript without dependencies, since tools/checkout/bootstrap.mjs needs it before anything is installed.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync, linkSync } from "node:fs";
import { dirname } from "node:path";
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
export async function withProcessLock(path, onWait, action) {
  mkdirSync(dirname(path), { recursive: true });
  const mine = identity(process.pid);
  let told = false;
  for (;;) {
    const holder = tryTake(path, [mine]);
    if (holder === undefined) break;
    if (!told) onWait(holder);
    told = true;
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
      // A holder that was already dead when it was written has no start.
      const living = parse(content).find(
        ({ pid, start }) => start !== undefined && processStart(pid) === start,
      );
      if (living !== undefined) return living.pid;
      removeDead(path, content);
    }
  } finally {
    rmSync(own, { force: true });
  }
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
    return JSON.parse(content);
  } catch {
    return [];
  }
}
