// What a simulated world is like.
import type {
  AssignmentTimes,
  nextAssignment,
} from "../../../serving/autoscaler/assignment/core/next-assignment";
import type { Bounds } from "../../../serving/router/ownership/core/bounds";
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
  /** What the API server writes whatever there is. A guard that is broken. */
  readonly unguarded?: "leases" | "assignment";
  /**
   * Who lists the routers: `random` any that keeps the rules (default), `shipped` what ships, by readiness that comes
   * and goes, `first` all once and nothing after.
   */
  readonly leader?: "random" | "shipped" | "first";
  readonly nextAssignment?: typeof nextAssignment;
  readonly assignmentTimes?: AssignmentTimes;
  /** Longest that a router isn't ready, while it is well. Default 2500 with faults, else it always is. */
  readonly unreadyMs?: number;
  readonly whenApiIsAway?: "refuse" | "serve";
  /** Longest until a command is in force in HAProxy. Default 90. */
  readonly lagMs?: number;
  /** By how much HAProxy ends the right too late, at most. Default 90. */
  readonly lateMs?: number;
  /** False: the agent does what follows before HAProxy has taken places away. A guard that is broken. */
  readonly awaitsHaproxy?: boolean;
  /** False: HAProxy knows no deadline, and stops when the agent says so. A guard that is broken. */
  readonly hasDeadline?: boolean;
  /** Troubles and how often each comes among the others. Default: HARMS. */
  readonly harms?: Readonly<Record<string, number>>;
  /** Mean time from one trouble to the next. Default 550. */
  readonly pauseMs?: number;
  /** True: each message is printed and parsed. */
  readonly isOnWire?: boolean;
  /** Longest of most requests. Default 60. */
  readonly longestMs?: number;
}

/** A request that a replica computes. */
export interface Request {
  readonly router: RouterId;
  readonly begunMs: number;
  /** It began while a router was taken for fenced without a proof. */
  readonly isDoubtful: boolean;
}

/** What the kubelet says of a pod. */
export interface PodStatus {
  isReady: boolean;
  sinceMs: number;
  isEnding: boolean;
}
