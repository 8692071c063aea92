// The error that keeps a state: the resource is there, but not as it was asked for, and the next `up` tries again.
import { type JsonObject } from "../../../values/json-object";

/** Pulumi's shim turns an error with an id into ErrorResourceInitFailed. */
export class InitFailed extends Error {
  readonly reasons: readonly string[];

  constructor(
    readonly id: string,
    readonly properties: JsonObject,
    message: string,
  ) {
    super(message);
    this.name = "InitFailed";
    this.reasons = [message];
  }
}
