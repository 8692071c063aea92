// A Pulumi stack in a folder of its own: a plain JavaScript program as a consumer would write it, run by the real CLI.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clearDeadLocks, ownEnvironment, preparePulumi } from "../../tools/setup";
import { projectRoot } from "../../tools/checkout";

export interface StackOptions {
  /** CommonJS text of the program's index.js; `aml-inference` and `@pulumi/*` can be required. */
  readonly program: string;
  /** Added to the CLI's environment, which the program and the plugins inherit. */
  readonly env?: Readonly<Record<string, string>>;
  /** A copy of the library instead of a link to this project's, for stories that change its code. Default false. */
  readonly copyLibrary?: boolean;
  /** Name of the stack. Default `test`. */
  readonly name?: string;
}

export interface CommandResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** Both streams as they came. */
  readonly output: string;
}

/** One step of `pulumi preview --json`, as far as tests look. */
export interface PreviewStep {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: { readonly inputs?: Record<string, unknown> };
  readonly newState?: { readonly inputs?: Record<string, unknown> };
}

export interface Preview {
  readonly steps: readonly PreviewStep[];
  readonly diagnostics?: readonly { readonly message: string; readonly severity: string }[];
}

export interface Stack {
  /** The program's folder; rewrite index.js with `setProgram`. */
  readonly folder: string;
  /** The installed library, compiled. */
  readonly library: string;
  setProgram(program: string): Promise<void>;
  /** `pulumi up`; the caller judges the exit code. */
  readonly up: (...args: readonly string[]) => Promise<CommandResult>;
  readonly refresh: (...args: readonly string[]) => Promise<CommandResult>;
  readonly destroy: (...args: readonly string[]) => Promise<CommandResult>;
  preview(...args: readonly string[]): Promise<Preview>;
  outputs(): Promise<Record<string, unknown>>;
  /** The state file as it stands on disk. */
  stateText(): Promise<string>;
  /** Deletes the state, as an accident would; the cluster stays as it is. */
  loseState(): Promise<void>;
  /** Any other command, begun and not waited for. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<ChildProcess>;
  /** Deletes the folder; what the stack deployed is the story's to destroy. */
  close(): Promise<void>;
}

const PROJECT = "aml-inference-test";

/** Runs the story with a new stack, and closes it. */
export async function withStack<T>(
  options: StackOptions,
  story: (stack: Stack) => Promise<T>,
): Promise<T> {
  const stack = await openStack(options);
  try {
    return await story(stack);
  } finally {
    await stack.close();
  }
}

/** A new stack, for stories of several tests; close it at the end. */
export async function openStack(options: StackOptions): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), "aml-inference-stack-"));
  try {
    return await createStack(folder, options);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function createStack(folder: string, options: StackOptions): Promise<Stack> {
  const { name: stackName = "test" } = options;
  const { pulumi, env } = await preparePulumi({ env: ownEnvironment(process.env) });
  const backend = join(folder, "backend");
  const stacks = join(backend, ".pulumi", "stacks");
  await mkdir(backend);
  const library = await installLibrary(folder, options.copyLibrary ?? false);
  await writeFile(join(folder, "Pulumi.yaml"), `name: ${PROJECT}\nruntime: nodejs\n`);
  await writeFile(join(folder, "package.json"), `{ "name": "${PROJECT}", "main": "index.js" }\n`);
  const setProgram = (program: string) => writeFile(join(folder, "index.js"), program);
  await setProgram(options.program);

  const start: Stack["start"] = async (args, extra = {}) => {
    // As `npm run pulumi` does: a command that was killed leaves its lock.
    await clearDeadLocks(`file://${backend}`);
    return spawn(pulumi, [...args], {
      cwd: folder,
      env: {
        ...env,
        PULUMI_BACKEND_URL: `file://${backend}?metadata=skip`,
        PULUMI_CONFIG_PASSPHRASE: "test",
        ...options.env,
        ...extra,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
  };
  const run = async (...args: readonly string[]) => finished(await start(args));
  await expectSuccess(run("stack", "init", stackName));

  const change = ["--yes", "--skip-preview", "--non-interactive", "--stack", stackName];
  return {
    folder,
    library,
    setProgram,
    start,
    close: () => rm(folder, { recursive: true, force: true }),
    up: (...args) => run("up", ...change, ...args),
    refresh: (...args) => run("refresh", ...change, ...args),
    destroy: (...args) => run("destroy", ...change, ...args),
    preview: async (...args) => {
      const result = await run(
        "preview",
        "--json",
        "--non-interactive",
        "--stack",
        stackName,
        ...args,
      );
      assert.equal(result.code, 0, summaryOf(result));
      return JSON.parse(result.stdout) as Preview;
    },
    outputs: async () => {
      const shown = await expectSuccess(
        run("stack", "output", "--json", "--show-secrets", "--stack", stackName),
      );
      return JSON.parse(shown.stdout) as Record<string, unknown>;
    },
    stateText: () => readFile(join(stacks, PROJECT, `${stackName}.json`), "utf8"),
    loseState: async () => {
      await rm(stacks, { recursive: true });
      await expectSuccess(run("stack", "init", stackName));
    },
  };
}

/** Gives the folder a node_modules as a consumer has it; returns the library's compiled code. */
async function installLibrary(folder: string, copy: boolean): Promise<string> {
  const [ours, theirs] = [join(projectRoot, "node_modules"), join(folder, "node_modules")];
  await mkdir(theirs);
  const packages = (await readdir(ours)).filter((name) => name !== "aml-inference");
  await Promise.all(packages.map((name) => symlink(join(ours, name), join(theirs, name))));
  const library = join(theirs, "aml-inference");
  if (copy) {
    await mkdir(library);
    for (const part of ["package.json", "dist"]) {
      await cp(join(projectRoot, part), join(library, part), { recursive: true });
    }
  } else await symlink(projectRoot, library);
  return join(library, "dist");
}

/** The result of a command that must succeed. */
export async function expectSuccess(command: Promise<CommandResult>): Promise<CommandResult> {
  const result = await command;
  assert.equal(result.code, 0, result.output);
  return result;
}

/** The result of a command that must fail. */
export async function expectFailure(command: Promise<CommandResult>): Promise<CommandResult> {
  const result = await command;
  assert.notEqual(result.code, 0, `succeeded:\n${result.output}`);
  return result;
}

/** What a failed preview planned and said, without the states that it prints. */
function summaryOf({ stdout, output }: CommandResult): string {
  if (!stdout.startsWith("{")) return output;
  const { steps, diagnostics } = JSON.parse(stdout) as Preview;
  const planned = steps.map(({ op, urn }) => `${op} ${urn}`);
  return [...planned, JSON.stringify(diagnostics ?? []), output.slice(stdout.length)].join("\n");
}

/** The steps of a preview that would change something. */
export function changingSteps(preview: Preview): readonly PreviewStep[] {
  return preview.steps.filter(({ op }) => op !== "same" && op !== "read");
}

/** Waits for a command and collects what it printed. */
export async function finished(child: ChildProcess): Promise<CommandResult> {
  let [stdout, output] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve({ code, signal, stdout, output });
    });
  });
}
