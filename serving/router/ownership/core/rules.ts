// The guards of the ownership protocol, as one value: the simulation breaks each of them and must notice.

import { decideTakeOver } from "./decide-take-over";
import { isSilent, mayPromise } from "./promise-book";
import { promisedUntil } from "./right";
import { isComplete, stillHeld, withheldOf } from "./withheld-places";

export const RULES = {
  decideTakeOver,
  isComplete,
  isSilent,
  mayPromise,
  promisedUntil,
  stillHeld,
  withheldOf,
  /** Whether an assignment takes the place of the one that is kept. */
  isNewer: (epoch: number, kept: number): boolean => epoch > kept,
  /** Whether a peer that says this epoch keeps to ours: in an earlier one it may use what is ours now. */
  hasAcknowledged: (said: number | undefined, ours: number): boolean => said === ours,
  /** Whether what was ours in the last assignment needs no acknowledgement in this one. */
  staysOurs: (acting: string | undefined, self: string): boolean => acting === self,
  /** Whether a refusal of promises up to a renewal of a Lease is one for the Lease as it is. */
  isOfRenewal: (refused: number, renewal: number): boolean => refused >= renewal,
  /** Members' lists that may be in our Lease while a write has no known end: those before and those tried. */
  possibleLists: <T>(written: T, tried: readonly T[]): readonly T[] => [written, ...tried],
};

export type Rules = typeof RULES;
