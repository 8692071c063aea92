// The environment of the CLI, for users who have chosen nothing and for those who have.
import assert from "node:assert/strict";
import {
  type EnvironmentParts,
  ownEnvironment,
  pulumiEnvironment,
} from "../../../tools/setup/pulumi-environment";

function environment(
  env: EnvironmentParts["env"],
  changes: Partial<EnvironmentParts> = {},
): Record<string, string> {
  return pulumiEnvironment({
    env,
    home: "/cache/pulumi-home",
    bin: "/cache/pulumi-home/bin",
    state: "/state",
    temporary: "/state/temporary/1",
    isVendorReachable: true,
    ...changes,
  });
}

describe("pulumiEnvironment()", () => {
  it("puts the language host and the pinned Node before the caller's PATH", () => {
    const [bin, node, ...rest] = (environment({ PATH: "/usr/bin:/bin" })["PATH"] ?? "").split(":");
    assert.equal(bin, "/cache/pulumi-home/bin");
    assert.match(node ?? "", /\/node_modules\/node\/bin$/);
    assert.deepEqual(rest, ["/usr/bin", "/bin"]);
  });

  it("uses our PULUMI_HOME, the file backend and the passphrase by its file's name", () => {
    const env = environment({ PULUMI_HOME: "/home/someone/.pulumi" });
    assert.equal(env["PULUMI_HOME"], "/cache/pulumi-home");
    assert.equal(env["PULUMI_BACKEND_URL"], "file:///state/stacks?metadata=skip");
    assert.equal(env["PULUMI_CONFIG_PASSPHRASE_FILE"], "/state/passphrase");
    assert.equal(env["PULUMI_CONFIG_PASSPHRASE"], undefined);
    assert.equal(env["PULUMI_SKIP_UPDATE_CHECK"], "true");
  });

  it("gives the CLI and its plugins a temporary folder of their own", () => {
    assert.equal(environment({ TMPDIR: "/tmp" })["TMPDIR"], "/state/temporary/1");
  });

  it("keeps the user's backend", () => {
    const env = environment({ PULUMI_BACKEND_URL: "azblob://stacks" });
    assert.equal(env["PULUMI_BACKEND_URL"], "azblob://stacks");
  });

  for (const variable of ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"]) {
    it(`keeps the user's ${variable} and adds no other passphrase`, () => {
      const env = environment({ [variable]: "chosen" });
      const set = Object.entries(env).filter(([name]) => name.includes("PASSPHRASE"));
      assert.deepEqual(set, [[variable, "chosen"]]);
    });
  }

  it("takes an empty passphrase for a choice", () => {
    const env = environment({ PULUMI_CONFIG_PASSPHRASE: "" });
    assert.equal(env["PULUMI_CONFIG_PASSPHRASE"], "");
    assert.equal(env["PULUMI_CONFIG_PASSPHRASE_FILE"], undefined);
  });

  it("turns plugin downloads off only where the vendor cannot be reached", () => {
    const variable = "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION";
    assert.equal(environment({})[variable], undefined);
    assert.equal(environment({}, { isVendorReachable: false })[variable], "true");
    assert.equal(environment({ [variable]: "" }, { isVendorReachable: false })[variable], "");
  });

  it("leaves everything else as it is", () => {
    const env = environment({ KUBECONFIG: "/k", NODE_OPTIONS: "--max-old-space-size=512", X: "1" });
    assert.equal(env["KUBECONFIG"], "/k");
    assert.equal(env["X"], "1");
    assert.match(env["NODE_OPTIONS"] ?? "", /^--max-old-space-size=512 /);
  });
});

describe("ownEnvironment()", () => {
  it("drops what a shell sets for other stacks and clusters, and nothing else", () => {
    const others = { PATH: "/bin", HOME: "/home/someone", AML_INFERENCE_KUBECONFIG: "/own" };
    const theirs = {
      KUBECONFIG: "/theirs",
      PULUMI_ACCESS_TOKEN: "pul-0",
      PULUMI_BACKEND_URL: "s3://theirs",
      PULUMI_CONFIG: "{}",
      PULUMI_CONFIG_PASSPHRASE: "theirs",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/theirs",
      PULUMI_DEBUG_GRPC: "/theirs",
      PULUMI_HOME: "/theirs",
      PULUMI_STACK: "theirs",
    };
    assert.deepEqual(ownEnvironment({ ...theirs, ...others }), others);
  });

  it("leaves the quickstart's own backend and passphrase to the CLI, whatever the shell has", () => {
    const env = environment(ownEnvironment({ PULUMI_CONFIG_PASSPHRASE: "theirs" }));
    assert.equal(env["PULUMI_CONFIG_PASSPHRASE"], undefined);
    assert.equal(env["PULUMI_CONFIG_PASSPHRASE_FILE"], "/state/passphrase");
  });
});
