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

  /** What another router says: that a router is fenced, and what it had. @param report the newest that we have */
  merge(
    { router, remainingMs, ...said }: WithheldPlaces,
    report: PeerReport | undefined,
    nowMs: number,
  ): void {
    this.ids.add(router);
    const known = this.withheld.get(router) ?? {
      ...{ untilMs: nowMs + remainingMs, learnedMs: nowMs, isComplete: false },
      ...{ sequence: report?.sequence ?? -1, inFlight: report?.inFlight ?? new Map() },
    };
    const { sequence, inFlight } = said.sequence > known.sequence ? said : known;
    const isComplete = known.isComplete || said.isComplete;
    this.withheld.set(router, { ...known, sequence, inFlight, isComplete });
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
