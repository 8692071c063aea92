// Runs a Pulumi program in a Node process of its own, through @pulumi/pulumi/cmd/run.
import { type RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb";
import { exitCodeOf, startNode } from "./child-process";
import { programOptions } from "./program-options";
import { resolveFrom } from "./sdk-module";

// @pulumi/pulumi/cmd/run ends with it when it has told the user what is wrong.
const alreadyExplainedExitCode = 32;

/**
 * Runs the program; what it writes goes to this process's stdout and stderr, which the engine shows.
 * Synchronous invokes (deprecated in the SDK) are the one thing of the vendor's host that is left out.
 */
export async function runProgram(request: RunRequest, engineAddress: string): Promise<RunResponse> {
  const response = new RunResponse();
  const info = request.getInfo();
  const folder = info?.getProgramDirectory() ?? request.getPwd();
  let exitCode: number;
  try {
    const options = programOptions(info);
    const child = startNode({
      args: [
        ...options.nodeArgs,
        resolveFrom(folder, "@pulumi/pulumi/cmd/run"),
        ...runArguments(request, folder, engineAddress),
      ],
      cwd: process.cwd(),
      env: {
        ...process.env,
        ...options.env,
        PULUMI_CONFIG: JSON.stringify(programConfig(request.getConfigMap().entries())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      },
    });
    child.stdout.pipe(process.stdout, { end: false });
    child.stderr.pipe(process.stderr, { end: false });
    exitCode = await exitCodeOf(child);
  } catch (error) {
    response.setError(error instanceof Error ? error.message : String(error));
    return response;
  }
  if (exitCode === alreadyExplainedExitCode) response.setBail(true);
  else if (exitCode !== 0) {
    response.setError(`Program exited with non-zero exit code: ${String(exitCode)}`);
  }
  return response;
}

function runArguments(request: RunRequest, folder: string, engineAddress: string): string[] {
  const info = request.getInfo();
  const named = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info?.getRootDirectory() ?? "",
    stack: request.getStack(),
    pwd: folder,
    parallel: String(request.getParallel()),
  };
  return [
    ...Object.entries(named).flatMap(([name, value]) => (value === "" ? [] : [`--${name}`, value])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info?.getEntryPoint() ?? ".",
    ...request.getArgsList(),
  ];
}

/** The SDK expects `<namespace>:config:<name>`, the engine sends `<namespace>:<name>`. */
export function programConfig(entries: Iterable<[string, string]>): Record<string, string> {
  const config: Record<string, string> = {};
  for (const [key, value] of entries) {
    const colon = key.indexOf(":");
    config[`${key.slice(0, colon)}:config:${key.slice(colon + 1)}`] = value;
  }
  return config;
}
