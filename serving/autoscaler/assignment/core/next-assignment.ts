// Decides when another list of routers follows, and who is in it.

import {
  type AssignedRouter,
  type Assignment,
  MAX_ROUTERS,
} from "../../../../contracts/ownership/assignment";
import { podOf, type RouterId } from "../../../../contracts/ownership/router-id";
import { chooseSeed } from "./choose-seed";

/** A router that has a Lease, as the leader sees it. */
export interface SeenRouter {
  readonly id: RouterId;
  readonly address: string;
  /** Monotonic milliseconds since which its pod is ready, or isn't. */
  readonly isReady: boolean;
  readonly sinceMs: number;
  /** It drains, or its pod is being deleted: it will not be ready again. */
  readonly isEnding: boolean;
  /** The epoch that it says it keeps to; undefined: not known. */
  readonly epoch: number | undefined;
}

export interface AssignmentTimes {
  /** A router joins when it has been ready for this long. Default 3000. */
  readonly joinMs: number;
  /** A router that isn't ready loses its versions after this long. One that is gone is fenced long before. Default 10000. */
  readonly leaveMs: number;
  /** An epoch follows one that not everybody keeps to after this long. Default 10000. */
  readonly settleMs: number;
}

export const ASSIGNMENT_TIMES: AssignmentTimes = {
  joinMs: 3_000,
  leaveMs: 10_000,
  settleMs: 10_000,
};

export type NextAssignment =
  | { readonly decision: "keep"; readonly why: string }
  | { readonly decision: "write"; readonly assignment: Assignment; readonly why: string };

/**
 * The assignment that follows. Who ends gives its versions away at once, and a fenced router is dropped at once: its
 * versions have their standbys already. All else waits until the last epoch is kept to. An assignment is never empty:
 * the last active router stays until there is another. It lists at most MAX_ROUTERS, so the rest join later.
 * @param fenced routers whose Leases are fenced; only they are dropped
 * @param writtenMs when the current assignment was written, or first seen
 * @param versions keys of all versions
 */
export function nextAssignment(
  current: Assignment,
  seen: readonly SeenRouter[],
  fenced: ReadonlySet<RouterId>,
  versions: readonly string[],
  writtenMs: number,
  nowMs: number,
  times: AssignmentTimes = ASSIGNMENT_TIMES,
): NextAssignment {
  const byId = new Map(seen.map((router) => [router.id, router]));
  const kept = current.routers.filter(({ id }) => !fenced.has(id));
  const isSettled =
    nowMs - writtenMs >= times.settleMs ||
    kept.every(({ id }) => byId.get(id)?.epoch === current.epoch);

  const joining = seen
    .filter(({ id }) => !fenced.has(id) && !current.routers.some((router) => router.id === id))
    .filter((router) => router.isReady && !router.isEnding)
    .filter(({ sinceMs }) => isSettled && nowMs - sinceMs >= times.joinMs)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const staying = kept.map((router) => {
    const isReturning =
      router.isLeaving && isSettled && mayReturn(byId.get(router.id), nowMs, times);
    const isLeaving = isReturning
      ? false
      : router.isLeaving || leaves(byId.get(router.id), isSettled);
    return { ...router, isLeaving };
  });

  function leaves(router: SeenRouter | undefined, settled: boolean): boolean {
    if (router === undefined) return false;
    if (router.isEnding) return true;
    return settled && !router.isReady && nowMs - router.sinceMs >= times.leaveMs;
  }

  const routers: AssignedRouter[] = [...staying];
  for (const { id, address } of joining.slice(0, MAX_ROUTERS - staying.length)) {
    const active = routers.filter(({ isLeaving }) => !isLeaving);
    routers.push({ id, address, isLeaving: false, seed: chooseSeed(podOf(id), active, versions) });
  }
  if (routers.every(({ isLeaving }) => isLeaving)) {
    return { decision: "keep", why: "no router is ready" };
  }
  const why = difference(current.routers, routers);
  if (why === "") {
    return {
      decision: "keep",
      why: isSettled ? "nothing has changed" : "the last isn't kept to yet",
    };
  }
  return { decision: "write", assignment: { epoch: current.epoch + 1, routers }, why };
}

/** A router that left because it wasn't ready, and is again, for as long as it took to leave: nothing goes to and fro. */
function mayReturn(router: SeenRouter | undefined, nowMs: number, times: AssignmentTimes): boolean {
  return (
    router !== undefined &&
    router.isReady &&
    !router.isEnding &&
    nowMs - router.sinceMs >= Math.max(times.joinMs, times.leaveMs)
  );
}

function difference(before: readonly AssignedRouter[], after: readonly AssignedRouter[]): string {
  const isActive = (routers: readonly AssignedRouter[], id: RouterId): boolean =>
    routers.some((router) => router.id === id && !router.isLeaving);
  const parts: readonly (readonly [string, readonly AssignedRouter[]])[] = [
    ["joins", after.filter(({ id }) => !isActive(before, id) && isActive(after, id))],
    ["leaves", after.filter(({ id }) => isActive(before, id) && !isActive(after, id))],
    ["is fenced", before.filter(({ id }) => !after.some((router) => router.id === id))],
  ];
  return parts
    .flatMap(([what, routers]) => routers.map(({ id }) => `${podOf(id)} ${what}`))
    .join(", ");
}
