// What `npm run check` and `npm test` run: the static checks, and mocha.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { joinClosingLines } from "./closing-line";

interface Result {
  readonly failed: boolean;
  readonly output: string;
}

/** Stories on the one shared cluster, which must come one after another. */
const ON_CLUSTER = "tests/features/on-cluster/**/*.test.ts";
const FEATURES = "tests/features/**";
const ALL = "tests/**/*.test.ts";

/**
 * What Node compiled for the tests, for one run: stories run copies of the library, and those of former runs would stay
 * in the checkout's.
 */
function openCompileCache(): string {
  const folder = mkdtempSync(join(tmpdir(), "aml-inference-compile-cache-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Mocha's arguments with every test, unless they name files. */
function withFiles(args: readonly string[]): readonly string[] {
  return args.some((argument) => argument.endsWith(".test.ts")) ? args : [...args, ALL];
}

/** Runs mocha in this terminal, on every test unless `args` name files, and ends the process with its exit code. */
export async function runMocha(args: readonly string[]): Promise<never> {
  process.env["NODE_COMPILE_CACHE"] = openCompileCache();
  const child = spawn("mocha", withFiles(args), { stdio: "inherit" });
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (exitCode) => resolve(exitCode ?? 1));
  });
  process.exit(code);
}

/**
 * Runs the unit tests in this terminal, and the static checks beside them, whose failures come after. Ends the process
 * with 1 when either fails.
 * @param args more arguments for mocha, files among them
 */
export async function checkAndRunUnitTests(args: readonly string[]): Promise<never> {
  console.log("Running the unit tests; meanwhile checking format, lint and types …");
  const checks = staticFailures();
  const tests = await captureMocha(["--ignore", FEATURES, ...withFiles(args)], printAsItComes);
  const failures = await checks;
  if (failures !== "") console.error(failures);
  process.exit(tests.failed || failures !== "" ? 1 : 0);
}

/**
 * Runs the static checks, then every test: the stories on the shared cluster in this terminal, and beside them, printed
 * when those are done, all others. Ends the process with 1 when a check or a test fails; the last lines name each that
 * failed, and count all.
 */
export async function checkAndRunAllTests(): Promise<never> {
  console.log("Checking format, lint and types …");
  const failures = await staticFailures();
  if (failures !== "") {
    console.error(failures);
    process.exit(1);
  }
  process.env["NODE_COMPILE_CACHE"] = openCompileCache();
  console.log(`Running ${ON_CLUSTER}; meanwhile all others, whose report comes after …`);
  const others = captureMocha(["--ignore", ON_CLUSTER, ALL]);
  const onCluster = await captureMocha([ON_CLUSTER], printAsItComes);
  const apart = await others;
  await print(`${apart.output}${joinClosingLines([onCluster.output, apart.output])}\n`);
  process.exit(onCluster.failed || apart.failed ? 1 : 0);
}

/** What prettier, and the compiler and eslint with one compiled program, found; empty when nothing. */
async function staticFailures(): Promise<string> {
  const cache = ["--cache", "--cache-strategy", "content"];
  const [format, typesAndLint] = await Promise.all([
    capture("prettier", ["--check", "--log-level", "warn", ...cache, "."]),
    capture("node", ["-r", "ts-node/register/transpile-only", "tools/checks/compile-and-lint.ts"]),
  ]);
  return [
    ...(format.failed ? [`Format:\n${format.output}`] : []),
    ...(typesAndLint.failed ? [`Types and lint:\n${typesAndLint.output}`] : []),
  ].join("\n");
}

/** Prints all of it: what a pipe has not taken yet is lost with the process. */
function print(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}

function printAsItComes(chunk: Buffer): void {
  process.stdout.write(chunk);
}

/** Mocha in a pipe, with the colors of this terminal. */
function captureMocha(
  args: readonly string[],
  onOutput?: (chunk: Buffer) => void,
): Promise<Result> {
  return capture("mocha", [...(process.stdout.isTTY ? ["--color"] : []), ...args], onOutput);
}

/** @param onOutput gets what is printed as it comes */
function capture(
  program: string,
  args: readonly string[],
  onOutput: (chunk: Buffer) => void = () => undefined,
): Promise<Result> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
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
      resolve({ failed: code !== 0, output: Buffer.concat(chunks).toString() });
    });
  });
}
