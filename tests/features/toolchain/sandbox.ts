// A cache, a state and a copy of the test's Pulumi project in a temporary folder, and `npm run pulumi` in it.
import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../tools/checkout";
import { processesWith } from "../../support/processes";

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

  constructor() {
    for (const name of ["program", "plugin", "policy-pack"]) {
      cpSync(join(__dirname, name), join(this.folder, name), { recursive: true });
    }
    symlinkSync(join(projectRoot, "node_modules"), join(this.folder, "node_modules"));
    mkdirSync(this.cache, { recursive: true });
  }

  /** Starts `npm run pulumi -- <args>` in the project's folder. */
  start(args: readonly string[]): ChildProcess {
    return spawn(
      process.execPath,
      ["-r", "ts-node/register/transpile-only", join("tools", "commands", "pulumi.ts"), ...args],
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
    for (const pid of this.processes().keys()) process.kill(pid, "SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The command lines of the processes that were started here, by process id; empty without /proc. */
  processes(): ReadonlyMap<number, string> {
    return processesWith(this.folder);
  }
}
