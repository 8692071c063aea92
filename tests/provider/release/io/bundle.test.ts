// The code that the pods run, as it was built: small enough for a ConfigMap, and started as the pods start it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BUNDLE_COMMAND,
  BUNDLE_PATH,
  bundleConfigMap,
  bundleOf,
} from "../../../../provider/release/core/bundle-config-map";
import { projectRoot } from "../../../../tools/checkout";

/** The API server takes objects of 1 MiB; a fifth of it leaves room for code to come. */
const MAX_BYTES = 200_000;
const folder = join(projectRoot, "dist", "bundles");

describe("The pods' code", () => {
  for (const name of ["router", "autoscaler"]) {
    it(`of the ${name} fits into a ConfigMap`, async () => {
      const code = await readFile(join(folder, `${name}.cjs`), "utf8");
      const configMap = bundleConfigMap(name, "namespace", bundleOf(code));
      const bytes = Buffer.byteLength(JSON.stringify(configMap));
      assert.ok(bytes < MAX_BYTES, `the ConfigMap of ${name} has ${bytes} bytes`);
    });

    it(`of the ${name} starts by the pods' command`, () => {
      const [, ...args] = BUNDLE_COMMAND;
      const file = `${BUNDLE_PATH}/code.cjs`;
      assert.ok(args.includes(file));
      const here = args.map((arg) => (arg === file ? join(folder, `${name}.cjs`) : arg));
      // Not the folder of a router that may run on this machine.
      const env = { AML_SHARED_DIRECTORY: mkdtempSync(join(tmpdir(), "aml-bundle-")) };
      const { status, stdout } = spawnSync(process.execPath, here, { env, encoding: "utf8" });
      rmSync(env.AML_SHARED_DIRECTORY, { recursive: true });
      assert.equal(status, 1);
      assert.match(stdout, /POD_NAME must be set: it is empty/);
    });
  }
});
