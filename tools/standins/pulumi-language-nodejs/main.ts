// The stand-in for the vendor's pulumi-language-nodejs: a language host over the parts that @pulumi/pulumi itself brings.
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { versions } from "../../setup";
import { killAll } from "./child-process";
import { languageRuntime } from "./language-runtime";
import { messageSizeOptions } from "./message-size";

const args = process.argv.slice(2);
if (args.includes("--version") || args.includes("-version")) {
  console.log(versions.pulumi);
} else {
  serve(args.find((arg) => !arg.startsWith("-")));
}

/** Serves the engine; the first line on stdout is the port. */
function serve(engineAddress: string | undefined): void {
  const server = new Server(messageSizeOptions);
  server.addService(LanguageRuntimeService, languageRuntime(engineAddress));
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) throw error;
    console.log(port);
  });
  process.on("exit", killAll);
  const end = () => process.exit(0);
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
}
