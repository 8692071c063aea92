// What `npm run check` and `npm test` have in common: the static checks, and mocha.
import { spawn } from "node:child_process";

interface Result {
  readonly name: string;
  readonly failed: boolean;
  readonly output: string;
}

/**
 * Runs prettier, then eslint and the compiler side by side; ends the process with code 1 and what they printed when one fails.
 */
export async function staticChecks(): Promise<void> {
  console.log("Checking format, lint and types …");
  const results = [
    await capture("prettier", ["--check", "--log-level", "warn", "."]),
    ...(await Promise.all([
      capture("eslint", ["--max-warnings", "0", "."]),
      capture("tsc", ["--noEmit", "-p", "."]),
    ])),
  ];
  const failures = results.filter((result) => result.failed);
  for (const failure of failures) console.error(`${failure.name} failed:\n${failure.output}`);
  if (failures.length > 0) process.exit(1);
}

/** Runs mocha in this terminal, on every test unless `args` name files, and ends the process with its exit code. */
export async function runMocha(args: readonly string[]): Promise<never> {
  const files = args.some((argument) => argument.endsWith(".test.ts"))
    ? []
    : ["tests/**/*.test.ts"];
  const child = spawn("mocha", [...args, ...files], { stdio: "inherit" });
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (exitCode) => resolve(exitCode ?? 1));
  });
  process.exit(code);
}

function capture(name: string, args: readonly string[]): Promise<Result> {
  const child = spawn(name, args, { stdio: ["ignore", "pipe", "pipe"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ name, failed: code !== 0, output: Buffer.concat(chunks).toString() });
    });
  });
}
