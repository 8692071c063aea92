// Decides whether a router that nobody hears may be fenced.

import { type RouterId, succeeds } from "../../../../contracts/ownership/router-id";
import type { Bounds } from "./bounds";
import { majorityOf } from "./right";

export interface TakeOverEvidence {
  readonly router: RouterId;
  /** No promise of our own binds us. */
  readonly isSilent: boolean;
  /** Its pod is deleted, or all of its containers have ended: what it had ended with it. */
  readonly isGone: boolean;
  readonly lease: {
    readonly renewal: number;
    readonly members: readonly RouterId[];
    /** When this resourceVersion was first seen. */
    readonly seenMs: number;
    /** When the Lease was last asked for with success. */
    readonly readMs: number;
  };
  /** Who has no promise to it and gives it none for this renewal, by what they said; ourselves among them. */
  readonly confirmed: readonly RouterId[];
  /** Members whose pods are gone, and since when we know. */
  readonly goneMs: ReadonlyMap<RouterId, number>;
}

export type TakeOver =
  | { readonly decision: "wait"; readonly why: string }
  | { readonly decision: "ask"; readonly members: readonly RouterId[]; readonly why: string }
  /** `isHeard`: a member that confirmed has had a ping of the router's last right, with its report. */
  | { readonly decision: "fence"; readonly isHeard: boolean }
  /** All that can be known without the API server speaks for it. */
  | { readonly decision: "presume" };

export function decideTakeOver(
  { router, isSilent, isGone, lease, confirmed, goneMs }: TakeOverEvidence,
  nowMs: number,
  bounds: Bounds,
): TakeOver {
  const isKnown = nowMs - lease.readMs < bounds.apiMs;
  if (isGone && isKnown) return { decision: "fence", isHeard: !isSilent };
  if (!isSilent) return { decision: "wait", why: "we have promised not to" };
  if (nowMs - lease.seenMs < bounds.silenceMs) {
    return { decision: "wait", why: "its Lease was written a moment ago" };
  }
  const others = lease.members.filter((member) => member !== router);
  const unheard = others.filter((member) => !confirmed.some((id) => succeeds(id, member)));
  // A member that is gone may have promised just before its end.
  const unknown = unheard.filter(
    (member) => nowMs - (goneMs.get(member) ?? Infinity) < bounds.silenceMs,
  );
  const least = majorityOf(lease.members.length);
  if (unknown.length + 1 >= least) {
    return { decision: "ask", members: unknown, why: "its other members may have promised" };
  }
  return isKnown
    ? { decision: "fence", isHeard: unheard.length + 1 < least }
    : { decision: "presume" };
}
