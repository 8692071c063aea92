// What a simulated world is like.
import type { Bounds } from "../../../serving/router/ownership/core/bounds";
import type { Ownership } from "../../../serving/router/ownership/core/ownership";
import type { RouterId } from "../../../contracts/ownership/router-id";
import type { Rules } from "../../../serving/router/ownership/core/rules";

export interface SimulationOptions {
  readonly seed: number;
  readonly routers: number;
  readonly versions: number;
  readonly replicas: number;
  /** Requests that a replica may have at once. */
  readonly limit: number;
  /** False: nothing fails; the assignment changes only. */
  readonly hasFaults: boolean;
  readonly rules?: Rules;
  readonly bounds?: Partial<Bounds>;
  /** False: the API server takes every write. A guard that is broken. */
  readonly isGuarded?: boolean;
  /** False: the assignment never changes after the first. */
  readonly changesEpochs?: boolean;
  /** Troubles and how often each comes among the others. Default: HARMS. */
  readonly harms?: Readonly<Record<string, number>>;
  /** Mean time from one trouble to the next. Default 550. */
  readonly pauseMs?: number;
  /** Longest of most requests. Default 60. */
  readonly longestMs?: number;
}

/** A request that a replica computes. */
export interface Request {
  readonly process: Process;
  readonly router: RouterId;
  readonly begunMs: number;
}

/** A router's process. */
export interface Process {
  readonly pod: string;
  readonly uid: string;
  readonly ownership: Ownership;
  readonly inFlight: Map<string, number>;
  /** The own clock at the world's time. */
  readonly clock: (worldMs: number) => number;
  isAlive: boolean;
  stalledUntilMs: number;
}
