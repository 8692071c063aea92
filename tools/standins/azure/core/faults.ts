/** Calls that go wrong on purpose, each once, at a chosen place in the order of calls. */

/**
 * - `500`, `503`, `429`: the answer has that status.
 * - `timeout`: no answer, and after a while the connection is closed.
 * - `reset`: the connection is reset at once.
 * - `expired-token`: every token given out so far is refused from this call on.
 */
export type FaultKind = "500" | "503" | "429" | "timeout" | "reset" | "expired-token";

export interface Fault {
  readonly kind: FaultKind;
  /** Which call, counted from 1 since the list was set. */
  readonly position: number;
  /** `before`: the call is not carried out; `after`: it is, and its answer is lost. Default: `before`. */
  readonly moment?: "before" | "after";
}

export const faultKinds: readonly FaultKind[] = [
  "500",
  "503",
  "429",
  "timeout",
  "reset",
  "expired-token",
];

/** One call that the server has seen. */
export interface SeenCall {
  readonly method: string;
  /** Path and query; no body and no header, so no secret. */
  readonly path: string;
  /** The answer's status; undefined while there is none, or when a fault ate it. */
  status?: number;
  fault?: FaultKind;
}

export class FaultList {
  #faults: Fault[] = [];
  #calls: SeenCall[] = [];

  /** Sets the faults to come and starts counting at 1. */
  set(faults: readonly Fault[]): void {
    this.#faults = [...faults];
    this.#calls = [];
  }

  /** The calls since the list was set. */
  get calls(): readonly SeenCall[] {
    return this.#calls;
  }

  /** Faults that have not struck yet. */
  get left(): number {
    return this.#faults.length;
  }

  /** Counts a call; gives the fault that strikes it. */
  count(method: string, path: string): { call: SeenCall; fault: Fault | undefined } {
    const call: SeenCall = { method, path };
    this.#calls.push(call);
    const at = this.#faults.findIndex((fault) => fault.position === this.#calls.length);
    const [fault] = at < 0 ? [] : this.#faults.splice(at, 1);
    if (fault) call.fault = fault.kind;
    return { call, fault };
  }
}
