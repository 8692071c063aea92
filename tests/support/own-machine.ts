// Runs a story on "a machine of its own": new network, process and mount namespaces, so that it disturbs no cluster in use, and sees this checkout as it is but leaves it alone.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureOsPackages, reportToTerminal } from "../../tools/programs";
import { projectRoot } from "../../tools/checkout";
import { buildImages } from "../../tools/cluster";
import { ensureKubernetesBinary, preparePulumi } from "../../tools/setup";

// What the story writes into the checkout, such as the settings of stacks, goes to memory.
const insideScript = `
checkout="$1"; layers="$2"
shift 2
ip link set lo up
mount -t tmpfs tmpfs "$layers"
mkdir "$layers/upper" "$layers/work"
mount -t overlay overlay -o "lowerdir=$checkout,upperdir=$layers/upper,workdir=$layers/work" "$checkout"
cd "$checkout"
"$@" & wait $!
`;

const ownMachine = ["--net", "--pid", "--mount", "--fork", "--kill-child", "--mount-proc"];

/** Why a machine of its own can't be had here; undefined when it can. */
export function whyNoOwnMachine(): string | undefined {
  const fits = process.platform === "linux" && process.getuid?.() === 0;
  return fits ? undefined : "it needs Linux and root";
}

/**
 * Runs a file of tests/support in there, with state folders of its own, and returns what it printed as its last
 * line, read as JSON.
 */
export async function runOnOwnMachine<Result>(
  file: string,
  ...args: readonly string[]
): Promise<Result> {
  // The machine of its own reaches no network: what comes from there must be here.
  await ensureOsPackages(reportToTerminal);
  await ensureKubernetesBinary();
  await buildImages();
  await preparePulumi();
  const folder = mkdtempSync(join(tmpdir(), "aml-inference-machine-"));
  try {
    const story = join(projectRoot, "tests", "support", file);
    const command = [process.execPath, "-r", "ts-node/register/transpile-only", story, ...args];
    const layers = join(folder, "layers");
    mkdirSync(layers);
    const inside = ["sh", "-e", "-c", insideScript, "sh", projectRoot, layers, ...command];
    const run = spawnSync("unshare", [...ownMachine, ...inside], {
      cwd: projectRoot,
      encoding: "utf8",
      env: {
        ...process.env,
        AML_INFERENCE_CLUSTER_STATE: join(folder, "cluster"),
        XDG_STATE_HOME: join(folder, "state"),
      },
      maxBuffer: 64 * 1024 * 1024,
    });
    assert.equal(run.status, 0, `${run.stdout}\n${run.stderr}`);
    return JSON.parse(run.stdout.trim().split("\n").at(-1) ?? "") as Result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
