// How long the probes of a version's pods wait for busy replicas.
import { busySeconds, type RequestBounds } from "../../contracts/pods/drain-times";
import { PROPAGATION_SECONDS } from "../../contracts/pods/propagation";

/** A version's `livenessProbe` with all defaults. */
export interface DeclaredProbe {
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

/** Seconds that an idle server may take to answer the readiness probe, unless `livenessProbe.timeoutSeconds` is more. */
const ANSWER_SECONDS = 5;

const READINESS_PERIOD_SECONDS = 5;

/** Seconds from a probe's result until every router has heard of it: Kubernetes' controllers, then the router. */
const NEWS_SECONDS = 3 + PROPAGATION_SECONDS.router;

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
 * @param startupSeconds until a replica that never answered is given up. Default: when v1's liveness probe would have
 */
export function probeTimes(
  declared: DeclaredProbe,
  bounds: RequestBounds,
  startupSeconds = hungSeconds(declared),
): PodProbes {
  const unreadySeconds = busySeconds(bounds) + Math.max(ANSWER_SECONDS, declared.timeoutSeconds);
  return {
    // A replica is ready as soon as it answers, however long it loads.
    startup: { periodSeconds: 1, timeoutSeconds: 2, failureThreshold: startupSeconds },
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

function hungSeconds({
  initialDelaySeconds,
  periodSeconds,
  failureThreshold,
}: DeclaredProbe): number {
  return initialDelaySeconds + periodSeconds * failureThreshold;
}
