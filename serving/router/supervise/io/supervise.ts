// Keeps a process running inside its container: what ends or hangs is started again in place, and the pod stays ready.
import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { explainError, type Log } from "../../../../runtime/log";
import { countFailures, restartDelayMs } from "../core/restart-delay";

/** Milliseconds between two signs of life of the process; also of the supervisor's checks. */
export const SIGN_PERIOD_MS = 1_000;

/** Checks without a sign of life after which the process is killed. Checks are counted, since clocks jump when machines sleep. */
export interface Patience {
  /** Before the first sign. */
  readonly atStart: number;
  readonly later: number;
}

const PATIENCE: Patience = { atStart: 30, later: 15 };

/** Milliseconds for the process to end by itself when the pod does. */
const END_MS = 5_000;

export interface SupervisorOptions {
  /** Program and arguments. It must send a message (`process.send`) every SIGN_PERIOD_MS. */
  readonly command: readonly string[];
  /** Whether there is something to protect: before that the supervisor ends with the process, so that the pod shows it. */
  readonly isProtected: () => boolean;
  /** The pod ends. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Default PATIENCE. */
  readonly patience?: Patience;
}

/** Resolves with the exit code for the supervisor's own process: 0 when the signal aborted. */
export async function supervise(options: SupervisorOptions): Promise<number> {
  const { isProtected, signal, log } = options;
  let failures = 0;
  while (!signal.aborted) {
    const startedMs = performance.now();
    // A machine without memory or processes left refuses the start: that is one more end.
    const end = await runOnce(options).catch((error: unknown): End => {
      return { code: null, why: explainError(error) };
    });
    if (signal.aborted) break;
    if (!isProtected()) return end.code ?? 1;
    failures = countFailures(failures, performance.now() - startedMs);
    const delayMs = restartDelayMs(failures);
    log("error", "the agent ended and is started again", { why: end.why, failures, delayMs });
    await sleep(delayMs, undefined, { signal }).catch(() => undefined);
  }
  return 0;
}

interface End {
  /** Null: ended by a signal, or never started. */
  readonly code: number | null;
  readonly why: string;
}

async function runOnce({
  command: [program = "", ...args],
  signal,
  log,
  patience = PATIENCE,
}: SupervisorOptions): Promise<End> {
  const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  let silentChecks = 0;
  let limit = patience.atStart;
  child.on("message", () => {
    silentChecks = 0;
    limit = patience.later;
  });
  const check = setInterval(() => {
    if (++silentChecks <= limit) return;
    log("error", "the agent hangs and is killed", { silentSeconds: silentChecks });
    child.kill("SIGKILL");
  }, SIGN_PERIOD_MS);
  const onAbort = () => void end(child);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await endOf(child);
  } finally {
    clearInterval(check);
    signal.removeEventListener("abort", onAbort);
  }
}

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: null, why: error.message }));
    child.once("exit", (code, killedBy) =>
      resolve({ code, why: killedBy === null ? `exit code ${code}` : String(killedBy) }),
    );
  });
}

/** A process that is stopped or hangs takes no notice of SIGTERM. */
async function end(child: ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  await sleep(END_MS, undefined, { ref: false });
  if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
}
