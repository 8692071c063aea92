// The quickstart's commands as a user mixes them, on a machine of its own, in a shell full of variables for other stacks: in every order, killed, beside each other, with folders gone. Prints what happened as JSON, the last line.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, globSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectRoot, stateDirectory } from "../../tools/checkout";
import { compareSnapshots, type MachineSnapshot } from "../../tools/cluster";
import { eventually } from "./eventually";
import { ownMachineSnapshot } from "./own-machine-snapshot";

export interface Step {
  readonly code: number | null;
  /** Both streams. */
  readonly output: string;
  /** After a stop: what differs on the machine from before the first command. */
  readonly left?: readonly string[];
}

/** What each command ended with, by a name that says where in the story it was. */
export type CommandsStory = Readonly<Record<string, Step>>;

const stateDir = process.env["AML_INFERENCE_CLUSTER_STATE"] ?? "";
const folder = dirname(stateDir);
const pulumiState = join(stateDirectory(), "stacks", ".pulumi", "stacks", "aml-inference");

/** What a shell may have for other stacks, all of it wrong here. */
const HOSTILE = {
  PULUMI_CONFIG_PASSPHRASE: "wrong",
  PULUMI_CONFIG_PASSPHRASE_FILE: "/nonexistent/passphrase",
  PULUMI_BACKEND_URL: "s3://nowhere",
  PULUMI_STACK: "another",
  PULUMI_HOME: "/nonexistent/pulumi",
  PULUMI_ACCESS_TOKEN: "pul-0000",
  PULUMI_CONFIG: '{"aml-inference:image":"another"}',
  PULUMI_DEBUG_GRPC: "/nonexistent/grpc.json",
  PULUMI_PARALLEL: "0",
  PULUMI_K8S_CLIENT_QPS: "none",
  KUBECONFIG: "/nonexistent/kubeconfig",
};

type Environment = Readonly<Record<string, string>>;

const story: Record<string, Step> = {};
let before: MachineSnapshot;

async function live(round: string | undefined): Promise<void> {
  const tell = ROUNDS[round as Round] as (() => Promise<void>) | undefined;
  if (tell === undefined) throw new Error(`There is no round ${String(round)}`);
  before = await ownMachineSnapshot();
  await tell();
}

async function nothingThere(): Promise<void> {
  await stop("stopped when never started");
  await record("outputs of nothing", npm(["run", "--silent", "outputs"]));
  await record("preview of nothing", npm(["--silent", "start", "--", "--preview"]));
  await record("a wrong argument", npm(["--silent", "start", "--", "--dry-run"]));
  const kind = join(stateDirectory(), "kind");
  mkdirSync(kind, { recursive: true });
  writeFileSync(join(kind, "kubeconfig"), "");
  await record("stopped with a kind cluster left", npm(["--silent", "stop"]));
  rmSync(kind, { recursive: true });
  const readOnly = join(folder, "read-only");
  mkdirSync(readOnly);
  await ran("mount", ["-t", "tmpfs", "-o", "ro", "tmpfs", readOnly]);
  const env = { XDG_STATE_HOME: join(readOnly, "state") };
  await record("started with a read-only state folder", npm(["--silent", "start"], env));
  await ran("umount", [readOnly]);
}

async function kills(): Promise<void> {
  await killed(/1\/4/, () => existsSync(join(stateDir, "supervisor.json")));
  await stop("stopped after a start that was killed at 1/4");
  await killed(/Loading the image .*node/);
  await stop("stopped after a start that was killed at 2/4");
  await killed(/AutoscalerDeployment router creating/);
  await stop("stopped after a start that was killed at 3/4");
  await killed(/400 requests/);
  await stop("stopped after a start that was killed at 4/4");
}

async function clusterGone(): Promise<void> {
  await killed(/Loading the image .*node/);
  const first = begin(["start"]);
  await said(first, /1\/4/);
  await record("started beside another start", npm(["start"]));
  await record("started before the cluster went", first.ended);
  await record("outputs", npm(["run", "--silent", "outputs"]));
  await record("preview", npm(["start", "--", "--preview"]));
  await record("cluster down", npm(["run", "cluster", "--", "down"]));
  await record("outputs after the cluster went", npm(["run", "--silent", "outputs"]));
  await record("started after the cluster went", npm(["start"]));
  await record("cluster down again", npm(["run", "cluster", "--", "down"]));
  await record("cluster up again", npm(["run", "cluster", "--", "up"]));
  await stop("stopped after the cluster was replaced");
  const running = begin(["start"]);
  await said(running, /AutoscalerDeployment router creating/);
  await stop("stopped while a start runs");
  await record("started, and stopped meanwhile", running.ended);
  await stop("stopped again");
}

async function anotherCluster(): Promise<void> {
  // Up before our own and down after it: whoever comes first makes the folders in /var/lib that both mount over.
  const other = await networkOfItsOwn();
  const state = { AML_INFERENCE_CLUSTER_STATE: join(folder, "other") };
  const given = { AML_INFERENCE_KUBECONFIG: join(folder, "other", "kubeconfig") };
  try {
    await record("another cluster up", other.npm(["run", "cluster", "--", "up"], state));
    await killed(/AutoscalerDeployment router creating/);
    await record("started after a start that was killed", npm(["start"]));
    renameSync(stateDirectory(), join(folder, "former-state"));
    await record("outputs without the state folder", npm(["run", "--silent", "outputs"]));
    await record("started without the state folder", npm(["start"]));
    await record("started with another cluster given", other.npm(["start"], given));
    await record("started without it again", npm(["start"]));
    writeFileSync(join(pulumiState, stackOfGivenCluster()), "");
    await record("stopped with the other given", other.npm(["stop"], given));
    await record("stopped with the other given again", other.npm(["stop"], given));
    await record("the other's status", other.npm(["run", "cluster", "--", "status"], state));
    writeFileSync(join(pulumiState, "quickstart.json"), '{"version": 3, "check');
    writeFileSync(join(stateDirectory(), "quickstart-cluster"), "\0\0");
    await record(
      "stopped without the cache folder",
      npm(["stop"], { XDG_CACHE_HOME: join(folder, "cache") }),
    );
  } finally {
    await other.npm(["run", "cluster", "--", "down"], state);
    await other.close();
  }
  await stop("stopped at the end");
}

/** Each is lived on a machine of its own. */
const ROUNDS = { nothingThere, clusterGone, anotherCluster, kills };

export type Round = keyof typeof ROUNDS;

/** The file of the other cluster's stack. */
function stackOfGivenCluster(): string {
  const [file] = globSync("quickstart-*.json", { cwd: pulumiState });
  if (file === undefined) throw new Error("The given cluster must have a stack of its own");
  return file;
}

async function record(name: string, run: Promise<Step>): Promise<void> {
  const startedMs = performance.now();
  const step = (story[name] = await run);
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  // Seen only when the story fails.
  console.error(`${name}: ${String(step.code)} (${seconds} s)`);
  if (step.code !== 0) console.error(step.output.slice(-3000));
}

/** `npm stop`, and what it leaves. */
async function stop(name: string): Promise<void> {
  await record(name, npm(["stop"]));
  const left = compareSnapshots(before, await ownMachineSnapshot());
  story[name] = { ...(story[name] as Step), left };
}

/** Kills an `npm start`, with all of its process group, once it has said so, and the condition holds. */
async function killed(when: RegExp, condition: () => boolean = () => true): Promise<void> {
  const start = begin(["start"]);
  await said(start, when);
  await eventually("the moment to kill", condition);
  process.kill(-(start.child.pid ?? 0), "SIGKILL");
  await start.ended;
}

interface Running {
  readonly child: ChildProcess;
  readonly soFar: () => string;
  readonly ended: Promise<Step>;
}

function said(running: Running, what: RegExp): Promise<true | undefined> {
  const { child } = running;
  return eventually(
    `it says ${String(what)}`,
    () => {
      if (what.test(running.soFar())) return true;
      if (child.exitCode !== null) throw new Error(`It ended before:\n${running.soFar()}`);
      return undefined;
    },
    600_000,
  );
}

const npm = (args: readonly string[], env: Environment = {}): Promise<Step> =>
  begin(args, env).ended;

const begin = (args: readonly string[], env: Environment = {}): Running => run("npm", args, env);

/** In a process group of its own, as a shell starts it. */
function run(program: string, args: readonly string[], env: Environment): Running {
  const child = spawn(program, args, {
    cwd: projectRoot,
    detached: true,
    env: { ...process.env, ...HOSTILE, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const ended = new Promise<Step>((resolve, reject) => {
    child.once("error", reject);
    // Not "close": what a killed command started may hold the pipes.
    child.once("exit", (code) => resolve({ code, output }));
  });
  return { child, soFar: () => output, ended };
}

async function ran(program: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run(program, args, {}).ended;
  if (code !== 0) throw new Error(`${program}: ${output}`);
}

/** Another network, for a second cluster beside our own: all local clusters have the same addresses. */
async function networkOfItsOwn() {
  const holder = run(
    "unshare",
    ["--net", "sh", "-c", "ip link set lo up; echo up; exec sleep infinity"],
    {},
  );
  await said(holder, /up/);
  const inside = ["--net", `--target=${holder.child.pid ?? 0}`];
  return {
    npm: (args: readonly string[], env: Environment): Promise<Step> =>
      run("nsenter", [...inside, "npm", ...args], env).ended,
    close: () => {
      holder.child.kill("SIGKILL");
      return holder.ended;
    },
  };
}

live(process.argv[2]).then(
  () => console.log(JSON.stringify(story)),
  async (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
    await npm(["stop"]);
  },
);
