// Runs one command of tools/ on a bare checkout: installs the dependencies, builds the library, then starts the command on the pinned Node.
// Plain JavaScript without dependencies, because nothing is installed yet when it starts.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const modules = join(root, "node_modules");
const stamp = join(modules, ".aml-inference-lock-sha256");

/** Runs a program in the project's folder with this terminal; ends this process when it fails. */
function run(program, args, env = process.env) {
  const { status, signal, error } = spawnSync(program, args, { cwd: root, stdio: "inherit", env });
  if (error) throw new Error(`Cannot run ${program}: ${error.message}`);
  if (signal) process.kill(process.pid, signal);
  if (status !== 0) process.exit(status ?? 1);
}

function installDependencies() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.error("Installing the npm packages …");
  run("npm", ["ci", "--no-fund", "--no-audit"]);
  writeFileSync(stamp, lock);
}

const [command, ...args] = process.argv.slice(2);
installDependencies();
const env = {
  ...process.env,
  PATH: [join(modules, ".bin"), process.env.PATH].join(delimiter),
  TS_NODE_TRANSPILE_ONLY: "true",
};
run("npm", ["run", "--silent", "build"], env);
run(
  join(modules, "node", "bin", "node"),
  ["-r", "ts-node/register", join("tools", `${command}.ts`), ...args],
  env,
);
