// How long a version's pods wait: for their last requests when they are removed, and for the probes of busy replicas.
import { longestRequestSeconds } from "../../contracts/model-endpoint/limits";
import { PROPAGATION_SECONDS } from "../../contracts/pods/propagation";

/** How long one request may take. */
export interface RequestBounds {
  readonly scoringTimeoutMs: number;
  readonly maxStreamSeconds: number;
}

/** A version's `livenessProbe` with all defaults. */
export interface DeclaredProbe {
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

/** Seconds that the model server has to stop after its last request. */
const SHUTDOWN_SECONDS = 30;

/** Seconds that an idle server may take to answer the readiness probe, unless `livenessProbe.timeoutSeconds` is more. */
const ANSWER_SECONDS = 5;

const READINESS_PERIOD_SECONDS = 5;

/** Seconds from a probe's result until every router has heard of it: Kubernetes' controllers, then the router. */
const NEWS_SECONDS = 3 + PROPAGATION_SECONDS.router;

/** Whole seconds for which one request may keep a replica busy. */
function busySeconds(bounds: RequestBounds): number {
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

/** The numbers of a Kubernetes probe. */
export type ProbeTimes = Partial<DeclaredProbe>;

export interface PodProbes {
  readonly startup: ProbeTimes;
  readonly readiness: ProbeTimes;
  readonly liveness: ProbeTimes;
}

/**
 * A server with one worker answers a probe after the requests before it. Both probes therefore wait as long as these
 * may take: a busy replica answers late, and only a hung one not at all. The readiness probe gives up first, so that
 * routers send nothing to a replica that is about to be restarted (docs/decisions/busy-replicas.md).
 */
export function probeTimes(declared: DeclaredProbe, bounds: RequestBounds): PodProbes {
  const { initialDelaySeconds, periodSeconds, failureThreshold } = declared;
  const unreadySeconds = busySeconds(bounds) + Math.max(ANSWER_SECONDS, declared.timeoutSeconds);
  return {
    // A replica is ready as soon as it answers, however long it loads; it is given up when v1's liveness probe would have.
    startup: {
      periodSeconds: 1,
      timeoutSeconds: 2,
      failureThreshold: initialDelaySeconds + periodSeconds * failureThreshold,
    },
    readiness: {
      periodSeconds: READINESS_PERIOD_SECONDS,
      timeoutSeconds: unreadySeconds,
      failureThreshold: 1,
    },
    liveness: {
      ...declared,
      timeoutSeconds: unreadySeconds + READINESS_PERIOD_SECONDS + NEWS_SECONDS,
    },
  };
}
