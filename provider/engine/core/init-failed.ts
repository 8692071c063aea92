// The error that saves a partial state: the resource exists but isn't as declared, and the next `up` retries.
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
