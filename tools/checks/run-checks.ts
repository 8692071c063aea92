// What `npm run check` and `npm test` have in common: the static checks, and mocha.
import { spawn } from "node:child_process";
import { sumOfClosingLines } from "./closing-line";

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

/** Stories on the one shared cluster, which must come one after another. */
const ON_CLUSTER = "tests/features/on-cluster/**/*.test.ts";
const ALL = "tests/**/*.test.ts";

/** Runs mocha in this terminal, on every test unless `args` name files, and ends the process with its exit code. */
export async function runMocha(args: readonly string[]): Promise<never> {
  const files = args.some((argument) => argument.endsWith(".test.ts")) ? [] : [ALL];
  const child = spawn("mocha", [...args, ...files], { stdio: "inherit" });
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (exitCode) => resolve(exitCode ?? 1));
  });
  process.exit(code);
}

/**
 * Runs every test: the stories on the shared cluster in this terminal, and beside them, printed when those are done,
 * all others. Ends the process with 1 when one fails; the last line counts both.
 */
export async function runAllMocha(): Promise<never> {
  console.log(`Running ${ON_CLUSTER}; meanwhile all others, whose report comes after …`);
  const color = process.stdout.isTTY ? ["--color"] : [];
  const others = capture("mocha", [...color, "--ignore", ON_CLUSTER, ALL]);
  const onCluster = await capture("mocha", [...color, ON_CLUSTER], (text) => {
    process.stdout.write(text);
  });
  const apart = await others;
  process.stdout.write(apart.output);
  console.log(sumOfClosingLines([onCluster.output, apart.output]));
  process.exit(onCluster.failed || apart.failed ? 1 : 0);
}

/** @param onOutput gets what is printed as it comes */
function capture(
  name: string,
  args: readonly string[],
  onOutput: (chunk: Buffer) => void = () => undefined,
): Promise<Result> {
  const child = spawn(name, args, { stdio: ["ignore", "pipe", "pipe"] });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      onOutput(chunk);
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ name, failed: code !== 0, output: Buffer.concat(chunks).toString() });
    });
  });
}
