/** Messages to the person at the screen, through the engine that started this plugin. */
import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Where messages go; each belongs to the resource with that URN. */
export interface EngineLog {
  info(urn: string, message: string): void;
  warning(urn: string, message: string): void;
  /** A passing message: shown beside the resource while it is worked on. */
  progress(urn: string, message: string): void;
}

/** A log that speaks to the engine at `address` (host:port); without one, messages are dropped. */
export function connectEngineLog(address: string | undefined): EngineLog {
  if (!address) return { info: () => {}, warning: () => {}, progress: () => {} };
  const client = new EngineClient(address, credentials.createInsecure());
  const send = (severity: LogSeverity, urn: string, message: string, ephemeral: boolean) => {
    const request = new LogRequest();
    request.setSeverity(severity);
    request.setUrn(urn);
    request.setMessage(message);
    request.setEphemeral(ephemeral);
    // A message that can't be delivered must not fail the operation that it tells about.
    client.log(request, () => {});
  };
  return {
    info: (urn, message) => send(LogSeverity.INFO, urn, message, false),
    warning: (urn, message) => send(LogSeverity.WARNING, urn, message, false),
    progress: (urn, message) => send(LogSeverity.INFO, urn, message, true),
  };
}
