// Starts the Node processes that run users' code, and ends them with this one.
import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable } from "node:stream";

/** What to run. */
export interface NodeCommand {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A running Node process. */
export type NodeProcess = ChildProcessByStdio<null, Readable, Readable>;

const running = new Set<NodeProcess>();

/** Starts Node: the first one on PATH, like the vendor's host. */
export function startNode(command: NodeCommand): NodeProcess {
  return startProgram("node", command);
}

/** Starts a program whose life ends with this process at the latest. */
export function startProgram(program: string, { args, cwd, env }: NodeCommand): NodeProcess {
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  child.once("close", () => running.delete(child));
  return child;
}

/** The exit code once the process has ended and its output is read; -1 when a signal ended it. */
export function exitCodeOf(child: NodeProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve(code ?? -1);
    });
  });
}

/** Ends every process that still runs. */
export function killAll(): void {
  for (const child of running) child.kill("SIGKILL");
}

const graceMs = 5_000;

/** Asks every process to stop in good order, and ends it when it has not after five seconds. */
export function interruptAll(): void {
  for (const child of running) {
    child.kill("SIGINT");
    setTimeout(() => child.kill("SIGKILL"), graceMs).unref();
  }
}
