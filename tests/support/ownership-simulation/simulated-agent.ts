// The agent of a simulated router: it does with the protocol that ships what an agent has to do.
import type { PeerMessage } from "../../../contracts/ownership/peer-message";
import {
  parsePeerMessage,
  renderPeerMessage,
} from "../../../contracts/ownership/peer-message-json";
import { podOf } from "../../../contracts/ownership/router-id";
import type { Bounds } from "../../../serving/router/ownership/core/bounds";
import { type Effect, Ownership } from "../../../serving/router/ownership/core/ownership";
import type { WriteEnd } from "../../../serving/router/ownership/core/own-lease";
import type { SimulatedApi } from "./simulated-api";
import type { SimulatedHaproxy, Told } from "./simulated-haproxy";
import type { SimulationOptions } from "./simulation-options";

/** The part of a world that an agent is in. */
export interface AgentWorld {
  readonly nowMs: number;
  readonly options: SimulationOptions;
  readonly bounds: Bounds;
  readonly api: SimulatedApi;
  leaseWrites: number;
  random(): number;
  versions(): readonly string[];
  replicasOf(version: string): readonly string[];
  send(from: string, to: string, message: PeerMessage): void;
  ask(agent: SimulatedAgent, serve: () => (nowMs: number) => void): void;
  after(ms: number, run: () => void): void;
}

export class SimulatedAgent {
  readonly ownership: Ownership;
  isAlive = true;
  stalledUntilMs = 0;
  /** It does what is due, which may wait for HAProxy. */
  private isBusy = false;

  constructor(
    private readonly world: AgentWorld,
    readonly haproxy: SimulatedHaproxy,
  ) {
    const { rules, whenApiIsAway = "refuse" } = world.options;
    const { pod, uid } = haproxy;
    const settings = {
      ...{ pod, uid, process: `${pod}-${world.random()}`, bounds: world.bounds, whenApiIsAway },
      ...(rules === undefined ? {} : { rules }),
    };
    this.ownership = new Ownership(settings, this.clock());
  }

  get pod(): string {
    return this.haproxy.pod;
  }

  get uid(): string {
    return this.haproxy.uid;
  }

  /** Its own time now. */
  clock(): number {
    return this.haproxy.clock(this.world.nowMs);
  }

  /** HAProxy has what was decided before requests are counted, before a ping says so, and before a Lease is written. */
  tick(): void {
    if (this.isBusy) return;
    this.isBusy = true;
    this.inForce(() => {
      const effects = this.ownership.tick(new Map(this.haproxy.inFlight), this.clock());
      const perform = (): void => {
        this.perform(effects);
        this.isBusy = false;
      };
      if (effects.some(({ kind }) => kind === "write")) this.inForce(perform);
      else perform();
    });
  }

  /** Tells HAProxy what was decided, and goes on when all that is taken away is gone. */
  private inForce(then: () => void): void {
    this.handle(() => {
      const { haproxy, ownership, world } = this;
      const { lagMs = 90, awaitsHaproxy = true } = world.options;
      if (ownership.presumed.length > 0) haproxy.presumedMs = world.nowMs;
      const wanted = this.wanted();
      const isLess = haproxy.isLess(wanted);
      const lessMs = haproxy.tell(wanted, world.nowMs, world.random() ** 2 * lagMs, world);
      if (isLess && awaitsHaproxy) world.after(lessMs, () => this.inForce(then));
      else then();
    });
  }

  private wanted(): Told {
    const { ownership, world } = this;
    const { limit, hasDeadline = true } = world.options;
    const nowMs = this.clock();
    const places = new Map<string, number>();
    const add = (name: string, count: number): void => {
      if (count > 0) places.set(name, count);
    };
    for (const version of world.versions()) {
      add(version, Number(ownership.isOurs(version, nowMs)));
      add(`${version}, free`, ownership.placesOf(version, "", 1, nowMs));
      for (const replica of world.replicasOf(version)) {
        add(replica, ownership.placesOf(version, replica, limit, nowMs));
      }
    }
    const rightUntilMs = hasDeadline ? ownership.rightUntilMs : Infinity;
    return { places, rightUntilMs, router: ownership.id ?? "" };
  }

  /** What the API server tells without being asked. */
  watch(): void {
    const { world, ownership, pod } = this;
    const { assignment } = world.api;
    world.ask(this, () => {
      const others = assignment.routers.map(({ id }) => podOf(id)).filter((each) => each !== pod);
      const seen = others.map((each) => [each, world.api.read(each)] as const);
      const gone = [...world.api.gone];
      const current = world.api.assignment;
      return (nowMs) => {
        ownership.adopt(current, nowMs);
        for (const [each, lease] of seen) ownership.onLease(each, lease, nowMs);
        for (const holder of gone) {
          ownership.onPodGone(podOf(holder), holder.split("/")[1] ?? "", nowMs);
        }
      };
    });
  }

  receive(message: PeerMessage): void {
    const received = this.world.options.isOnWire === true ? readBack(message) : message;
    this.handle((nowMs) => this.perform(this.ownership.onMessage(received, nowMs)));
  }

  /** Runs what it does at one moment; later while it is stalled. */
  handle(act: (nowMs: number) => void): void {
    const { world, stalledUntilMs } = this;
    if (!this.isAlive) return;
    if (stalledUntilMs > world.nowMs) {
      world.after(stalledUntilMs - world.nowMs, () => this.handle(act));
    } else act(this.clock());
  }

  private perform(effects: readonly Effect[]): void {
    const { world, ownership } = this;
    for (const effect of effects) {
      if (effect.kind === "send") world.send(this.pod, podOf(effect.to), effect.message);
      if (effect.kind === "write") this.write(effect);
      if (effect.kind === "read") {
        world.ask(this, () => {
          const read = world.api.read(effect.pod);
          return (nowMs) => ownership.onLease(effect.pod, read, nowMs);
        });
      }
    }
  }

  private write({ pod, lease, guard }: Effect & { readonly kind: "write" }): void {
    const { world, ownership } = this;
    world.leaseWrites += 1;
    let isAnswered = false;
    const answer = (end: WriteEnd): void => {
      if (isAnswered) return;
      isAnswered = true;
      this.handle((nowMs) => ownership.onWritten(pod, lease, end, nowMs));
    };
    world.after(400, () => answer("unknown"));
    world.ask(this, () => {
      const resourceVersion = world.api.write(pod, lease, guard);
      return () => answer(resourceVersion === undefined ? "conflict" : { resourceVersion });
    });
  }
}

function readBack(message: PeerMessage): PeerMessage {
  const parsed = parsePeerMessage(renderPeerMessage(message));
  if (!parsed.ok) throw new Error(`${message.kind}: ${parsed.message}`);
  return parsed.message;
}
