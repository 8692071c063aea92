// Runs a Node plugin or a policy pack, and streams its output to the engine.
import type { ServerWritableStream } from "@grpc/grpc-js";
import { RunPluginResponse, type RunPluginRequest } from "@pulumi/pulumi/proto/language_pb";
import { exitCodeOf, startNode, type NodeProcess } from "./child-process";
import { PolicyProxy } from "./policy-proxy";
import { programOptions } from "./program-options";
import { resolveFrom } from "./sdk-module";

/** The engine's call; it ends the plugin by cancelling it. */
export type RunPluginCall = ServerWritableStream<RunPluginRequest, RunPluginResponse>;

/**
 * Runs the plugin to its end.
 * @throws Error when it cannot start or ends with another exit code than 0
 */
export async function runPlugin(call: RunPluginCall): Promise<void> {
  const isPolicyPack = call.request.getKind() === "analyzer";
  const exitCode = await (isPolicyPack ? runPolicyPack(call) : runResourcePlugin(call));
  if (exitCode !== 0 && !call.cancelled) {
    throw new Error(`Program exited with non-zero exit code: ${String(exitCode)}`);
  }
}

async function runResourcePlugin(call: RunPluginCall): Promise<number> {
  const { request } = call;
  const folder = programFolder(request);
  const { nodeArgs, env } = programOptions(request.getInfo());
  const run = resolveFrom(folder, "@pulumi/pulumi/cmd/run-plugin");
  const child = startNode({
    args: [...nodeArgs, run, folder, ...request.getArgsList()],
    cwd: request.getPwd(),
    env: { ...requestEnvironment(request), ...env },
  });
  endWithCall(child, call);
  child.stdout.on("data", (data: Buffer) => {
    writeStdout(call, data);
  });
  return exitCodeOf(child);
}

async function runPolicyPack(call: RunPluginCall): Promise<number> {
  const { request } = call;
  const folder = programFolder(request);
  const { nodeArgs, env } = programOptions(request.getInfo());
  const run = resolveFrom(folder, "@pulumi/pulumi/cmd/run-policy-pack");
  const proxy = await PolicyProxy.listen();
  try {
    writeStdout(call, Buffer.from(`${String(proxy.port)}\n`));
    const configuration = await Promise.race([proxy.configuration, cancelled(call)]);
    const child = startNode({
      args: [...nodeArgs, run, ...request.getArgsList(), folder],
      // Policy packs run in their own folder, other plugins in the program's.
      cwd: folder,
      env: { ...requestEnvironment(request), ...env, ...configuration },
    });
    endWithCall(child, call);
    proxy.attach(child, (data) => {
      writeStdout(call, data);
    });
    return await exitCodeOf(child);
  } finally {
    proxy.close();
  }
}

function programFolder(request: RunPluginRequest): string {
  return request.getInfo()?.getProgramDirectory() ?? request.getProgram();
}

function requestEnvironment(request: RunPluginRequest): Record<string, string> {
  return Object.fromEntries(
    request.getEnvList().map((entry) => {
      const equals = entry.indexOf("=");
      return [entry.slice(0, equals), entry.slice(equals + 1)];
    }),
  );
}

function endWithCall(child: NodeProcess, call: RunPluginCall): void {
  call.once("cancelled", () => child.kill("SIGKILL"));
  child.stderr.on("data", (data: Buffer) => {
    const response = new RunPluginResponse();
    response.setStderr(data);
    call.write(response);
  });
}

function writeStdout(call: RunPluginCall, data: Buffer): void {
  const response = new RunPluginResponse();
  response.setStdout(data);
  call.write(response);
}

function cancelled(call: RunPluginCall): Promise<never> {
  return new Promise((_, reject) => {
    call.once("cancelled", () => {
      reject(new Error("The engine no longer needs the policy pack"));
    });
  });
}
