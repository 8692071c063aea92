// Whether a leaving model pod may go before its preStop sleep ends: once no router has a request on it.

import { VANISHED_ROUTER_DROPPED_AFTER_MS, isFresh } from "./aggregate-samples";
import type { RouterView } from "./router-view";
import { idleSamples } from "./router-view";

export interface LeavingPod {
  readonly namespace: string;
  readonly name: string;
  /** metadata.deletionTimestamp is set. */
  readonly terminating: boolean;
  /** metadata.deletionGracePeriodSeconds: the shortest that a deletion asked for. */
  readonly deletionGracePeriodSeconds?: number;
}

/** The grace period of the second deletion: the API server takes no 0 for "at once, but with SIGTERM". */
export const EARLY_REMOVAL_GRACE_SECONDS = 1;

/** Samples in a row that must say the pod computes nothing: one may have been taken while a request was on its way. */
export const IDLE_SAMPLES = 2;

export type EarlyRemovalReason =
  | "Drained"
  | "NotTerminating"
  | "AlreadyShortened"
  | "NoReadyRouter"
  | "RouterSilent"
  | "StillComputing";

export interface EarlyRemoval {
  readonly remove: boolean;
  readonly reason: EarlyRemovalReason;
  readonly message: string;
}

/** Every ready router, and every other that spoke lately, must have listed the pod as leaving and idle, twice in a row. */
export function decideEarlyRemoval(
  pod: LeavingPod,
  views: readonly RouterView[],
  readyRouters: ReadonlySet<string>,
  nowMs: number,
): EarlyRemoval {
  if (!pod.terminating) return keep("NotTerminating", `${pod.name} is not being deleted.`);
  if ((pod.deletionGracePeriodSeconds ?? Infinity) <= EARLY_REMOVAL_GRACE_SECONDS) {
    return keep("AlreadyShortened", `${pod.name} goes already.`);
  }
  if (readyRouters.size === 0) {
    return keep("NoReadyRouter", `No router is ready to say whether ${pod.name} still computes.`);
  }
  const byRouter = new Map(views.map((view) => [view.router, view]));
  for (const router of readyRouters) {
    const view = byRouter.get(router);
    if (view === undefined || !isFresh(view, nowMs)) {
      return keep(
        "RouterSilent",
        `${router} is ready and does not say whether ${pod.name} computes.`,
      );
    }
  }
  for (const view of views) {
    const spokeLately = nowMs - view.receivedAtMs <= VANISHED_ROUTER_DROPPED_AFTER_MS;
    if (!readyRouters.has(view.router) && !spokeLately) continue;
    if (idleSamples(view, pod.namespace, pod.name) < IDLE_SAMPLES) {
      return keep(
        "StillComputing",
        `${view.router} has not reported twice that ${pod.name} is idle.`,
      );
    }
  }
  return {
    remove: true,
    reason: "Drained",
    message: `No router has a request on ${pod.name}: it need not sleep out its preStop.`,
  };
}

function keep(reason: EarlyRemovalReason, message: string): EarlyRemoval {
  return { remove: false, reason, message };
}
