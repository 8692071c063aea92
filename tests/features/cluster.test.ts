// The local Kubernetes on a machine of its own: comes up, serves, survives kills, and leaves nothing.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureOsPackages } from "../../tools/cluster/io/os-packages";
import { projectRoot } from "../../tools/directories";
import { buildImages } from "../../tools/images/provide-images";
import { ensureKubernetesBinary } from "../../tools/setup/kubernetes-binary";
import { reportToTerminal } from "../../tools/setup/progress";
import type { ClusterStory } from "../support/cluster-on-own-machine";

// Network, processes and mounts of its own: a cluster that other tests use stays undisturbed, whenever this runs.
const ownMachine = ["--net", "--pid", "--mount", "--fork", "--kill-child", "--mount-proc"];
const story = join(projectRoot, "tests/support/cluster-on-own-machine.ts");

describe("The local Kubernetes", function () {
  this.timeout(1_800_000);
  let result: ClusterStory;
  let folder: string | undefined;

  before(async function () {
    if (process.platform !== "linux" || process.getuid?.() !== 0) {
      console.log("    skipped: it needs Linux and root");
      this.skip();
    }
    // The machine of its own reaches no network: what comes from there must be here.
    await ensureOsPackages(reportToTerminal);
    await ensureKubernetesBinary();
    await buildImages();
    folder = mkdtempSync(join(tmpdir(), "aml-inference-cluster-"));
    const inside = 'ip link set lo up; "$@" & wait $!';
    const command = [process.execPath, "-r", "ts-node/register/transpile-only", story];
    const run = spawnSync("unshare", [...ownMachine, "sh", "-c", inside, "sh", ...command], {
      cwd: projectRoot,
      encoding: "utf8",
      env: { ...process.env, AML_INFERENCE_CLUSTER_STATE: join(folder, "state") },
      maxBuffer: 64 * 1024 * 1024,
    });
    assert.equal(run.status, 0, run.stderr);
    result = JSON.parse(run.stdout.trim().split("\n").at(-1) ?? "") as ClusterStory;
  });

  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it("says what it does on the first run and that there is nothing to do on the second", () => {
    assert.deepEqual(result.said.first.at(-1), "The local Kubernetes is ready.");
    assert.deepEqual(result.said.second, ["The local Kubernetes is running already."]);
  });

  it("gives a LoadBalancer Service the first loopback address, where its pod answers", () => {
    assert.equal(result.address, "127.0.10.1");
    assert.equal(result.answers[0], "hello");
  });

  it("starts a killed component again by itself", () => {
    assert.equal(result.kubeletRestarts, 1);
  });

  it("comes back with its pods and addresses after its supervisor was killed", () => {
    assert.equal(
      result.said.afterKill[0],
      "The local Kubernetes was interrupted: starting it again …",
    );
    assert.equal(result.answers[1], "hello");
  });

  it("leaves processes, mounts, interfaces, namespaces, rules, sysctls, cgroups and files as they were", () => {
    assert.deepEqual(result.left, []);
  });
});
