/** A Pulumi resource plugin's process: the gRPC server that the engine talks to. */
import {
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServiceError,
} from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  type CheckRequest,
  type CheckResponse,
  type ConfigureRequest,
  type ConfigureResponse,
  type CreateRequest,
  type CreateResponse,
  type DeleteRequest,
  type DiffRequest,
  type DiffResponse,
  type InvokeRequest,
  type InvokeResponse,
  ProviderHandshakeResponse,
  type ReadRequest,
  type ReadResponse,
  type UpdateRequest,
  type UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { InitFailedError } from "./init-failed-error";

/** What a method gives: at once or later. */
type Answer<T> = T | Promise<T>;

/** What a plugin does; a method that throws answers with the error's message. */
export interface ResourcePlugin {
  /** The package's name, as in `kubernetes`. */
  readonly name: string;
  /** The version of the vendor's plugin that this one stands in for. */
  readonly version: string;
  checkConfig(request: CheckRequest): Answer<CheckResponse>;
  diffConfig(request: DiffRequest): Answer<DiffResponse>;
  configure(request: ConfigureRequest): Answer<ConfigureResponse>;
  check(request: CheckRequest): Answer<CheckResponse>;
  diff(request: DiffRequest): Answer<DiffResponse>;
  create(request: CreateRequest): Answer<CreateResponse>;
  read(request: ReadRequest): Answer<ReadResponse>;
  update(request: UpdateRequest): Answer<UpdateResponse>;
  delete(request: DeleteRequest): Answer<void>;
  /** The package's functions; absent when the stand-in has none. */
  invoke?(request: InvokeRequest): Answer<InvokeResponse>;
  /** The user asked to stop: end what waits. */
  cancel(): void;
}

/** Serves the plugin on a loopback port of the system's choice and prints the port, as the engine expects. */
export function servePlugin(plugin: ResourcePlugin): void {
  const server = new Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });
  server.addService(ResourceProviderService, {
    handshake: unary(() => {
      const response = new ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      response.setSupportsAutonamingConfiguration(true);
      return response;
    }),
    attach: unary(() => new Empty()),
    getPluginInfo: unary(() => {
      const info = new PluginInfo();
      info.setVersion(plugin.version);
      return info;
    }),
    checkConfig: unary((request: CheckRequest) => plugin.checkConfig(request)),
    diffConfig: unary((request: DiffRequest) => plugin.diffConfig(request)),
    configure: unary((request: ConfigureRequest) => plugin.configure(request)),
    check: unary((request: CheckRequest) => plugin.check(request)),
    diff: unary((request: DiffRequest) => plugin.diff(request)),
    create: unary((request: CreateRequest) => plugin.create(request)),
    read: unary((request: ReadRequest) => plugin.read(request)),
    update: unary((request: UpdateRequest) => plugin.update(request)),
    delete: unary(async (request: DeleteRequest) => {
      await plugin.delete(request);
      return new Empty();
    }),
    invoke: unary((request: InvokeRequest) => {
      if (plugin.invoke) return plugin.invoke(request);
      throw unimplemented(
        `${plugin.name}: the stand-in plugin has no function ${request.getTok()}`,
      );
    }),
    cancel: unary(() => {
      plugin.cancel();
      return new Empty();
    }),
  });
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
  exitWithParent();
}

const parentCheckMs = 2000;

/** A killed engine can't tell its plugins to stop; without one there is nobody left to serve. */
function exitWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, parentCheckMs).unref();
}

/** An error that the engine takes as "this plugin can't do that". */
export function unimplemented(message: string): Error {
  return Object.assign(new Error(message), { code: status.UNIMPLEMENTED, details: message });
}

function unary<Request, Response>(handle: (request: Request) => Answer<Response>) {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
    Promise.resolve(call.request)
      .then(handle)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toServiceError(error)),
      );
  };
}

function toServiceError(error: unknown): Partial<ServiceError> {
  if (error instanceof InitFailedError) return error.toServiceError();
  if (!(error instanceof Error)) return { code: status.UNKNOWN, details: String(error) };
  const code = "code" in error && typeof error.code === "number" ? error.code : status.UNKNOWN;
  return { code, details: error.message };
}
