// Runs a program to its end and hands over its output line by line.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How to run it. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Called for every line of stdout and stderr. */
  readonly onLine?: (line: string) => void;
}

/** How it ended; `output` is the last lines of stdout and stderr together. */
export type RunResult =
  { readonly ok: true; readonly output: string } | { readonly ok: false; readonly reason: string };

const keptLines = 15;

/** Runs the program; a program that is missing or fails is a value, with its last lines as the reason. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    // Nothing goes on behind the back of someone who ended the set-up.
    const end = () => {
      child.kill("SIGTERM");
      process.kill(process.pid, "SIGTERM");
    };
    process.once("SIGTERM", end);
    child.once("close", () => process.off("SIGTERM", end));
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        if (lines.length > keptLines) lines.shift();
        options.onLine?.(line);
      });
    }
    child.on("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "ENOENT" ? `${program} is not on PATH` : error.message;
      resolve({ ok: false, reason });
    });
    child.on("close", (code, signal) => {
      if (code === 0) resolve({ ok: true, output: lines.join("\n") });
      else {
        const how = signal === null ? `exit code ${String(code)}` : `signal ${signal}`;
        resolve({ ok: false, reason: [`${program} ended with ${how}`, ...lines].join("\n  ") });
      }
    });
  });
}
