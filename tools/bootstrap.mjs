// Runs one command of tools/ on a bare checkout: installs the dependencies, builds the library, then starts the command on the pinned Node.
// Plain JavaScript without dependencies, because nothing is installed yet when it starts.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { performance } from "node:perf_hooks";
import { clearInterval, setInterval } from "node:timers";
import { fileURLToPath } from "node:url";
import { withProcessLock } from "./process-lock.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const modules = join(root, "node_modules");
const node = join(modules, "node", "bin", "node");
const env = { ...process.env, PATH: [join(modules, ".bin"), process.env.PATH].join(delimiter) };
const oldestNode = 20;

/**
 * The two steps before a command. A step is done when its stamp holds the digest of what it depends on; the
 * stamp is removed first and written last, so an interrupted step starts again.
 */
const steps = [
  {
    title: "Installing the npm packages",
    // Inside node_modules, which `npm ci` removes first.
    stamp: join(modules, ".aml-inference-installed"),
    digest: () => digestOf(["package-lock.json"]) + process.platform + process.arch,
    async run(share) {
      // Install scripts run by name only: @pulumi/kubernetes' own would download its plugin.
      await run("npm", ["ci", "--ignore-scripts"], share);
      await run("npm", ["rebuild", "node"], share);
    },
  },
  {
    title: "Building the library",
    stamp: join(root, "dist", ".aml-inference-built"),
    digest: () => digestOf(["package-lock.json", "tsconfig.json", ...buildInputs()]),
    run: (share) => run("npm", ["run", "--silent", "build"], share),
  },
];

/** What the build reads: the files of its tsconfig's folders, and the bundler's script. */
function buildInputs() {
  const { include } = JSON.parse(readFileSync(join(root, "tsconfig.build.json"), "utf8"));
  return ["tsconfig.build.json", "tools/bundle.mjs", ...include.map((glob) => glob.split("/")[0])];
}

/** One digest of the names and contents of files and, recursively, folders; what is missing counts too. */
function digestOf(paths) {
  const hash = createHash("sha256");
  const add = (path) => {
    const absolute = join(root, path);
    hash.update(`${path}\0`);
    try {
      hash.update(readFileSync(absolute));
    } catch (error) {
      if (error.code !== "EISDIR" && error.code !== "ENOENT") throw error;
      if (error.code === "EISDIR") {
        for (const name of readdirSync(absolute).sort()) add(join(path, name));
      }
    }
  };
  paths.forEach(add);
  return hash.digest("hex");
}

function isDone(step) {
  return existsSync(step.stamp) && readFileSync(step.stamp, "utf8") === step.digest();
}

async function prepare() {
  if (steps.every(isDone)) return;
  const onWait = (pid) => {
    console.error(`Process ${pid} is preparing this checkout; waiting for it.`);
  };
  await withProcessLock(join(root, ".aml-inference", "bootstrap.lock"), onWait, async (share) => {
    for (const step of steps) {
      if (isDone(step)) continue;
      rmSync(step.stamp, { force: true });
      const startedMs = performance.now();
      const tell = (end) => {
        console.error(
          `${step.title}${end} (${Math.round((performance.now() - startedMs) / 1000)} s)`,
        );
      };
      console.error(`${step.title} …`);
      const repeat = setInterval(tell, 10_000, " …");
      // Taken before the run: a file that changes meanwhile makes the step run again next time.
      const digest = step.digest();
      try {
        await step.run(share);
      } finally {
        clearInterval(repeat);
      }
      writeFileSync(step.stamp, digest);
      tell(": done");
    }
  });
}

/** How a child process ended badly: with an exit code, or by a signal. */
class Failure extends Error {
  constructor(program, code, signal) {
    super(`${program} ended with ${signal ?? `exit code ${code}`}`);
    this.code = code;
    this.signal = signal;
  }
}

/**
 * Runs a program in the project's folder with this terminal; rejects when it fails.
 * @param onStart told the process id
 */
function run(program, args, onStart = () => undefined) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: "inherit", env });
    if (child.pid !== undefined) onStart(child.pid);
    // The terminal sends Ctrl-C to the child as well: it decides what to do, and we wait for it.
    const wait = () => undefined;
    const forward = () => child.kill("SIGTERM");
    process.on("SIGINT", wait);
    process.on("SIGTERM", forward);
    child.once("error", (error) => {
      reject(new Error(`Cannot run ${program}: ${error.message}`));
    });
    child.once("exit", (code, signal) => {
      process.off("SIGINT", wait);
      process.off("SIGTERM", forward);
      if (code === 0) resolve();
      else reject(new Failure(program, code, signal));
    });
  });
}

async function main([command, ...args]) {
  const file = join("tools", `${command}.ts`);
  if (command === undefined || !existsSync(join(root, file))) {
    throw new Error(`There is no command "${command}": tools/${command}.ts does not exist`);
  }
  if (Number.parseInt(process.versions.node, 10) < oldestNode) {
    throw new Error(`Node ${oldestNode} or newer is needed: this is ${process.version}`);
  }
  await prepare();
  await run(node, ["-r", "ts-node/register/transpile-only", file, ...args]);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Failure)) console.error(error.message);
  // The child has told what is wrong; what started us sees the same end.
  if (error.signal) process.kill(process.pid, error.signal);
  process.exitCode = error.code ?? 1;
}
