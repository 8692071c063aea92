// Which routers are fenced, and the places that are withheld for what they may have left behind.

import type { WithheldPlaces } from "../../../../contracts/ownership/peer-message";
import type { LeaseTerm } from "../../../../contracts/ownership/router-lease";
import type { RouterId } from "../../../../contracts/ownership/router-id";
import { type Bounds, DRIFT } from "./bounds";
import type { Rules } from "./rules";
import type { PeerReport, Withheld } from "./withheld-places";

export class FencedRouters {
  private readonly ids = new Set<RouterId>();
  private readonly withheld = new Map<RouterId, Withheld>();

  constructor(
    private readonly bounds: Bounds,
    private readonly rules: Rules,
  ) {}

  has(id: RouterId): boolean {
    return this.ids.has(id);
  }

  /** An earlier term of our own: what it left is in our HAProxy, or the others know it. */
  addOwn(id: RouterId): void {
    this.ids.add(id);
  }

  /** @param end what its Lease says of its end; undefined: not known */
  add(
    id: RouterId,
    report: PeerReport | undefined,
    end: LeaseTerm | undefined,
    nowMs: number,
  ): void {
    if (this.ids.has(id)) return;
    this.ids.add(id);
    this.withheld.set(id, {
      untilMs: nowMs + this.bounds.orphanMs * DRIFT,
      learnedMs: nowMs,
      sequence: report?.sequence ?? -1,
      isComplete: this.rules.isComplete(report, end, nowMs, this.bounds),
      inFlight: report?.inFlight ?? new Map<string, number>(),
    });
  }

  /** What another router says: that a router is fenced, and perhaps more of what it had than we know. */
  merge({ router, remainingMs, ...said }: WithheldPlaces, nowMs: number): void {
    const known = this.withheld.get(router);
    if (known === undefined) {
      this.ids.add(router);
      this.withheld.set(router, { ...said, untilMs: nowMs + remainingMs, learnedMs: nowMs });
    } else if (!known.isComplete && (said.isComplete || said.sequence > known.sequence)) {
      this.withheld.set(router, { ...known, ...said });
    }
  }

  /** Places of a replica that aren't ours. @param oursSinceMs since when the version is ours */
  placesOf(replica: string, oursSinceMs: number, nowMs: number): number {
    let places = 0;
    for (const each of this.withheld.values()) {
      places += this.rules.withheldOf(each, replica, oursSinceMs, nowMs);
    }
    return places;
  }

  /** What the other routers should know. */
  toTell(nowMs: number): readonly WithheldPlaces[] {
    return [...this.withheld]
      .filter(([, { untilMs }]) => nowMs < untilMs)
      .map(([router, { untilMs, sequence, isComplete, inFlight }]) => ({
        ...{ router, remainingMs: untilMs - nowMs, sequence, isComplete, inFlight },
      }));
  }
}
