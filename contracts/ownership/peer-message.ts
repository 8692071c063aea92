// What routers tell each other. Every message may come late, twice, in another order or never.

import type { Assignment } from "./assignment";
import type { RouterId } from "./router-id";

/** Requests at each replica, by the replica's name; those with 0 are left out. */
export type Places = ReadonlyMap<string, number>;

/** What a router had in flight when it said so. */
export interface Report {
  /** Counts the sender's pings. */
  readonly sequence: number;
  /** The renewal of the sender's Lease that it knew of. */
  readonly renewal: number;
  readonly inFlight: Places;
}

/** Places that a fenced router's requests may still take. */
export interface WithheldPlaces {
  readonly router: RouterId;
  readonly remainingMs: number;
  /** Sequence of the report that `inFlight` is from; -1 without any. */
  readonly sequence: number;
  /** False: the router may have had more when it ended. */
  readonly isComplete: boolean;
  readonly inFlight: Places;
}

/** Asks for a promise, and says what the sender has: `assignment` is the one whose limits it already keeps. */
export interface Ping extends Report {
  readonly kind: "ping";
  readonly from: RouterId;
  /** On the sender's clock. */
  readonly sentAtMs: number;
  readonly assignment: Assignment;
  readonly withheld: readonly WithheldPlaces[];
}

export type PeerMessage =
  | Ping
  /** Answers a ping: `from` helps nobody to fence `router`, which sent it, for a while. */
  | {
      readonly kind: "promise";
      readonly from: RouterId;
      readonly router: RouterId;
      readonly sentAtMs: number;
    }
  /** Do you have no promise to `router` any more, and will you give it none for this renewal of its Lease? */
  | {
      readonly kind: "ask";
      readonly from: RouterId;
      readonly router: RouterId;
      readonly renewal: number;
    }
  /** Answers an ask: none, and none from now on. */
  | {
      readonly kind: "silence";
      readonly from: RouterId;
      readonly router: RouterId;
      readonly renewal: number;
      /** The newest from `router`. */
      readonly report?: Report;
    };
