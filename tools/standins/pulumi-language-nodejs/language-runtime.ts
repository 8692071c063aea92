// The engine's calls to a language host, each with the file that answers it.
import {
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
  type UntypedServiceImplementation,
  status,
} from "@grpc/grpc-js";
import {
  AboutResponse,
  GetRequiredPackagesResponse,
  InstallDependenciesResponse,
  LanguageHandshakeResponse,
  type AboutRequest,
  type GetRequiredPackagesRequest,
  type InstallDependenciesRequest,
  type LanguageHandshakeRequest,
  type RunRequest,
  type RunResponse,
} from "@pulumi/pulumi/proto/language_pb";
import { PackageDependency, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { versions } from "../../setup";
import { exitCodeOf, interruptAll, startProgram } from "./child-process";
import { requiredPackages } from "./required-packages";
import { runPlugin, type RunPluginCall } from "./run-plugin";
import { runProgram } from "./run-program";

/**
 * The calls that running programs, plugins and policy packs needs, and `pulumi install`. What generates code
 * or packs SDKs is left out: gRPC answers UNIMPLEMENTED.
 * @param engineAddress as on the command line; a handshake replaces it
 */
export function languageRuntime(engineAddress: string | undefined): UntypedServiceImplementation {
  let engine = engineAddress ?? "";
  return {
    handshake: unary((request: LanguageHandshakeRequest) => {
      engine = request.getEngineAddress();
      return new LanguageHandshakeResponse();
    }),
    getPluginInfo: unary(() => {
      const info = new PluginInfo();
      info.setVersion(versions.pulumi);
      return info;
    }),
    getRequiredPackages: unary(answerRequiredPackages),
    run: unary((request: RunRequest): Promise<RunResponse> => runProgram(request, engine)),
    runPlugin: streaming((call: RunPluginCall) => runPlugin(call)),
    installDependencies: streaming(installDependencies),
    about: unary((_: AboutRequest) => {
      const response = new AboutResponse();
      response.setExecutable(process.execPath);
      response.setVersion(process.version);
      return response;
    }),
    cancel: unary(() => {
      interruptAll();
      return new Empty();
    }),
  };
}

async function answerRequiredPackages(
  request: GetRequiredPackagesRequest,
): Promise<GetRequiredPackagesResponse> {
  const response = new GetRequiredPackagesResponse();
  const folder = request.getInfo()?.getProgramDirectory() ?? "";
  for (const { name, version, server } of await requiredPackages(folder)) {
    const dependency = new PackageDependency();
    dependency.setKind("resource");
    dependency.setName(name);
    dependency.setVersion(version);
    dependency.setServer(server);
    response.addPackages(dependency);
  }
  return response;
}

type InstallCall = ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>;

async function installDependencies(call: InstallCall): Promise<void> {
  const { request } = call;
  const cwd = request.getInfo()?.getProgramDirectory() ?? request.getDirectory();
  const child = startProgram("npm", { args: ["install"], cwd, env: process.env });
  child.stdout.on("data", (data: Buffer) => {
    const response = new InstallDependenciesResponse();
    response.setStdout(data);
    call.write(response);
  });
  child.stderr.on("data", (data: Buffer) => {
    const response = new InstallDependenciesResponse();
    response.setStderr(data);
    call.write(response);
  });
  const exitCode = await exitCodeOf(child);
  if (exitCode !== 0) throw new Error(`npm install in ${cwd} ended with ${String(exitCode)}`);
}

function unary<Request, Response>(
  answer: (request: Request) => Response | Promise<Response>,
): (call: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>) => void {
  return (call, reply) => {
    Promise.resolve(call.request)
      .then(answer)
      .then(
        (response) => {
          reply(null, response);
        },
        (error: unknown) => {
          reply(serviceError(error));
        },
      );
  };
}

function streaming<Request, Response>(
  answer: (call: ServerWritableStream<Request, Response>) => Promise<void>,
): (call: ServerWritableStream<Request, Response>) => void {
  return (call) => {
    answer(call).then(
      () => {
        call.end();
      },
      (error: unknown) => {
        call.emit("error", serviceError(error));
      },
    );
  };
}

function serviceError(error: unknown): { code: status; details: string } {
  return { code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) };
}
