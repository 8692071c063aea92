// HAProxy of a simulated router: it does what it was told last, and ends that by its own clock.
import type { Places } from "../../../contracts/ownership/peer-message";
import type { RouterId } from "../../../contracts/ownership/router-id";

/** What an agent tells its HAProxy. */
export interface Told {
  /** By replica; 1 by version when it may be used, and by `<version>, free` when a replica without requests may. */
  readonly places: Places;
  /** On the router's clock. */
  readonly rightUntilMs: number;
  readonly router: RouterId;
}

const NOTHING: Told = { places: new Map(), rightUntilMs: -Infinity, router: "" };

export class SimulatedHaproxy {
  isAlive = true;
  /** Requests at each replica that didn't end yet. */
  readonly inFlight = new Map<string, number>();
  /** When its agent last took another router for fenced without a proof. */
  presumedMs = -Infinity;
  private inForce = NOTHING;
  private told = NOTHING;
  private inForceMs = 0;

  /**
   * @param clock the router's clock at a time of the world
   * @param lateMs by how much it ends the right too late
   */
  constructor(
    readonly pod: string,
    readonly uid: string,
    readonly clock: (worldMs: number) => number,
    private readonly lateMs: number,
  ) {}

  get router(): RouterId {
    return this.inForce.router;
  }

  placesOf(replica: string, worldMs: number): number {
    const { places, rightUntilMs } = this.inForce;
    const isOver = !this.isAlive || this.clock(worldMs) >= rightUntilMs + this.lateMs;
    return isOver ? 0 : (places.get(replica) ?? 0);
  }

  /** Whether this takes away what HAProxy has, or will have by what it was told. */
  isLess(wanted: Told): boolean {
    return isLess(this.told, wanted);
  }

  /**
   * Takes a command. What is less is in force after the lag, what is more after twice the lag; commands keep their order.
   * @returns until then, for what is less
   */
  tell(wanted: Told, nowMs: number, lagMs: number, world: World): number {
    const { told } = this;
    const isMore = isLess(wanted, told);
    if (!isMore && !isLess(told, wanted)) return 0;
    this.told = wanted;
    const lessMs = Math.max(this.inForceMs, nowMs + lagMs) - nowMs;
    this.inForceMs = Math.max(nowMs + lessMs, nowMs + (isMore ? 2 * lagMs : 0));
    world.after(lessMs, () => (this.inForce = least(this.inForce, wanted)));
    if (isMore) world.after(this.inForceMs - nowMs, () => (this.inForce = wanted));
    return lessMs;
  }
}

interface World {
  after(ms: number, run: () => void): void;
}

function isLess(before: Told, wanted: Told): boolean {
  if (wanted.rightUntilMs < before.rightUntilMs) return true;
  for (const [replica, count] of before.places) {
    if ((wanted.places.get(replica) ?? 0) < count) return true;
  }
  return false;
}

function least(one: Told, other: Told): Told {
  const places = [...one.places].map(
    ([replica, count]) => [replica, Math.min(count, other.places.get(replica) ?? 0)] as const,
  );
  const rightUntilMs = Math.min(one.rightUntilMs, other.rightUntilMs);
  return { places: new Map(places), rightUntilMs, router: one.router };
}
