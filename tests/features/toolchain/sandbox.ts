// A cache, a state and a copy of the test's Pulumi project in a temporary folder, and `npm run pulumi` in it.
import { spawn, type ChildProcess } from "node:child_process";
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../tools/directories";

/** How a command ended. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  /** stdout and stderr as they came. */
  readonly output: string;
}

/** Everything that a run writes is below one temporary folder. */
export class Sandbox {
  readonly folder = mkdtempSync(join(tmpdir(), "aml-inference-toolchain-"));
  /** What `cacheDirectory()` is in the sandbox. */
  readonly cache = join(this.folder, "cache", "aml-inference");
  /** What `stateDirectory()` is in the sandbox. */
  readonly state = join(this.folder, "state", "aml-inference");
  readonly program = join(this.folder, "program");
  readonly policyPack = join(this.folder, "policy-pack");

  readonly #running = new Set<ChildProcess>();

  constructor() {
    for (const name of ["program", "plugin", "policy-pack"]) {
      cpSync(join(__dirname, name), join(this.folder, name), { recursive: true });
    }
    symlinkSync(join(projectRoot, "node_modules"), join(this.folder, "node_modules"));
    mkdirSync(this.cache, { recursive: true });
  }

  /** Starts `npm run pulumi -- <args>` in the project's folder. */
  start(args: readonly string[]): ChildProcess {
    const child = spawn(
      process.execPath,
      ["-r", "ts-node/register/transpile-only", join("tools", "pulumi.ts"), ...args],
      {
        cwd: projectRoot,
        env: {
          ...process.env,
          // The sandbox's cache is complete: nothing of it may be replaced.
          AML_INFERENCE_TOOLCHAIN: undefined,
          // Their types are checked with all the others.
          PULUMI_NODEJS_TRANSPILE_ONLY: "true",
          INIT_CWD: this.program,
          XDG_CACHE_HOME: join(this.folder, "cache"),
          XDG_STATE_HOME: join(this.folder, "state"),
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    this.#running.add(child);
    child.once("close", () => this.#running.delete(child));
    return child;
  }

  /** Runs `npm run pulumi -- <args>` to its end. */
  pulumi(...args: readonly string[]): Promise<CommandResult> {
    const child = this.start(args);
    const stdout: string[] = [];
    const output: string[] = [];
    child.stdout?.on("data", (data: Buffer) => {
      stdout.push(data.toString());
      output.push(data.toString());
    });
    child.stderr?.on("data", (data: Buffer) => output.push(data.toString()));
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        resolve({ code: code ?? -1, stdout: stdout.join(""), output: output.join("") });
      });
    });
  }

  /** Ends what still runs and removes the folder. */
  remove(): void {
    for (const child of this.#running) child.kill("SIGTERM");
    for (const pid of this.#leftovers()) process.kill(pid, "SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Pulumi's own plugins outlive a killed CLI: those started from the sandbox, and their children. */
  #leftovers(): readonly number[] {
    const found = new Set<number>();
    for (const entry of globSync("/proc/[0-9]*").sort(byNumber)) {
      try {
        const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(join(entry, "status"), "utf8"))?.[1];
        const command = readFileSync(join(entry, "cmdline"), "utf8");
        if (found.has(Number(parent)) || command.includes(this.folder)) {
          found.add(Number(entry.slice("/proc/".length)));
        }
      } catch {
        continue; // ended meanwhile
      }
    }
    return [...found];
  }
}

// A child's number is larger than its parent's, as long as the numbers have not wrapped around.
function byNumber(left: string, right: string): number {
  return Number(left.slice("/proc/".length)) - Number(right.slice("/proc/".length));
}
