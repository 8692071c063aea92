// How long a version's pods wait for their last requests when they are removed.
import { longestRequestSeconds } from "../model-endpoint/limits";
import { PROPAGATION_SECONDS } from "./propagation";

/** How long one request may take. */
export interface RequestBounds {
  readonly scoringTimeoutMs: number;
  readonly maxStreamSeconds: number;
}

/** Seconds that the model server has to stop after its last request. */
const SHUTDOWN_SECONDS = 30;

/** Whole seconds for which one request may keep a replica busy. */
export function busySeconds(bounds: RequestBounds): number {
  return Math.ceil(longestRequestSeconds(bounds));
}

export interface DrainTimes {
  /** Between the removal of a pod, or a liveness probe's verdict, and SIGTERM. */
  readonly preStopSeconds: number;
  /** Until SIGKILL. It includes `preStopSeconds`. */
  readonly graceSeconds: number;
}

/** A request or a stream that a replica has begun when it is removed ends before SIGTERM. */
export function drainTimes(bounds: RequestBounds): DrainTimes {
  const preStopSeconds = busySeconds(bounds) + PROPAGATION_SECONDS.router;
  return { preStopSeconds, graceSeconds: preStopSeconds + SHUTDOWN_SECONDS };
}
