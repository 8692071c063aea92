// Tells whether a process recorded earlier still runs: a process id alone may belong to another one by now.
import { readFileSync } from "node:fs";

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot at which the process started. */
  readonly startTime: string;
  readonly bootId: string;
}

/** The id that the kernel drew at this boot. */
export function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

/** Reads a line of /proc/PID/stat: the name in parentheses may hold anything, so fields count from its end. */
export function parseStat(line: string): { pid: number; state: string; startTime: string } | undefined {
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const [state, startTime] = [fields[0], fields[19]];
  const pid = Number.parseInt(line, 10);
  if (!Number.isInteger(pid) || state === undefined || startTime === undefined) return undefined;
  return { pid, state, startTime };
}

/** Reads a file of two lines, the process's stat line and the boot id; undefined when there is none. */
export function readIdentityFile(path: string): ProcessIdentity | undefined {
  let lines: string[];
  try {
    lines = readFileSync(path, "utf8").split("\n");
  } catch {
    return undefined;
  }
  const stat = parseStat(lines[0] ?? "");
  const boot = lines[1];
  if (stat === undefined || boot === undefined) return undefined;
  return { pid: stat.pid, startTime: stat.startTime, bootId: boot };
}

/** The identity of a running process; undefined when there is none with this id or it is a zombie. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  try {
    const stat = parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
    if (stat === undefined || stat.state === "Z") return undefined;
    return { pid, startTime: stat.startTime, bootId: bootId() };
  } catch {
    return undefined;
  }
}

/** True when exactly this process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  const now = identifyProcess(identity.pid);
  return now?.startTime === identity.startTime && now.bootId === identity.bootId;
}
