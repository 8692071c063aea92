// The quickstart's Pulumi stack: brings it up, reads its outputs, destroys it, always by the real CLI.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { findCluster } from "../cluster";
import { projectRoot, stateDirectory } from "../checkout";
import { preparePulumi, type PulumiCommand, clearDeadLock } from "../setup";

/** The stack's name in the top-level project. */
const STACK = "quickstart";
const PROJECT = "aml-inference";

/** Counts of resources by what the engine did with them, e.g. `{ same: 31 }`. */
export type ResourceChanges = Readonly<Record<string, number>>;

/** The real CLI on the quickstart's stack. */
export class QuickstartStack {
  private constructor(
    private readonly command: PulumiCommand,
    private readonly kubeconfig: string | undefined,
  ) {}

  /**
   * Installs the CLI when it is missing, clears the lock of a dead process, and creates the stack when there is none.
   * @param kubeconfig path of the cluster's kubeconfig; may be left out for what doesn't reach the cluster
   */
  static async open(kubeconfig?: string): Promise<QuickstartStack> {
    const stack = new QuickstartStack(await preparePulumi(), kubeconfig);
    const backend = stack.command.env["PULUMI_BACKEND_URL"] ?? "";
    await clearDeadLock(backend, { project: PROJECT, stack: STACK });
    forgetEncryptionSalt();
    if (kubeconfig !== undefined) await stack.forgetFormerCluster(kubeconfig);
    await stack.capture(["stack", "select", "--create", STACK]);
    return stack;
  }

  /**
   * A cluster of ours that is gone took everything with it: the stack that describes it is forgotten. What is in a
   * given cluster stays there, so its stack does, too.
   */
  private async forgetFormerCluster(kubeconfig: string): Promise<void> {
    const record = join(stateDirectory(), "quickstart-cluster");
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const authority = config.getCurrentCluster()?.caData ?? "";
    const identity = createHash("sha256").update(authority).digest("hex");
    const former = existsSync(record) ? readFileSync(record, "utf8") : identity;
    if (former !== identity && (await findCluster()).kind !== "given") {
      await this.capture([
        "stack",
        "rm",
        "--force",
        "--yes",
        "--preserve-config",
        "--stack",
        STACK,
      ]);
    }
    writeFileSync(record, identity);
  }

  /** `pulumi up` in this terminal; tells what changed. */
  async up(): Promise<ResourceChanges> {
    const folder = mkdtempSync(join(tmpdir(), "aml-inference-"));
    const log = join(folder, "events.json");
    try {
      await this.run(["up", "--yes", "--skip-preview", "--stack", STACK, "--event-log", log]);
      return resourceChanges(readFileSync(log, "utf8"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** `pulumi destroy` in this terminal, and the empty stack's removal. */
  async destroy(): Promise<void> {
    await this.run(["destroy", "--yes", "--skip-preview", "--stack", STACK]);
    await this.capture(["stack", "rm", "--yes", "--preserve-config", "--stack", STACK]);
  }

  /** The stack's outputs; secrets in clear only when asked for. */
  async outputs(showSecrets: boolean): Promise<Readonly<Record<string, unknown>>> {
    const flags = showSecrets ? ["--show-secrets"] : [];
    const text = await this.capture(["stack", "output", "--json", "--stack", STACK, ...flags]);
    return JSON.parse(text) as Record<string, unknown>;
  }

  private run(args: readonly string[]): Promise<string> {
    return this.spawn(args, ["ignore", "inherit", "inherit"]);
  }

  private capture(args: readonly string[]): Promise<string> {
    return this.spawn(args, ["ignore", "pipe", "inherit"]);
  }

  private spawn(
    args: readonly string[],
    stdio: ["ignore", "pipe" | "inherit", "inherit"],
  ): Promise<string> {
    // `--event-log` is one of the CLI's debug commands.
    const env: Record<string, string> = { ...this.command.env, PULUMI_DEBUG_COMMANDS: "true" };
    if (this.kubeconfig !== undefined) env["AML_INFERENCE_KUBECONFIG"] = this.kubeconfig;
    const child = spawn(this.command.pulumi, ["--non-interactive", ...args], {
      cwd: projectRoot,
      env,
      stdio,
    });
    const chunks: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        if (code === 0) resolve(Buffer.concat(chunks).toString());
        else reject(new Error(`pulumi ${args[0] ?? ""} ended with code ${String(code)}`));
      });
    });
  }
}

/**
 * The CLI writes a stack's salt into its settings in this folder as well, and refuses another backend's afterwards.
 * The backend keeps it, so here it can go; the rest of the settings is the user's.
 */
function forgetEncryptionSalt(): void {
  const settings = join(projectRoot, `Pulumi.${STACK}.yaml`);
  if (!existsSync(settings)) return;
  writeFileSync(settings, readFileSync(settings, "utf8").replace(/^encryptionsalt:.*\n?/m, ""));
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
