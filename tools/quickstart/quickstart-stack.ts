// The quickstart's Pulumi stack: brings it up, reads its outputs and destroys it by the real CLI.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../checkout";
import type { Report } from "../programs";
import {
  endProcess,
  forgetStack,
  ownEnvironment,
  preparePulumi,
  remainingObjects,
  restoreStackFile,
  waitForLock,
  type PulumiCommand,
} from "../setup";
import { START_WAIT_MS, type Share } from "./quickstart-lock";
import { type LocatedStack, quickstartBackend, removeRecord, writeRecord } from "./stack-record";

/** Counts of resources by what the engine did with them, e.g. `{ same: 31 }`. */
export type ResourceChanges = Readonly<Record<string, number>>;

/** Whose process this is, and whom it tells. */
export interface StackContext {
  /** Path of the cluster's kubeconfig. */
  readonly kubeconfig: string;
  readonly report: Report;
  /** Told the process id of each CLI that changes the stack. */
  readonly share?: Share;
}

/** The real CLI on a quickstart's stack, whatever the user's shell has set for other stacks. */
export class QuickstartStack {
  private constructor(
    private readonly command: PulumiCommand,
    private readonly located: LocatedStack,
    private readonly context: StackContext,
  ) {}

  /**
   * The stack for a start: created when there is none, after one that can't be used was forgotten. What such a stack
   * described and is still there is adopted by the next {@link up}.
   * @throws Error when another process changes the stack for more than ten minutes
   */
  static async create(located: LocatedStack, context: StackContext): Promise<QuickstartStack> {
    const stack = await QuickstartStack.open(located, context);
    const { name, cluster, isGiven, isStale, state } = located;
    const backend = quickstartBackend();
    if (state !== "absent") {
      await waitForLock(stack.backendUrl, name, { ...context, timeoutMs: START_WAIT_MS });
    }
    if (state === "broken" || (isStale && state === "readable")) {
      if (isStale || !restoreStackFile(backend, name)) forgetStack(backend, name);
    }
    await stack.capture(["stack", "select", "--create", name.stack]);
    // Last: a stack without its record is forgotten by the next start.
    if (!isGiven) writeRecord(cluster);
    return stack;
  }

  /** A stack that is there. Installs the CLI when it is missing. */
  static async open(located: LocatedStack, context: StackContext): Promise<QuickstartStack> {
    const command = await preparePulumi({
      env: ownEnvironment(process.env),
      report: context.report,
    });
    forgetEncryptionSalt(located.name.stack);
    return new QuickstartStack(command, located, context);
  }

  /** `pulumi up` in this terminal; tells what changed. */
  async up(): Promise<ResourceChanges> {
    const folder = mkdtempSync(join(tmpdir(), "aml-inference-"));
    const log = join(folder, "events.json");
    try {
      await this.run(["up", "--yes", "--skip-preview", "--event-log", log]);
      return resourceChanges(readFileSync(log, "utf8"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** `pulumi preview` in this terminal. */
  async preview(): Promise<void> {
    await this.run(["preview"]);
  }

  /**
   * `pulumi destroy` in this terminal, and the empty stack's removal. Nobody else may change the stack.
   * @param timeoutMs after which the CLI is ended; default: when it is done
   * @throws Error with the objects that are left
   */
  async destroy(timeoutMs?: number): Promise<void> {
    const { name } = this.located;
    try {
      await this.run(["destroy", "--yes", "--skip-preview"], timeoutMs);
    } catch (error) {
      const left = remainingObjects(quickstartBackend(), name);
      const sentence = `${(error as Error).message}; the stack ${name.stack} still has ${left.join(", ") || "no object"}`;
      throw new Error(sentence, { cause: error });
    }
    forgetQuickstart(this.located);
  }

  /** The stack's outputs; secrets in clear only when asked for. */
  async outputs(showSecrets: boolean): Promise<Readonly<Record<string, unknown>>> {
    const flags = showSecrets ? ["--show-secrets"] : [];
    const text = await this.capture(["stack", "output", "--json", ...this.selection, ...flags]);
    return JSON.parse(text) as Record<string, unknown>;
  }

  private get backendUrl(): string {
    return this.command.env["PULUMI_BACKEND_URL"] ?? "";
  }

  private get selection(): readonly string[] {
    return ["--stack", this.located.name.stack];
  }

  private run(args: readonly string[], timeoutMs?: number): Promise<string> {
    const stdio = ["ignore", "inherit", "inherit"] as const;
    return this.spawn([...args, ...this.selection], { stdio, timeoutMs });
  }

  private capture(args: readonly string[]): Promise<string> {
    return this.spawn(args, { stdio: ["ignore", "pipe", "inherit"], timeoutMs: undefined });
  }

  private async spawn(
    args: readonly string[],
    options: {
      readonly stdio: readonly ["ignore", "pipe" | "inherit", "inherit"];
      readonly timeoutMs: number | undefined;
    },
  ): Promise<string> {
    const child = spawn(this.command.pulumi, ["--non-interactive", ...args], {
      cwd: projectRoot,
      env: {
        ...this.command.env,
        AML_INFERENCE_KUBECONFIG: this.context.kubeconfig,
        // `--event-log` is one of the CLI's debug commands.
        PULUMI_DEBUG_COMMANDS: "true",
      },
      stdio: [...options.stdio],
    });
    const { pid } = child;
    if (pid !== undefined) this.context.share?.(pid);
    // The CLI cancels in good order, and we wait for it: the terminal sends it Ctrl-C, and we what ends only us.
    let endedBy: NodeJS.Signals | undefined;
    const interrupted = () => (endedBy = "SIGINT");
    const terminated = () => {
      endedBy = "SIGTERM";
      child.kill("SIGINT");
    };
    process.on("SIGINT", interrupted);
    process.on("SIGTERM", terminated);
    const what = `pulumi ${args[0] ?? ""}`;
    let late = false;
    const timer =
      options.timeoutMs === undefined || pid === undefined
        ? undefined
        : setTimeout(() => {
            late = true;
            void endProcess(pid);
          }, options.timeoutMs);
    const chunks: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
    try {
      const code = await new Promise<number | null>((resolve, reject) => {
        child.once("error", reject);
        child.once("close", resolve);
      });
      if (code === 0) return Buffer.concat(chunks).toString();
      if (late) throw new Error(`${what} took longer than ${String(options.timeoutMs)} ms`);
      throw new Error(`${what} ended with code ${String(code)}`);
    } finally {
      clearTimeout(timer);
      process.off("SIGINT", interrupted);
      process.off("SIGTERM", terminated);
      if (endedBy !== undefined) process.kill(process.pid, endedBy);
    }
  }
}

/**
 * Removes the stack and its record without the CLI: what it describes is gone, or goes with its cluster. Another
 * process that changes the stack must have been ended.
 */
export function forgetQuickstart({ name, isGiven }: LocatedStack): void {
  forgetStack(quickstartBackend(), name);
  if (!isGiven) removeRecord();
  forgetEncryptionSalt(name.stack);
}

/**
 * The CLI writes a stack's salt into its settings in this folder as well, and refuses another backend's afterwards.
 * The backend keeps it, so here it can go; the rest of the settings is the user's.
 */
function forgetEncryptionSalt(stack: string): void {
  const settings = join(projectRoot, `Pulumi.${stack}.yaml`);
  if (!existsSync(settings)) return;
  const others = readFileSync(settings, "utf8").replace(/^encryptionsalt:.*\n?/m, "");
  if (others.trim() === "") rmSync(settings);
  else writeFileSync(settings, others);
}

/** The last summary in an event log, which has one JSON object per line. */
function resourceChanges(eventLog: string): ResourceChanges {
  const summaries = eventLog
    .split("\n")
    .filter((line) => line.includes('"summaryEvent"'))
    .map(
      (line) =>
        JSON.parse(line) as {
          readonly summaryEvent: { readonly resourceChanges: ResourceChanges };
        },
    );
  return summaries.at(-1)?.summaryEvent.resourceChanges ?? {};
}
