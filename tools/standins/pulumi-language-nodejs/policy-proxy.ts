// Stands before a policy pack: answers until the stack's configuration is known, then hands every call on.
//
// @pulumi/policy reads the stack's name and configuration from its environment at start, while the engine
// sends them in a call; so the pack starts after that call.
import {
  Client,
  credentials,
  Server,
  ServerCredentials,
  status,
  type MethodDefinition,
  type sendUnaryData,
  type ServerUnaryCall,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
  AnalyzerHandshakeResponse,
  AnalyzerStackConfigureResponse,
  type AnalyzerStackConfigureRequest,
} from "@pulumi/pulumi/proto/analyzer_pb";
import type { NodeProcess } from "./child-process";
import { deferred, type Deferred } from "./deferred";
import { messageSizeOptions } from "./message-size";

type Definition = MethodDefinition<object, object>;
type Call = ServerUnaryCall<object, object>;
type Reply = sendUnaryData<object>;

/** The gRPC server that the engine sees as the policy pack. */
export class PolicyProxy {
  /** The pack's environment variables, once the engine has sent the configuration or goes on without. */
  readonly configuration: Promise<Readonly<Record<string, string>>>;
  readonly port: number;
  readonly #server: Server;
  readonly #attached: Deferred<Client>;

  private constructor(
    server: Server,
    port: number,
    configuration: Promise<Readonly<Record<string, string>>>,
    attached: Deferred<Client>,
  ) {
    this.#server = server;
    this.#attached = attached;
    this.port = port;
    this.configuration = configuration;
  }

  /** Starts the server on a free port of the loopback address. */
  static async listen(): Promise<PolicyProxy> {
    const configuration = deferred<Readonly<Record<string, string>>>();
    const attached = deferred<Client>();

    const service: UntypedServiceImplementation = {
      handshake: (_: Call, reply: Reply) => {
        reply(null, new AnalyzerHandshakeResponse());
      },
      configureStack: (call: Call, reply: Reply) => {
        configuration.resolve(packEnvironment(call.request as AnalyzerStackConfigureRequest));
        reply(null, new AnalyzerStackConfigureResponse());
      },
    };
    const definitions: Readonly<Record<string, Definition>> = AnalyzerService;
    for (const [name, definition] of Object.entries(definitions)) {
      service[name] ??= (call: Call, reply: Reply) => {
        // Such a call without a configuration before it (`pulumi policy publish`): there is none.
        configuration.resolve({});
        attached.promise.then(
          (client) => {
            forward(client, definition, call, reply);
          },
          (error: Error) => {
            reply({
              code: status.UNAVAILABLE,
              details: `policy pack not started: ${error.message}`,
            });
          },
        );
      };
    }
    const server = new Server(messageSizeOptions);
    server.addService(AnalyzerService, service);
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
        if (error === null) resolve(bound);
        else reject(error);
      });
    });
    return new PolicyProxy(server, port, configuration.promise, attached);
  }

  /**
   * Connects to the pack once it has told its port, its first line on stdout; the rest of stdout goes to
   * `onOutput`.
   */
  attach(child: NodeProcess, onOutput: (data: Buffer) => void): void {
    let head = Buffer.alloc(0);
    const readPort = (data: Buffer) => {
      head = Buffer.concat([head, data]);
      const end = head.indexOf("\n");
      if (end === -1) return;
      child.stdout.off("data", readPort);
      child.stdout.on("data", onOutput);
      if (end + 1 < head.length) onOutput(head.subarray(end + 1));
      const address = `127.0.0.1:${head.toString("utf8", 0, end).trim()}`;
      this.#attached.resolve(new Client(address, credentials.createInsecure(), messageSizeOptions));
    };
    child.stdout.on("data", readPort);
    child.once("close", () => {
      this.#attached.reject(new Error("it ended before it told its port"));
    });
  }

  /** Ends the server and the connection to the pack. */
  close(): void {
    this.#attached.reject(new Error("it was closed"));
    this.#attached.promise.then(
      (client) => {
        client.close();
      },
      () => undefined,
    );
    // Calls that wait are still answered; the engine closes its connection.
    this.#server.tryShutdown(() => undefined);
  }
}

function forward(client: Client, definition: Definition, call: Call, reply: Reply): void {
  client.makeUnaryRequest(
    definition.path,
    definition.requestSerialize,
    definition.responseDeserialize,
    call.request,
    call.metadata,
    (error, response) => {
      if (error === null) reply(null, response ?? null);
      else reply({ code: error.code, details: error.details, metadata: error.metadata });
    },
  );
}

function packEnvironment(request: AnalyzerStackConfigureRequest): Record<string, string> {
  const env = {
    PULUMI_NODEJS_ORGANIZATION: request.getOrganization(),
    PULUMI_NODEJS_PROJECT: request.getProject(),
    PULUMI_NODEJS_STACK: request.getStack(),
    PULUMI_NODEJS_DRY_RUN: String(request.getDryRun()),
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
  };
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
}
