// The quickstart's whole life on a machine of its own: npm start, a client, npm start again, npm stop. Prints what happened as JSON, the last line.
import { spawn } from "node:child_process";
import { projectRoot } from "../../tools/checkout";
import { score, scoreMany, type Score, shareByVersion } from "../../tools/quickstart";
import { compareSnapshots } from "../../tools/cluster";
import { ownMachineSnapshot } from "./own-machine-snapshot";

interface Run {
  readonly code: number | null;
  /** Standard output. */
  readonly output: string;
}

/** What the story found. */
export interface QuickstartStory {
  readonly first: Run;
  readonly again: Run;
  readonly stop: Run;
  readonly stopAgain: Run;
  /** `npm run outputs`, without and with secrets. */
  readonly masked: Readonly<Record<string, string>>;
  readonly clear: Readonly<Record<string, string>>;
  /** What the command that `npm start` prints prints. */
  readonly curl: Run;
  readonly withoutKey: Score;
  /** Of 1,000 requests, by version. */
  readonly percent: Readonly<Record<string, number>>;
  /** Statuses of 4,000 requests at once: more than the most replicas serve within the queue wait. */
  readonly flood: Readonly<Record<string, number>>;
  /** A request of the flood that was refused. */
  readonly refused: Score | undefined;
  /** What differs on the machine after `npm stop` from before. */
  readonly left: readonly string[];
}

const BODY = { data: [[0.1, 0.05, 0.06, 0.02, -0.04, -0.03, -0.04, 0, 0.02, -0.02]] };

async function live(): Promise<QuickstartStory> {
  const before = await ownMachineSnapshot();
  const first = await npm("start");
  const masked = await outputs();
  const clear = await outputs("--", "--show-secrets");
  const scoringUri = clear["scoringUri"] ?? "";
  const target = { scoringUri, key: clear["primaryKey"] };
  const curl = await run("bash", ["-c", pastedCommand(first.output)]);
  const withoutKey = await score({ scoringUri, key: undefined }, BODY);
  const thousand = await scoreMany(target, BODY, {
    enough: (sent) => sent >= 1000,
    concurrency: 1,
  });
  // A router takes 1,581 connections by default, and three quarters of them of one client: more are closed.
  const flood = await Promise.all(Array.from({ length: 1_100 }, () => score(target, BODY)));
  const again = await npm("start");
  const stop = await npm("stop");
  const stopAgain = await npm("stop");
  return {
    ...{ first, again, stop, stopAgain, masked, clear, curl, withoutKey },
    percent: Object.fromEntries(
      shareByVersion(thousand).map(({ version, percent }) => [version, percent]),
    ),
    flood: Object.fromEntries(
      [...Map.groupBy(flood, ({ status }) => status)].map(([key, group]) => [key, group.length]),
    ),
    refused: flood.find(({ status }) => status === 503),
    left: compareSnapshots(before, await ownMachineSnapshot()),
  };
}

const npm = (...args: readonly string[]): Promise<Run> => run("npm", args);

async function outputs(...args: readonly string[]): Promise<Record<string, string>> {
  const { output } = await npm("run", "--silent", "outputs", ...args);
  return JSON.parse(output) as Record<string, string>;
}

/** The lines from `curl` to the end of its paragraph. */
function pastedCommand(output: string): string {
  return /^ *curl[^]*?\n\n/m.exec(output)?.[0] ?? "false";
}

function run(program: string, args: readonly string[]): Promise<Run> {
  const child = spawn(program, args, { cwd: projectRoot, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}

live().then(
  (story) => console.log(JSON.stringify(story)),
  async (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
    await npm("stop");
  },
);
