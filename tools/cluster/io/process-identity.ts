// Tells whether a process recorded earlier still runs: a process id alone may belong to another one by now.
import { readFileSync } from "node:fs";
import { processStart } from "../../checkout";

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot at which the process started. */
  readonly start: string;
  readonly bootId: string;
}

/** The id that the kernel drew at this boot. */
export function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

/** Reads a file of two lines, a process's /proc/PID/stat and the boot id; undefined when there is none. */
export function readIdentityFile(path: string): ProcessIdentity | undefined {
  let lines: string[];
  try {
    lines = readFileSync(path, "utf8").split("\n");
  } catch {
    return undefined;
  }
  const [stat = "", boot] = lines;
  // The name in parentheses may hold anything, so the fields count from its end.
  const start = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  const pid = Number.parseInt(stat, 10);
  if (Number.isNaN(pid) || start === undefined || boot === undefined) return undefined;
  return { pid, start, bootId: boot };
}

/** True when exactly this process still runs. */
export function isRunning({ pid, start, bootId: boot }: ProcessIdentity): boolean {
  return boot === bootId() && processStart(pid) === start;
}
