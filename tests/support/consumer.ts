// Projects outside this tree that install the packed library as its users do: package managers, Node versions, the real CLI.
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "../../tools/checkout";
import { ownEnvironment, preparePulumi, versions } from "../../tools/setup";
import { type CommandResult, expectSuccess, finished } from "./stack";

const execute = promisify(execFile);

/** Package managers, as their users call them; `plug-and-play` is Yarn without node_modules. */
export type Manager = "npm" | "pnpm" | "yarn-classic" | "yarn" | "plug-and-play";

/** Major versions of Node that the package supports. */
export type NodeVersion = 20 | 22 | 24;

/** What consumers are installed, run and compiled with beside this project's own Node 24 and TypeScript 5.9: an npm project. */
const TOOLS = {
  node20: `npm:node-${process.platform}-${process.arch}@20`,
  node22: `npm:node-${process.platform}-${process.arch}@22`,
  pnpm: "12.21.0",
  "yarn-classic": "npm:yarn@1.22.22",
  yarn: "npm:@yarnpkg/cli-dist@4.18.1",
  typescript7: "npm:typescript@7.0.2",
};

/** TypeScript's versions. */
export type Compiler = "typescript5.9" | "typescript7";

/** The packed library and the tools, shared by the consumers of one test file. */
export interface Registry {
  /** Everything is below it. */
  readonly folder: string;
  /** What a consumer's package.json names as the version of aml-inference. */
  readonly library: string;
}

const NO_SCRIPTS = ["--ignore-scripts"];
/** Where Yarn finds a CI it refuses to write a lock file unless told otherwise. */
const YARN_SETTINGS = [
  "enableTelemetry: false\n",
  "enableScripts: false\n",
  "enableGlobalCache: true\n",
  "enableImmutableInstalls: false\n",
].join("");

/** Packs the library as it is built, and installs the tools. */
export async function openRegistry(): Promise<Registry> {
  const folder = await mkdtemp(join(tmpdir(), "aml-inference-consumers-"));
  const { stdout } = await execute(
    "npm",
    ["pack", "--silent", ...NO_SCRIPTS, "--pack-destination", folder],
    { cwd: projectRoot },
  );
  const tools = join(folder, "tools");
  await mkdir(tools);
  const manifest = { private: true, dependencies: TOOLS };
  await writeFile(join(tools, "package.json"), JSON.stringify(manifest));
  await execute("npm", ["install", ...NO_SCRIPTS, "--prefer-offline"], { cwd: tools });
  return { folder, library: `file:${join(folder, stdout.trim())}` };
}

export function closeRegistry({ folder }: Registry): Promise<void> {
  return rm(folder, { recursive: true });
}

/** What the consumers' programs declare from now on: a kubeconfig, the arguments of an endpoint, and a router or a reference. */
export function declareArguments({ folder }: Registry, args: object): Promise<void> {
  return writeFile(argumentsFile(folder), JSON.stringify(args));
}

function argumentsFile(folder: string): string {
  return join(folder, "arguments.json");
}

export interface ConsumerOptions {
  readonly name: string;
  readonly manager: Manager;
  /** Texts of its files, objects as JSON, by their paths in the project. */
  readonly files: Readonly<Record<string, string | object>>;
  /** Name of the folder with its states, which consumers can share. Default: one of its own. */
  readonly states?: string;
}

/** An installed project. */
export interface Consumer {
  readonly folder: string;
  /** `pulumi` in one of its folders, with a state that all of them share. */
  pulumi(program: string, node: NodeVersion, ...args: readonly string[]): Promise<CommandResult>;
  /** Checks the types of a file, those of all that it imports too. */
  typeCheck(compiler: Compiler, file: string, ...flags: readonly string[]): Promise<CommandResult>;
}

/** Writes the files and installs what they depend on. */
export async function installConsumer(
  { folder: registry }: Registry,
  { name, manager, files, states = `${name}-states` }: ConsumerOptions,
): Promise<Consumer> {
  const folder = join(registry, name);
  const tool = (...path: string[]) => join(registry, "tools", "node_modules", ...path);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    const text = typeof content === "string" ? content : JSON.stringify(content);
    await writeFile(join(folder, path), text);
  }

  // An empty lock file makes the folder a project of its own for Yarn.
  if (/^(yarn|plug)/.test(manager)) await writeFile(join(folder, "yarn.lock"), "");
  if (manager === "yarn" || manager === "plug-and-play") {
    const linker = manager === "yarn" ? "nodeLinker: node-modules\n" : "";
    await writeFile(join(folder, ".yarnrc.yml"), `${YARN_SETTINGS}${linker}`);
  }
  const yarn = [process.execPath, await binOf(tool("yarn"), "yarn")];
  const [program = "", ...args] = {
    npm: ["npm", "install", ...NO_SCRIPTS, "--prefer-offline"],
    pnpm: [tool(".bin", "pnpm"), "install", ...NO_SCRIPTS, "--prefer-offline"],
    "yarn-classic": [
      ...[process.execPath, await binOf(tool("yarn-classic"), "yarn")],
      ...["install", ...NO_SCRIPTS, "--prefer-offline", "--non-interactive"],
    ],
    yarn: [...yarn, "install"],
    "plug-and-play": [...yarn, "install"],
  }[manager];
  await expectSuccess(run(program, args, folder, process.env));

  const { pulumi, env, home } = await preparePulumi({ env: ownEnvironment(process.env) });
  const backend = join(registry, states);
  await mkdir(backend, { recursive: true });
  // Where the vendor can't be reached there is one version of the plugin, whatever the SDK asks for.
  const pluginOf = (name: string, version: string) => ({
    ...{ name, path: join(home.folder, "plugins", `resource-${name}-${version}`) },
  });
  const { kubernetesPlugin, tlsPlugin } = versions;
  const plugins = {
    providers: [pluginOf("kubernetes", kubernetesPlugin), pluginOf("tls", tlsPlugin)],
  };
  const isClosed = env["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] === "true";
  const project = { name: "consumer", runtime: "nodejs", ...(isClosed ? { plugins } : {}) };

  return {
    folder,
    pulumi: async (path, node, ...command) => {
      const cwd = join(folder, path);
      // YAML has JSON in it.
      await writeFile(join(cwd, "Pulumi.yaml"), JSON.stringify(project));
      const environment = {
        ...env,
        // Without another, the first Node there is this project's.
        PATH: [...(node === 24 ? [] : [tool(`node${node}`, "bin")]), env["PATH"]].join(delimiter),
        PULUMI_BACKEND_URL: `file://${backend}?metadata=skip`,
        PULUMI_CONFIG_PASSPHRASE: "test",
        CONSUMER_ARGUMENTS: argumentsFile(registry),
      };
      const all = [...command, "--stack", "test", "--non-interactive"];
      const inYarn = manager === "plug-and-play" && command[0] !== "stack";
      return inYarn
        ? run(process.execPath, [...yarn.slice(1), "exec", pulumi, ...all], cwd, environment)
        : run(pulumi, all, cwd, environment);
    },
    typeCheck: (compiler, file, ...flags) => {
      const strict = ["--noEmit", "--strict", "--skipLibCheck", "false", "--target", "es2022"];
      const own = join(projectRoot, "node_modules", "typescript");
      const tsc = join(compiler === "typescript5.9" ? own : tool(compiler), "bin", "tsc");
      const args = [tsc, ...strict, "--types", "node", ...flags, file];
      return run(process.execPath, args, folder, process.env);
    },
  };
}

async function binOf(folder: string, name: string): Promise<string> {
  const { bin } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
    readonly bin: Readonly<Record<string, string>>;
  };
  return join(folder, bin[name] ?? "");
}

function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<CommandResult> {
  return finished(spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] }));
}
