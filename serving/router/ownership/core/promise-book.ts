// The promises that a router has given: it helps nobody to fence a router that has one.

import type { RouterId } from "../../../../contracts/ownership/router-id";
import type { Bounds } from "./bounds";

export interface PromiseBook {
  /** A process doesn't know what the one before it promised: everything, at the moment when it started. */
  readonly startedMs: number;
  /** When the last ping with a promise came, by router. */
  readonly givenMs: Map<RouterId, number>;
  /** The renewal of a router's Lease up to which it gets no promise any more. */
  readonly refusedThrough: Map<RouterId, number>;
}

/** Whether nobody needs to wait for a promise to the router. */
export function isSilent(
  { givenMs, startedMs }: PromiseBook,
  router: RouterId,
  nowMs: number,
  { silenceMs }: Bounds,
): boolean {
  return nowMs - (givenMs.get(router) ?? startedMs) >= silenceMs;
}

/** Whether a ping that knows this renewal gets a promise. */
export function mayPromise(book: PromiseBook, router: RouterId, renewal: number): boolean {
  return renewal > (book.refusedThrough.get(router) ?? 0);
}

export function refuse({ refusedThrough }: PromiseBook, router: RouterId, renewal: number): void {
  refusedThrough.set(router, Math.max(renewal, refusedThrough.get(router) ?? 0));
}
