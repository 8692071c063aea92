// Starts a stand-in (first argument: its folder) with this project's TypeScript settings, whatever folder and environment the caller has.
"use strict";
const { fstatSync } = require("node:fs");
const { join } = require("node:path");

const root = join(module.path, "..", "..");
require(join(root, "node_modules", "ts-node")).register({
  cwd: root,
  project: join(root, "tsconfig.json"),
  transpileOnly: true,
});
// The CLI holds the other end of stdin: when it dies, also by SIGKILL, nothing may stay behind.
if (fstatSync(0).isFIFO()) process.stdin.on("end", () => process.exit()).resume();

const [name] = process.argv.splice(2, 1);
const entry = join(module.path, name, "main.ts");
process.argv[1] = entry;
require(entry);
