// Kills the Pulumi CLI and everything it started the moment its engine has reported so many events.
import { type ChildProcess } from "node:child_process";
import { readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { finished, type CommandResult, type Stack } from "./stack";

/** Events after which the world may differ from before: the others only describe. */
const TELLING = ["resourcePreEvent", "resOutputsEvent", "resOpFailedEvent"];

export interface Interruption {
  /** False when the command ended before so many events came: there is nothing left to interrupt. */
  readonly killed: boolean;
  readonly result: CommandResult;
}

/** Runs the command (`["up"]`, `["destroy"]`) and sends SIGKILL after the given event, the first being 1. */
export async function killAfterEvent(
  stack: Stack,
  command: readonly string[],
  event: number,
): Promise<Interruption> {
  const log = join(stack.folder, `events-${command.join("-")}-${event}.json`);
  // A log of an earlier command would count.
  await rm(log, { force: true });
  const options = ["--yes", "--skip-preview", "--non-interactive", "--stack", "test"];
  const child = await stack.start([...command, ...options, "--event-log", log], {
    PULUMI_DEBUG_COMMANDS: "true",
  });
  const result = finished(child);
  let killed = false;
  while (child.exitCode === null && child.signalCode === null) {
    if ((await countEvents(log)) >= event) {
      killed = await killTree(child);
      break;
    }
    await sleep(5);
  }
  return { killed, result: await result };
}

async function countEvents(log: string): Promise<number> {
  const text = await readFile(log, "utf8").catch(() => "");
  return text.split("\n").filter((line) => TELLING.some((name) => line.includes(`"${name}"`)))
    .length;
}

/** Kills the process and its descendants, the plugins among them; false when it had ended. */
export async function killTree(child: ChildProcess): Promise<boolean> {
  if (child.pid === undefined) return false;
  const parents = await parentsOfProcesses();
  const doomed = [child.pid];
  // Grows while it is walked: children follow their parents.
  for (const pid of doomed) {
    for (const [other, parent] of parents) if (parent === pid) doomed.push(other);
  }
  const [ended] = doomed.map((pid) => kill(pid));
  return ended ?? false;
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}

async function parentsOfProcesses(): Promise<ReadonlyMap<number, number>> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const pairs = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
      return [Number(pid), Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0)] as const;
    }),
  );
  return new Map(pairs);
}
