// Entry point of the agent's container, a native sidecar of HAProxy: the supervisor, or with AGENT the agent itself.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CONFIG_FILE, sharedDirectory } from "../../contracts/pods/router-environment";
import { explainError, log } from "../../runtime/log";
import { runAgent } from "./agent-process";
import { drainOnRequest } from "./drain/io/drain-on-request";
import { supervise } from "./supervise/io/supervise";

/** Argument with which the supervisor starts the agent. */
const AGENT = "agent";

/** The first process of the container, which stays while agents come and go (docs/decisions/agent-supervisor.md). */
async function runSupervisor(): Promise<void> {
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort());
  const { argv, execArgv } = process;
  const [node = "", script = ""] = argv;
  // What process lists show, to tell it from the agent.
  process.title = "supervisor";
  const directory = sharedDirectory(process.env);
  const drains = drainOnRequest({ directory, signal: stop.signal, log });
  const code = await supervise({
    // The options hold the check of the code (provider/release): it comes before every start.
    command: [node, ...execArgv, script, AGENT],
    isProtected: () => existsSync(join(directory, CONFIG_FILE)),
    signal: stop.signal,
    log,
  });
  stop.abort();
  await drains;
  process.exit(code);
}

(process.argv[2] === AGENT ? runAgent() : runSupervisor()).catch((error: unknown) => {
  log("error", "the agent ended", { why: explainError(error) });
  process.exit(1);
});
