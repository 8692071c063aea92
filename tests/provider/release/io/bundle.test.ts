// The code that the pods run, as it was built: small enough for a ConfigMap, and started as the pods start it.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CONFIG_FILE } from "../../../../contracts/pods/router-environment";
import {
  BUNDLE_PATH,
  bundleCommand,
  bundleConfigMap,
  bundleOf,
  OTHER_CODE_EXIT,
} from "../../../../provider/release/core/bundle-config-map";
import { projectRoot } from "../../../../tools/checkout";

/** The API server takes objects of 1 MiB; a fifth of it leaves room for code to come. */
const MAX_BYTES = 200_000;
const bundles = join(projectRoot, "dist", "bundles");

describe("The pods' code", () => {
  for (const name of ["router", "autoscaler"]) {
    it(`of the ${name} fits into a ConfigMap`, async () => {
      const code = await readFile(join(bundles, `${name}.cjs`), "utf8");
      const configMap = bundleConfigMap(name, "namespace", bundleOf(code));
      const bytes = Buffer.byteLength(JSON.stringify(configMap));
      assert.ok(bytes < MAX_BYTES, `the ConfigMap of ${name} has ${bytes} bytes`);
    });

    it(`of the ${name} starts by the pods' command, and other code does not`, async () => {
      const { folder, args } = await podOf(name);
      // Not the folder of a router that may run on this machine.
      const env = { AML_SHARED_DIRECTORY: folder };
      const start = () => spawnSync(process.execPath, args, { env, encoding: "utf8" });
      const released = start();
      assert.equal(released.status, 1);
      assert.match(released.stdout, /POD_NAME must be set: it is empty/);
      writeFileSync(join(folder, FILE), 'console.log("other code runs")');
      const other = start();
      rmSync(folder, { recursive: true });
      assert.equal(other.status, OTHER_CODE_EXIT);
      assert.match(other.stdout, /^\{"level":"error","message":"the code isn't the released one/);
      assert.ok(!other.stdout.includes("other code runs"));
    });
  }

  it("is compared again when the supervisor starts the agent again", async () => {
    const { folder, args } = await podOf("router");
    // A supervisor whose HAProxy is there outlives its agent, which ends at once without POD_NAME.
    writeFileSync(join(folder, CONFIG_FILE), "");
    const env = { AML_SHARED_DIRECTORY: folder };
    const supervisor = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    for await (const part of supervisor.stdout) {
      output += String(part);
      if (output.includes("isn't the released one") || output.includes("other code")) break;
      if (output.includes("is started again")) {
        writeFileSync(join(folder, FILE), 'console.log("other code")');
      }
    }
    supervisor.kill("SIGKILL");
    rmSync(folder, { recursive: true });
    assert.ok(output.includes("POD_NAME must be set") && !output.includes("other code"), output);
  });
});

const FILE = "code.cjs";

/** A folder with the code, and the arguments of the pods' command with that folder in place of the pods'. */
async function podOf(name: string): Promise<{ readonly folder: string; readonly args: string[] }> {
  const file = join(bundles, `${name}.cjs`);
  const folder = mkdtempSync(join(tmpdir(), "aml-bundle-"));
  copyFileSync(file, join(folder, FILE));
  const [, ...args] = bundleCommand(bundleOf(await readFile(file, "utf8")));
  assert.ok(args.includes(`${BUNDLE_PATH}/${FILE}`));
  return { folder, args: args.map((arg) => arg.replace(BUNDLE_PATH, folder)) };
}
