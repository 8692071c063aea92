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

const root = fileURLToPath(new URL("../..", import.meta.url));
const modules = join(root, "node_modules");
const node = join(modules, "node", "bin", "node");
const env = {
  // Node keeps what it compiled, here and in Pulumi's language host: a preview takes two thirds of the time.
  NODE_COMPILE_CACHE: join(modules, ".cache", "node-compile-cache"),
  ...process.env,
  PATH: [join(modules, ".bin"), process.env.PATH].join(delimiter),
};
const oldestNode = 20;

const buildStamp = join(root, "dist", ".aml-inference-built");

/** The two steps before a command; each knows whether it is done, so an interrupted one starts again. */
const steps = [
  {
    title: "Installing the npm packages",
    isDone: () => hasPackagesOfLock() && existsSync(node),
    async run(share) {
      // Install scripts run by name only: @pulumi/kubernetes' own would download its plugin.
      await run("npm", ["ci", "--ignore-scripts"], share);
      await run("npm", ["rebuild", "node"], share);
    },
  },
  {
    title: "Building the library",
    isDone: () => readIfThere(buildStamp) === digestOf(buildInputs()),
    async run(share) {
      rmSync(buildStamp, { force: true });
      // Taken before the build: a file that changes meanwhile makes it run again next time.
      const digest = digestOf(buildInputs());
      await run("npm", ["run", "--silent", "build"], share);
      writeFileSync(buildStamp, digest);
    },
  },
];

/** Whether npm's own record of node_modules, written when an installation ends, agrees with the lock file. */
function hasPackagesOfLock() {
  let installed;
  try {
    installed = JSON.parse(readFileSync(join(modules, ".package-lock.json"), "utf8")).packages;
  } catch {
    return false; // not there, or npm was killed while it wrote
  }
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  return Object.entries(packages).every(([path, wanted]) => {
    const found = installed[path];
    // The first entry is this package; optional ones of other platforms are left out.
    if (found === undefined) return path === "" || wanted.optional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** What the build reads: the files of its tsconfig's folders, and the bundler's script. */
function buildInputs() {
  const { include } = JSON.parse(readFileSync(join(root, "tsconfig.build.json"), "utf8"));
  const files = [
    "package-lock.json",
    "tsconfig.json",
    "tsconfig.build.json",
    "tsconfig.policy.json",
    ...["core", "engine", "index.ts", "io", "packs"].map((part) => `policy/${part}`),
    "tools/checkout/bundle.mjs",
    "tools/checkout/no-undici.mjs",
  ];
  return [...files, ...include.map((glob) => glob.split("/")[0])];
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

async function prepare() {
  if (steps.every((step) => step.isDone())) return;
  const onWait = (pid) => {
    console.error(`Process ${pid} is preparing this checkout; waiting for it.`);
  };
  await withProcessLock(join(root, ".aml-inference", "bootstrap.lock"), onWait, async (share) => {
    for (const step of steps) {
      if (step.isDone()) continue;
      const startedMs = performance.now();
      const tell = (end) => {
        console.error(
          `${step.title}${end} (${Math.round((performance.now() - startedMs) / 1000)} s)`,
        );
      };
      console.error(`${step.title} …`);
      const repeat = setInterval(tell, 10_000, " …");
      try {
        await step.run(share);
      } finally {
        clearInterval(repeat);
      }
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
  const file = join("tools", "commands", `${command}.ts`);
  if (command === undefined || !existsSync(join(root, file))) {
    throw new Error(
      `There is no command "${command}": tools/commands/${command}.ts does not exist`,
    );
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
