// Runs a program and returns what it printed; a failure becomes one error that says what was attempted.
import { execFile } from "node:child_process";

export interface CaptureOptions {
  /** Text for the program's standard input. */
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

/** Standard output of a program that ended with 0. Throws an error with the end of its standard error otherwise. */
export function captureOutput(
  program: string,
  args: readonly string[],
  { input, env = process.env, timeoutMs = 0 }: CaptureOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...args],
      { env, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        const reason = stderr.trim().split("\n").slice(-5).join("\n") || error.message;
        reject(new Error(`${program} ${args[0] ?? ""} failed: ${reason}`, { cause: error }));
      },
    );
    // The program may end before it has read everything; its exit status tells that.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input ?? "");
  });
}
