// The Pulumi side of the tool chain on real parts: what is installed from where, and that both language hosts run everything alike.
import assert from "node:assert/strict";
import { once } from "node:events";
import { cpSync, existsSync, globSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensurePulumi, type PulumiHome } from "../../tools/setup";
import { eventually } from "../support/eventually";
import { Sandbox } from "./toolchain/sandbox";

const closed = { toolchain: undefined, isVendorReachable: () => Promise.resolve(false) };

/** Puts the machine's own CLI into the sandbox's empty cache, since building it takes minutes. */
async function copyCli(sandbox: Sandbox): Promise<PulumiHome> {
  const home = await ensurePulumi();
  for (const file of ["pulumi", ".pulumi.stamp.json"]) {
    cpSync(join(home.bin, file), join(sandbox.cache, "pulumi-home", "bin", file));
  }
  return home;
}

/** Puts the machine's whole PULUMI_HOME into the sandbox's cache. */
async function copyHome(sandbox: Sandbox): Promise<PulumiHome> {
  const home = await copyCli(sandbox);
  for (const folder of ["bin", "plugins"]) {
    cpSync(join(home.folder, folder), join(sandbox.cache, "pulumi-home", folder), {
      recursive: true,
    });
  }
  return home;
}

describe("Setting up Pulumi", () => {
  let sandbox: Sandbox;
  let lines: string[];
  beforeEach(() => {
    sandbox = new Sandbox();
    lines = [];
  });
  afterEach(() => {
    sandbox.remove();
  });
  const report = (line: string) => lines.push(line);

  it("on a closed machine takes stand-ins for all but the CLI, says so, and keeps them", async () => {
    const cli = (await copyCli(sandbox)).sources["pulumi"];
    const options = { ...closed, cache: sandbox.cache, report };
    const home = await ensurePulumi(options);
    assert.deepEqual(home.sources, {
      pulumi: cli,
      "pulumi-resource-pulumi-nodejs": "npm",
      "pulumi-language-nodejs": "stand-in",
      "pulumi-resource-kubernetes": "stand-in",
      "pulumi-resource-tls": "stand-in",
    });
    assert.equal(lines.filter((line) => line.includes("this project's stand-in")).length, 3);
    lines = [];
    assert.deepEqual(await ensurePulumi(options), home);
    assert.deepEqual(lines, []);
  });

  it("goes on where an interrupted run stopped", async () => {
    await copyCli(sandbox);
    const options = { ...closed, cache: sandbox.cache, report };
    const { bin, folder } = await ensurePulumi(options);
    const before = statSync(join(bin, "pulumi")).ino;
    // As after a kill while the language host was written.
    const host = join(bin, "pulumi-language-nodejs");
    writeFileSync(`${host}.part`, "half");
    writeFileSync(join(bin, ".pulumi-language-nodejs.stamp.json"), "");
    lines = [];
    await ensurePulumi(options);
    assert.equal(lines.length, 1);
    assert.equal(statSync(join(bin, "pulumi")).ino, before);
    assert.deepEqual(globSync("**/*.part", { cwd: folder }), []);
  });

  const toolchain = process.env["AML_INFERENCE_TOOLCHAIN"];
  it("takes everything from the folder that AML_INFERENCE_TOOLCHAIN names (skipped when it is unset)", async function () {
    if (toolchain === undefined) this.skip();
    const home = await ensurePulumi({ ...closed, toolchain, cache: sandbox.cache, report });
    assert.deepEqual(home.sources, {
      pulumi: "prebuilt",
      "pulumi-resource-pulumi-nodejs": "npm",
      "pulumi-language-nodejs": "prebuilt",
      "pulumi-resource-kubernetes": "prebuilt",
      "pulumi-resource-tls": "prebuilt",
    });
  });
});

interface Preview {
  readonly steps: readonly { readonly op: string; readonly urn: string }[];
}

/** What each host previewed, by its title: they have to agree. */
const previews = new Map<string, Preview["steps"]>();

const hosts = [
  {
    title: "the stand-in language host",
    install: async (sandbox: Sandbox) => {
      await copyCli(sandbox);
      const home = await ensurePulumi({ ...closed, cache: sandbox.cache, report: () => undefined });
      return home.sources["pulumi-language-nodejs"] === "stand-in";
    },
  },
  {
    title: "the vendor's language host (skipped where it cannot be had)",
    install: async (sandbox: Sandbox) => {
      const home = await copyHome(sandbox);
      return home.sources["pulumi-language-nodejs"] !== "stand-in";
    },
  },
];

for (const { title, install } of hosts) {
  describe(`npm run pulumi with ${title}`, () => {
    let sandbox: Sandbox;
    before(async function () {
      sandbox = new Sandbox();
      if (!(await install(sandbox))) this.skip();
      const init = await sandbox.pulumi("stack", "init", "dev");
      assert.equal(init.code, 0, init.output);
    });
    after(() => {
      sandbox.remove();
    });

    it("keeps the passphrase in a file that only the user can read", () => {
      const file = join(sandbox.state, "passphrase");
      assert.equal(statSync(file).mode & 0o777, 0o600);
      assert.ok(readFileSync(file, "utf8").trim().length >= 32);
    });

    it("previews a dynamic resource and a Node plugin's", async () => {
      const { code, stdout, output } = await sandbox.pulumi("preview", "--json");
      assert.equal(code, 0, output);
      // The program registers both at once: either may come first.
      const steps = (JSON.parse(stdout) as Preview).steps.toSorted((left, right) =>
        left.urn < right.urn ? -1 : 1,
      );
      previews.set(title, steps);
      assert.deepEqual(
        steps.map(({ op, urn }) => [op, urn.split("::").slice(2).join("::")]),
        [
          ["create", "echo:index:Echo::echo"],
          ["create", "pulumi-nodejs:dynamic:Resource::text"],
          ["create", "pulumi:pulumi:Stack::toolchain-dev"],
        ],
      );
    });

    it("shows the mistakes of a program whole, without a stack trace, and changes nothing", async () => {
      const { code, output } = await sandbox.pulumi(
        ...["up", "--yes", "--skip-preview", "--color", "never", "-c", "mistake=sentences"],
      );
      assert.notEqual(code, 0);
      assert.match(
        output,
        /error: two mistakes:\n +first\.path must be 1: it is 2\n +second\.path is missing\n/,
      );
      assert.doesNotMatch(output, /\.ts:\d+|unhandled/);
    });

    it("hands on another exit code of a program", async () => {
      const { code, output } = await sandbox.pulumi("preview", "-c", "mistake=exit");
      assert.notEqual(code, 0);
      assert.match(output, /Program exited with non-zero exit code: 3/);
    });

    it("creates both resources, then has nothing to change", async () => {
      await sandbox.pulumi("config", "rm", "mistake");
      const up = await sandbox.pulumi("up", "--yes", "--skip-preview");
      assert.equal(up.code, 0, up.output);
      assert.match(up.output, /running in dev/);
      const outputs = await sandbox.pulumi("stack", "output", "--json");
      assert.deepEqual(JSON.parse(outputs.stdout), { length: 4, echoed: "HELLO" });
      const again = await sandbox.pulumi("preview", "--expect-no-changes");
      assert.equal(again.code, 0, again.output);
    });

    it("runs a policy pack, which knows the stack and its configuration", async () => {
      const preview = ["preview", "--policy-pack", sandbox.policyPack, "-c"];
      const passed = await sandbox.pulumi(...preview, "limit=4");
      assert.equal(passed.code, 0, passed.output);
      const refused = await sandbox.pulumi(...preview, "limit=3");
      assert.notEqual(refused.code, 0);
      assert.match(refused.output, /4 of at most 3 characters in dev/);
    });

    it("runs again unaided after the CLI was killed in the middle of an update", async function () {
      if (process.platform !== "linux") this.skip();
      const gate = join(sandbox.folder, "gate");
      const args = ["-c", `gate=${gate}`, "-c", "text=longer"];
      const child = sandbox.start(["up", "--yes", "--skip-preview", ...args]);
      const ended = once(child, "close");
      await Promise.race([
        eventually("the update waits at the gate", () => existsSync(`${gate}.reached`), 300_000),
        ended.then(() => assert.fail("the update ended before it reached the gate")),
      ]);
      const locks = join(sandbox.state, "stacks", ".pulumi", "locks");
      const [lock = assert.fail("no lock")] = globSync("**/*.json", { cwd: locks });
      const locked = JSON.parse(readFileSync(join(locks, lock), "utf8")) as { pid: number };
      process.kill(locked.pid, "SIGKILL");
      await ended;
      // Nobody may still be at it beside the next run.
      await eventually("the dynamic provider has ended", () =>
        [...sandbox.processes().values()].every((command) => !command.includes("dynamic-provider")),
      );
      writeFileSync(gate, "");
      const up = await sandbox.pulumi("up", "--yes", "--skip-preview");
      assert.equal(up.code, 0, up.output);
      const outputs = await sandbox.pulumi("stack", "output", "length");
      assert.equal(outputs.stdout.trim(), "6");
    });
  });
}

describe("The two language hosts", () => {
  it("lead to the same preview, step by step (skipped where only the stand-in can be had)", function () {
    const [standIn, vendor] = hosts.map(({ title }) => previews.get(title));
    if (vendor === undefined) this.skip();
    assert.deepEqual(standIn, vendor);
  });
});
