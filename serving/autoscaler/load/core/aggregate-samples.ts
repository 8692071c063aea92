// Sums a version's load over the routers, or explains why the total is unknown.

import type { LoadReading } from "./load-history";
import type { RouterView } from "./router-view";

/** Age in milliseconds above which a router's last sample is stale. */
const SAMPLE_STALE_AFTER_MS = 1_000;

/**
 * Milliseconds after its last sample for which a router that is no longer ready still counts: models may still process
 * its last requests.
 */
export const VANISHED_ROUTER_DROPPED_AFTER_MS = 5_000;

export type CountedRouters =
  | { readonly ok: true; readonly views: readonly RouterView[] }
  | { readonly ok: false; readonly reason: string; readonly message: string };

/**
 * The routers whose samples make up the load at `nowMs`. Not ok unless every ready router has a fresh sample. Routers
 * that are no longer ready count until VANISHED_ROUTER_DROPPED_AFTER_MS after their last sample.
 */
export function countRouters(
  views: readonly RouterView[],
  readyRouters: ReadonlySet<string>,
  nowMs: number,
): CountedRouters {
  if (readyRouters.size === 0) {
    return {
      ok: false,
      reason: "NoReadyRouter",
      message: "No router is ready: the number of replicas is held.",
    };
  }
  const fresh = new Set(views.filter((view) => isFresh(view, nowMs)).map(({ router }) => router));
  const silent = [...readyRouters].filter((router) => !fresh.has(router)).sort();
  if (silent.length > 0) {
    return {
      ok: false,
      reason: "RouterSilent",
      message: `${silent.join(", ")} ${silent.length === 1 ? "is" : "are"} ready but did not report for ${SAMPLE_STALE_AFTER_MS} ms: the number of replicas is held.`,
    };
  }
  return {
    ok: true,
    views: views.filter(
      (view) =>
        readyRouters.has(view.router) ||
        nowMs - view.receivedAtMs <= VANISHED_ROUTER_DROPPED_AFTER_MS,
    ),
  };
}

/** The load of one version, summed over these routers. A router without a sample of the version adds nothing. */
export function sumLoad(
  views: readonly RouterView[],
  endpointKey: string,
  version: string,
  atMs: number,
): LoadReading {
  let inFlight = 0;
  let queued = 0;
  let slots = 0;
  for (const view of views) {
    const versions = view.endpoints.get(endpointKey)?.versions ?? {};
    // A version may be called `constructor`.
    const sample = Object.hasOwn(versions, version) ? versions[version] : undefined;
    if (sample === undefined) continue;
    inFlight += sample.inFlight;
    queued += sample.queued;
    // One router owns a version's slots, so no slot is counted twice.
    slots += sample.slots;
  }
  return { atMs, inFlight, queued, slots };
}

function isFresh(view: RouterView, nowMs: number): boolean {
  const ageMs = nowMs - view.receivedAtMs;
  return ageMs >= 0 && ageMs <= SAMPLE_STALE_AFTER_MS;
}
