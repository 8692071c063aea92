// Lets one process at a time change the local cluster.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { identifyProcess, isRunning, type ProcessIdentity } from "./process-identity";

/**
 * Runs `change` while this process holds the lock file; waits for another holder, takes over from a dead one.
 * The lock lies beside the state folder, because `down` removes that.
 */
export async function withClusterLock<T>(
  stateDir: string,
  say: (line: string) => void,
  change: () => Promise<T>,
): Promise<T> {
  const path = `${stateDir}.lock`;
  const self = identifyProcess(process.pid);
  mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  let told = false;
  while (!tryLock(path, self)) {
    const holder = readHolder(path);
    if (holder === undefined || !isRunning(holder)) {
      rmSync(path, { force: true });
      continue;
    }
    if (!told) say(`Waiting for process ${holder.pid}, which is changing the cluster …`);
    told = true;
    await sleep(200);
  }
  try {
    return await change();
  } finally {
    rmSync(path, { force: true });
  }
}

function tryLock(path: string, self: ProcessIdentity | undefined): boolean {
  try {
    writeFileSync(path, JSON.stringify(self), { flag: "wx" });
    return true;
  } catch (error) {
    if (existsSync(path)) return false;
    throw new Error(`Cannot make the lock file ${path}`, { cause: error });
  }
}

function readHolder(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as ProcessIdentity;
  } catch {
    return undefined; // Released just now, or its writer died between making and filling it.
  }
}
