// Argument errors as Pulumi's `check` reports them.
import { type ArgumentError, sentence } from "../../../values/argument-error";

export interface CheckFailure {
  /** Always empty: the engine prints the value of a named property, and a kubeconfig is a secret. */
  readonly property: "";
  /** A sentence that names the property, the value and what is legal. */
  readonly reason: string;
}

export function checkFailures(errors: readonly ArgumentError[]): CheckFailure[] {
  return errors.map((error) => ({ property: "", reason: sentence(error) }));
}
