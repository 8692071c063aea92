// Until when a router may use slots by the promises of its peers.

import type { RouterId } from "../../../../contracts/ownership/router-id";
import type { Bounds } from "./bounds";

/** More than half. */
export function majorityOf(members: number): number {
  return Math.floor(members / 2) + 1;
}

/**
 * Until when a router may use slots by its peers' promises: they and itself are a majority in each list that may be in
 * its Lease. Own monotonic milliseconds; Infinity when the router is its own majority.
 */
export function promisedUntil(
  evidence: {
    readonly self: RouterId;
    /** The members in the last write of the own Lease, and in those with an unknown end. */
    readonly lists: readonly (readonly RouterId[])[];
    /** When the newest ping was sent that each peer answered with a promise. */
    readonly promisedMs: ReadonlyMap<RouterId, number>;
  },
  { rightMs }: Bounds,
): number {
  const { self, lists, promisedMs } = evidence;
  const ends = lists.map((members) => {
    const sent = members
      .map((member) => (member === self ? Infinity : (promisedMs.get(member) ?? -Infinity)))
      .sort((a, b) => b - a);
    return (sent[majorityOf(members.length) - 1] ?? -Infinity) + rightMs;
  });
  return Math.min(...ends);
}
