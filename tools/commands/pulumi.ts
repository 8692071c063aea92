// The command `npm run pulumi -- <arguments>`: the Pulumi CLI in the project's environment and the user's folder.
import { spawn } from "node:child_process";
import { runCommand } from "../programs";
import { preparePulumi, clearDeadLocks } from "../setup";

async function main(args: readonly string[]): Promise<void> {
  const { pulumi, env } = await preparePulumi();
  await clearDeadLocks(env["PULUMI_BACKEND_URL"] ?? "");
  const child = spawn(pulumi, args, {
    cwd: process.env["INIT_CWD"] ?? process.cwd(),
    env,
    stdio: "inherit",
  });
  // The terminal sends Ctrl-C to the CLI as well, which then cancels in good order; we only wait for it.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", (error) => {
    console.error(`Cannot run ${pulumi}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exitCode = code ?? 1;
    else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}

runCommand(() => main(process.argv.slice(2)));
