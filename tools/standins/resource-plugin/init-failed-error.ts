/** The error of an object that exists but did not become ready: its state must be kept. */
import { Metadata, status, type ServiceError } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import type { PropertyMap } from "../property-value/index";
import { toStruct } from "./struct";

/** Thrown by create, update or read; the engine saves `properties` and tries an update next time. */
export class InitFailedError extends Error {
  /**
   * @param id the resource's id
   * @param properties its state, as a success would have returned it
   * @param reasons why it is not ready, a sentence each
   * @param inputs what a read found as inputs
   */
  constructor(
    message: string,
    readonly id: string,
    readonly properties: PropertyMap,
    readonly reasons: readonly string[],
    readonly inputs?: PropertyMap,
  ) {
    super(message);
    this.name = "InitFailedError";
  }

  /** The same as gRPC wants it: the details travel as a packed message in the trailer. */
  toServiceError(): ServiceError {
    const detail = new ErrorResourceInitFailed();
    detail.setId(this.id);
    detail.setProperties(toStruct(this.properties));
    detail.setReasonsList([...this.reasons]);
    if (this.inputs) detail.setInputs(toStruct(this.inputs));
    const packed = new Any();
    packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const details = new Status();
    details.setCode(status.UNKNOWN);
    details.setMessage(this.message);
    details.addDetails(packed);
    const metadata = new Metadata();
    metadata.set("grpc-status-details-bin", Buffer.from(details.serializeBinary()));
    return Object.assign(new Error(this.message), {
      code: status.UNKNOWN,
      details: this.message,
      metadata,
    });
  }
}
