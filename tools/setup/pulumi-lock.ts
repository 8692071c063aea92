// Clears the locks that dead processes left in Pulumi's local file backend.
import { glob, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { processStart } from "../checkout";

/** A lock of the file backend: who holds it. */
export interface StackLock {
  readonly pid: number;
  readonly hostname: string;
  readonly username: string;
  readonly timestamp: string;
}

/** What is known about the machine that decides. */
export interface LockWitness {
  readonly hostname: string;
  /** The name of the program that runs under the lock's process id: undefined when none does, `""` when unknown. */
  readonly program: string | undefined;
}

/** Whether a lock can go, or one sentence about who holds it. */
export type LockDecision =
  { readonly clear: true } | { readonly clear: false; readonly message: string };

/**
 * A lock goes only when its process is gone from this machine, or its process id now belongs to another
 * program than `pulumi`.
 */
export function decideLock(stack: string, lock: StackLock, witness: LockWitness): LockDecision {
  const since = `since ${lock.timestamp}`;
  if (lock.hostname !== witness.hostname) {
    const message = `Stack ${stack} is locked by ${lock.username} on ${lock.hostname} (process ${String(lock.pid)}) ${since}; whether that still runs can only be seen there.`;
    return { clear: false, message };
  }
  const { program } = witness;
  if (program === undefined || (program !== "" && !program.startsWith("pulumi"))) {
    return { clear: true };
  }
  const message = `Stack ${stack} is being changed by process ${String(lock.pid)} ${since}; wait until it ends.`;
  return { clear: false, message };
}

/** A stack's name in the file backend: its project and its own name. */
export interface StackName {
  readonly project: string;
  readonly stack: string;
}

/**
 * Clears the stack's lock when the process that took it is dead.
 * @param backendUrl anything but `file://…` has nothing to clear here
 * @throws Error with the process id when a living process holds it
 */
export async function clearDeadLock(backendUrl: string, name: StackName): Promise<void> {
  const live = await clearLocks(backendUrl, `organization/${name.project}/${name.stack}/*.json`);
  const [message] = live;
  if (message !== undefined) throw new Error(message);
}

/** Clears every dead lock of the backend and leaves the others to Pulumi. */
export async function clearDeadLocks(backendUrl: string): Promise<void> {
  await clearLocks(backendUrl, "**/*.json");
}

async function clearLocks(backendUrl: string, pattern: string): Promise<readonly string[]> {
  if (!backendUrl.startsWith("file://")) return [];
  const [path = ""] = backendUrl.slice("file://".length).split("?");
  const folder = join(path, ".pulumi", "locks");
  const live: string[] = [];
  for await (const name of glob(pattern, { cwd: folder })) {
    const file = join(folder, name);
    const lock = await readLock(file);
    if (lock === undefined) continue;
    const [project, stack] = name.split("/").slice(-3);
    const witness = { hostname: hostname(), program: await programOf(lock.pid) };
    const decision = decideLock(`${project ?? ""}/${stack ?? ""}`, lock, witness);
    // The backend keeps a second file with each of its files' attributes.
    if (decision.clear)
      await Promise.all([file, `${file}.attrs`].map((each) => rm(each, { force: true })));
    else live.push(decision.message);
  }
  return live;
}

/** The lock; undefined when it was released meanwhile. A half-written one is an error of JSON. */
async function readLock(file: string): Promise<StackLock | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as StackLock;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`Cannot read the lock ${file}`, { cause: error });
  }
}

async function programOf(pid: number): Promise<string | undefined> {
  if (processStart(pid) === undefined) return undefined;
  try {
    return (await readFile(`/proc/${String(pid)}/comm`, "utf8")).trim();
  } catch {
    return ""; // no /proc on this system
  }
}
