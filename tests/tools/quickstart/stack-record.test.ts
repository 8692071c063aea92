// Which stack is found for which kubeconfig, with real files.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { locateStack, quickstartBackend } from "../../../tools/quickstart";
import { removeRecord, writeRecord } from "../../../tools/quickstart/stack-record";

const identity = (authority: string) => createHash("sha256").update(authority).digest("hex");

function kubeconfigText(cluster: Readonly<Record<string, string>>): string {
  return JSON.stringify({
    "current-context": "now",
    contexts: [
      { name: "before", context: { cluster: "former" } },
      { name: "now", context: { cluster: "wanted" } },
    ],
    clusters: [
      { name: "former", cluster: { "certificate-authority-data": "Zm9ybWVy" } },
      { name: "wanted", cluster: { server: "https://198.18.0.1:6443", ...cluster } },
    ],
  });
}

describe("locateStack()", () => {
  const variables = ["XDG_STATE_HOME", "AML_INFERENCE_CLUSTER_STATE"] as const;
  const former = variables.map((variable) => process.env[variable]);
  let folder: string;
  let own: string;
  let given: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "aml-inference-stack-record-"));
    process.env["XDG_STATE_HOME"] = join(folder, "state");
    process.env["AML_INFERENCE_CLUSTER_STATE"] = join(folder, "cluster");
    own = join(folder, "cluster", "kubeconfig");
    given = join(folder, "given");
    mkdirSync(join(folder, "cluster"));
    mkdirSync(join(folder, "state", "aml-inference"), { recursive: true });
    writeFileSync(own, kubeconfigText({ "certificate-authority-data": "b3Vycw==" }));
    writeFileSync(given, kubeconfigText({ "certificate-authority-data": "dGhlaXJz" }));
  });

  afterEach(() => {
    variables.forEach((variable, index) => {
      const value = former[index];
      if (value === undefined) Reflect.deleteProperty(process.env, variable);
      else process.env[variable] = value;
    });
    rmSync(folder, { recursive: true });
  });

  it("keeps our own cluster's stack for as long as the record names that cluster", async () => {
    assert.equal((await locateStack(own)).isStale, true);
    writeRecord(identity("b3Vycw=="));
    const { name, isGiven, isStale, state } = await locateStack(own);
    assert.deepEqual(name, { project: "aml-inference", stack: "quickstart" });
    assert.deepEqual(
      { isGiven, isStale, state },
      { isGiven: false, isStale: false, state: "absent" },
    );
    removeRecord();
    assert.equal((await locateStack(own)).isStale, true);
  });

  for (const [title, text] of [
    ["is empty", ""],
    ["is garbage", "\0\0\0"],
    ["is another cluster's", identity("other")],
  ] as const) {
    it(`takes it for stale when the record ${title}`, async () => {
      writeRecord(text);
      assert.equal((await locateStack(own)).isStale, true);
    });
  }

  it("takes it for stale when our own cluster is gone or half there", async () => {
    writeRecord(identity("b3Vycw=="));
    writeFileSync(own, "");
    assert.equal((await locateStack(own)).isStale, true);
    rmSync(own);
    const { name, isGiven, isStale } = await locateStack(own);
    assert.deepEqual([name.stack, isGiven, isStale], ["quickstart", false, true]);
  });

  it("names a given cluster's stack after its certificate authority", async () => {
    const { name, isGiven, isStale } = await locateStack(given);
    const wanted = `quickstart-${identity("dGhlaXJz").slice(0, 8)}`;
    assert.deepEqual([name.stack, isGiven, isStale], [wanted, true, false]);
  });

  it("reads the authority from a file beside the kubeconfig, and takes the server without one", async () => {
    const before = (await locateStack(given)).name;
    writeFileSync(join(folder, "ca.pem"), Buffer.from("dGhlaXJz", "base64"));
    writeFileSync(given, kubeconfigText({ "certificate-authority": "ca.pem" }));
    assert.deepEqual((await locateStack(given)).name, before);
    writeFileSync(given, kubeconfigText({}));
    const wanted = `quickstart-${identity("https://198.18.0.1:6443").slice(0, 8)}`;
    assert.equal((await locateStack(given)).name.stack, wanted);
  });

  it("knows our own cluster by any kubeconfig of it", async () => {
    writeFileSync(given, kubeconfigText({ "certificate-authority-data": "b3Vycw==" }));
    const { name, isGiven } = await locateStack(given);
    assert.deepEqual([name.stack, isGiven], ["quickstart", false]);
  });

  it("says how the stack's state is on disk", async () => {
    const stacks = join(quickstartBackend(), ".pulumi", "stacks", "aml-inference");
    mkdirSync(stacks, { recursive: true });
    writeFileSync(join(stacks, "quickstart.json"), "");
    assert.equal((await locateStack(own)).state, "broken");
    writeFileSync(join(stacks, "quickstart.json"), '{"checkpoint": {}}');
    assert.equal((await locateStack(own)).state, "readable");
  });

  it("is an error with the path when a given cluster's kubeconfig is missing or is none", async () => {
    writeFileSync(given, "no: kubeconfig");
    await assert.rejects(locateStack(given), {
      message: `The kubeconfig ${given} must have a current context with a cluster: it has none`,
    });
    rmSync(given);
    await assert.rejects(locateStack(given), {
      message: `There must be a kubeconfig at ${given}: there is no such file`,
    });
  });
});
