// Requests of a simulated world, which always has more than there are places for; and what must hold of them.
import { podOf, type RouterId } from "../../../contracts/ownership/router-id";
import type { SimulatedApi } from "./simulated-api";
import type { SimulatedHaproxy } from "./simulated-haproxy";
import type { Request, SimulationOptions } from "./simulation-options";

/** The longest request. */
export const ORPHAN_MS = 2_500;

/** The part of a world that requests are in. */
export interface LoadedWorld {
  readonly nowMs: number;
  readonly options: SimulationOptions;
  readonly bounds: { readonly silenceMs: number };
  readonly haproxies: ReadonlyMap<string, SimulatedHaproxy>;
  readonly api: SimulatedApi;
  replicasOf(version: string): readonly string[];
  /** Whether the router presumes, or did a moment ago, that another has ended, and can't ask the API server. */
  isPresuming(pod: string): boolean;
  ended(haproxy: SimulatedHaproxy, version: string): void;
  after(ms: number, run: () => void): void;
  fail(what: string, requests: Iterable<Request>): void;
}

export class SimulatedLoad {
  begun = 0;
  /** Requests beyond a limit beside what a router began just before its end. */
  excused = 0;
  /** Requests beyond a limit, and moments with two users of a version, while a router presumes. */
  doubled = 0;
  readonly lastBegunMs = new Map<string, number>();
  readonly longestGapMs = new Map<string, number>();
  private readonly active = new Map<string, Set<Request>>();
  private readonly lastOfRouter = new Map<RouterId, number>();

  constructor(
    private readonly world: LoadedWorld,
    private readonly random: () => number,
  ) {}

  /** As many requests as there are places for, or a random part of them. */
  add(haproxy: SimulatedHaproxy, version: string): void {
    const { nowMs } = this.world;
    if (haproxy.placesOf(version, nowMs) === 0) return;
    this.checkAlone(haproxy, version);
    for (const replica of this.world.replicasOf(version)) {
      const places = haproxy.placesOf(replica, nowMs);
      const own = haproxy.inFlight.get(replica) ?? 0;
      if (own < places && this.random() > 0.2) this.begin(haproxy, version, replica);
    }
  }

  private begin(haproxy: SimulatedHaproxy, version: string, replica: string): void {
    const { world, random } = this;
    const { inFlight, router } = haproxy;
    const { limit, hasFaults, longestMs = 60 } = world.options;
    const begunMs = world.nowMs;
    const active = this.active.get(replica) ?? new Set<Request>();
    this.active.set(replica, active);
    const request = { router, begunMs, isDoubtful: this.isDoubtful() };
    active.add(request);
    inFlight.set(replica, (inFlight.get(replica) ?? 0) + 1);
    this.begun += 1;
    this.lastOfRouter.set(router, begunMs);
    const gapMs = begunMs - (this.lastBegunMs.get(version) ?? begunMs);
    this.longestGapMs.set(version, Math.max(gapMs, this.longestGapMs.get(version) ?? 0));
    this.lastBegunMs.set(version, begunMs);
    if (active.size > limit) this.explain(replica, active);
    const isLong = random() < 0.05;
    const durationMs = isLong && hasFaults ? random() * (ORPHAN_MS - 10) : 2 + random() * longestMs;
    world.after(durationMs, () => {
      active.delete(request);
      const left = (inFlight.get(replica) ?? 1) - 1;
      if (left > 0) inFlight.set(replica, left);
      else inFlight.delete(replica);
      world.ended(haproxy, version);
    });
  }

  /** Why a replica has more than its limit. */
  private explain(replica: string, active: ReadonlySet<Request>): void {
    const { limit } = this.world.options;
    const count = (is: (each: Request) => boolean): number => [...active].filter(is).length;
    const unseen = count((each) => this.isUnseen(each));
    if (active.size - limit <= unseen) this.excused += 1;
    else if (active.size - limit <= unseen + count(({ isDoubtful }) => isDoubtful)) {
      this.doubled += 1;
    } else this.world.fail(`${replica} has ${active.size} requests`, active);
  }

  /** Whether a router that ended began the request so shortly before that no report need have it. */
  private isUnseen({ router, begunMs }: Request): boolean {
    const { haproxies, api, bounds } = this.world;
    const hasEnded = !haproxies.has(podOf(router)) || !api.isHeld(router);
    return hasEnded && begunMs > (this.lastOfRouter.get(router) ?? 0) - bounds.silenceMs * 1.02;
  }

  private isDoubtful(): boolean {
    const { haproxies, options } = this.world;
    if (options.whenApiIsAway !== "serve") return false;
    return [...haproxies.keys()].some((pod) => this.world.isPresuming(pod));
  }

  /** No other router may begin a request of the version now. */
  private checkAlone(haproxy: SimulatedHaproxy, version: string): void {
    for (const other of this.world.haproxies.values()) {
      if (other === haproxy || other.placesOf(version, this.world.nowMs) === 0) continue;
      if (this.isDoubtful()) this.doubled += 1;
      else this.world.fail(`${version} is used by ${haproxy.pod} and by ${other.pod}`, []);
    }
  }
}
