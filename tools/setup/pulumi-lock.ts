// The locks of Pulumi's local file backend: clears those of dead processes, waits for those of living ones, or ends these.
import { glob, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processStart } from "../checkout";
import type { Report } from "../programs";
import { endProcess, programOf } from "./end-process";

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

/** A lock that can't go: one sentence about who holds it, and its process when that is on this machine. */
export interface HeldLock {
  readonly clear: false;
  readonly message: string;
  readonly pid?: number;
}

/** Whether a lock can go. */
export type LockDecision = { readonly clear: true } | HeldLock;

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
  return { clear: false, message, pid: lock.pid };
}

/** A stack's name in the file backend: its project and its own name. */
export interface StackName {
  readonly project: string;
  readonly stack: string;
}

/** Clears the stack's locks whose processes are dead; returns the others. */
export function clearDeadLock(backendUrl: string, name: StackName): Promise<readonly HeldLock[]> {
  return clearLocks(backendUrl, `organization/${name.project}/${name.stack}/*.json`);
}

/**
 * Waits until nobody changes the stack; a dead process's lock is cleared.
 * @param timeoutMs how long to wait for a living process
 * @throws Error with the process id when it still holds the lock then, or at once when it is on another machine
 */
export async function waitForLock(
  backendUrl: string,
  name: StackName,
  { report, timeoutMs }: { readonly report: Report; readonly timeoutMs: number },
): Promise<void> {
  const startedMs = performance.now();
  for (let told = false; ; told = true) {
    const [held] = await clearDeadLock(backendUrl, name);
    if (held === undefined) return;
    if (held.pid === undefined) throw new Error(held.message);
    if (!told) {
      report(`Stack ${name.stack} is being changed by process ${held.pid}; waiting for it.`);
    }
    if (performance.now() - startedMs > timeoutMs) throw new Error(held.message);
    await sleep(500);
  }
}

/**
 * Frees the stack's lock: ends the living processes of this machine that hold it ({@link endProcess}).
 * @throws Error when a process of another machine holds it
 */
export async function endLockHolders(
  backendUrl: string,
  name: StackName,
  report: Report,
): Promise<void> {
  for (;;) {
    const [held] = await clearDeadLock(backendUrl, name);
    if (held === undefined) return;
    if (held.pid === undefined) throw new Error(held.message);
    report(`Ending process ${held.pid}, which is changing the stack ${name.stack} …`);
    await endProcess(held.pid);
  }
}

/** Clears every dead lock of the backend and leaves the others to Pulumi. */
export async function clearDeadLocks(backendUrl: string): Promise<void> {
  await clearLocks(backendUrl, "**/*.json");
}

async function clearLocks(backendUrl: string, pattern: string): Promise<readonly HeldLock[]> {
  if (!backendUrl.startsWith("file://")) return [];
  const [path = ""] = backendUrl.slice("file://".length).split("?");
  const folder = join(path, ".pulumi", "locks");
  const held: HeldLock[] = [];
  for await (const name of glob(pattern, { cwd: folder })) {
    const file = join(folder, name);
    const lock = await readLock(file);
    if (lock === "released") continue;
    const [project, stack] = name.split("/").slice(-3);
    const decision =
      lock === "broken"
        ? ({ clear: true } as const)
        : decideLock(`${project ?? ""}/${stack ?? ""}`, lock, witnessOf(lock));
    // The backend keeps a second file with each of its files' attributes.
    if (decision.clear)
      await Promise.all([file, `${file}.attrs`].map((each) => rm(each, { force: true })));
    else held.push(decision);
  }
  return held;
}

/** The CLI puts a whole lock into its place in one step: a broken one is what a full disk or a crash left. */
async function readLock(file: string): Promise<StackLock | "broken" | "released"> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "released";
    throw new Error(`Cannot read the lock ${file}`, { cause: error });
  }
  try {
    return JSON.parse(text) as StackLock;
  } catch {
    return "broken";
  }
}

function witnessOf({ pid }: StackLock): LockWitness {
  const program = processStart(pid) === undefined ? undefined : programOf(pid);
  return { hostname: hostname(), program };
}
