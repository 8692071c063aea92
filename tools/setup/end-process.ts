// Ends a process of this machine that runs a command of this project or the Pulumi CLI, with everything it started.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { processStart } from "../checkout";
import { waitUntil } from "../programs";

/** How long a process may take to end by itself: the CLI then stops what it is doing in good order. */
const graceMs = 60_000;

/**
 * Asks the process to end, and after a minute kills it and its descendants. Nothing to do when it has ended.
 * @throws Error with the process id when it outlives even that
 */
export async function endProcess(pid: number, timeoutMs: number = graceMs): Promise<void> {
  const start = processStart(pid);
  if (start === undefined) return;
  const hasEnded = () => processStart(pid) !== start;
  // The CLI cancels on an interrupt; every other program of ours ends on the ordinary signal.
  signal(pid, programOf(pid).startsWith("pulumi") ? "SIGINT" : "SIGTERM");
  if (await waitUntil(hasEnded, { timeoutMs })) return;
  // Looked up while their parents live: afterwards nothing tells whose children they were.
  for (const each of [pid, ...descendantsOf(pid)]) signal(each, "SIGKILL");
  if (!(await waitUntil(hasEnded, { timeoutMs: 10_000 }))) {
    throw new Error(
      `Process ${pid} does not end, not even killed: end it, and run the command again`,
    );
  }
}

/**
 * Kills the programs below the folder whose parent is gone: a CLI that was killed leaves its plugins, which look for it
 * every few minutes only. Nothing to do on a system that doesn't say what its processes run.
 * @param folder absolute
 */
export async function endOrphans(folder: string): Promise<void> {
  const parents = parentsOfProcesses();
  const isBelow = (pid: number) => executableOf(pid).startsWith(`${folder}/`);
  const orphans = [...parents].filter(
    ([pid, parent]) => isBelow(pid) && programOf(pid) !== "pulumi" && !isBelow(parent),
  );
  for (const [pid] of orphans) await endProcess(pid, 0);
}

/** The absolute path of the program; empty where the system does not say. */
function executableOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${String(pid)}/exe`);
  } catch {
    return ""; // ended, another user's, or no /proc on this system
  }
}

/** The name of the program that the process runs; empty where the system does not say. */
export function programOf(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/comm`, "utf8").trim();
  } catch {
    return ""; // ended, or no /proc on this system
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function descendantsOf(pid: number): readonly number[] {
  const parents = parentsOfProcesses();
  const found = [pid];
  // Grows while it is walked: children follow their parents.
  for (const each of found) {
    for (const [other, parent] of parents) if (parent === each) found.push(other);
  }
  return found.slice(1);
}

function parentsOfProcesses(): ReadonlyMap<number, number> {
  const parents = new Map<number, number>();
  try {
    for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
      try {
        const status = readFileSync(`/proc/${name}/status`, "utf8");
        parents.set(Number(name), Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0));
      } catch {
        continue; // ended meanwhile
      }
    }
  } catch {
    return parents; // no /proc on this system
  }
  return parents;
}
