// Plays the routers' ownership protocol on a simulated network, API server, replicas and clocks; one seed, one course.
import type { Assignment } from "../../../contracts/ownership/assignment";
import type { PeerMessage } from "../../../contracts/ownership/peer-message";
import { holderOf, podOf, type RouterId } from "../../../contracts/ownership/router-id";
import type { SeenRouter } from "../../../serving/autoscaler/assignment/core/next-assignment";
import { type Bounds, BOUNDS } from "../../../serving/router/ownership/core/bounds";
import { EventQueue, mulberry32 } from "./event-queue";
import { harm } from "./harms";
import { SimulatedAgent } from "./simulated-agent";
import { SimulatedApi } from "./simulated-api";
import { SimulatedHaproxy } from "./simulated-haproxy";
import { anyAssignment, SimulatedLeader } from "./simulated-leader";
import { ORPHAN_MS, SimulatedLoad } from "./simulated-load";
import type { PodStatus, Request, SimulationOptions } from "./simulation-options";

/**
 * How long two routers may both use a version after the API server is there again, when one presumed that the other
 * has ended: until the one has asked it, or its right ends in HAProxy.
 */
const DOUBT_MS = 700;

export class Simulation {
  nowMs = 0;
  readonly violations: string[] = [];
  leaseWrites = 0;
  readonly agents = new Map<string, SimulatedAgent>();
  readonly haproxies = new Map<string, SimulatedHaproxy>();
  readonly api: SimulatedApi;
  readonly load: SimulatedLoad;
  readonly bounds: Bounds;
  readonly random: () => number;
  private readonly events = new EventQueue();
  private readonly cuts = new Set<string>();
  private readonly statuses = new Map<string, PodStatus>();
  /** When a pod last couldn't ask the API server. */
  private readonly apiCutMs = new Map<string, number>();
  private readonly leader: SimulatedLeader;
  private readonly names: readonly string[];
  private readonly replicas: ReadonlyMap<string, readonly string[]>;
  private started = 0;
  private isCalm = false;

  constructor(readonly options: SimulationOptions) {
    const { pauseMs = 550 } = options;
    this.random = mulberry32(options.seed);
    const count = (length: number, name: (index: number) => string): string[] =>
      Array.from({ length }, (_, index) => name(index));
    this.names = count(options.versions, (index) => `models.m${index}.blue`);
    this.replicas = new Map(
      this.names.map((name) => [name, count(options.replicas, (index) => `${name}-${index}`)]),
    );
    this.api = new SimulatedApi(options.unguarded);
    this.load = new SimulatedLoad(this, this.random);
    const { nextAssignment, assignmentTimes } = options;
    this.leader = new SimulatedLeader(this.versions(), nextAssignment, assignmentTimes);
    this.bounds = { ...BOUNDS, orphanMs: ORPHAN_MS, ...options.bounds };
    for (let index = 0; index < options.routers; index += 1) this.startPod();
    this.every(
      () => 150 + this.random() * 500,
      () => this.lead(),
    );
    if (options.hasFaults)
      this.every(
        () => pauseMs * (0.2 + 1.6 * this.random()),
        () => {
          if (!this.isCalm) harm(this, this.random, options.harms);
        },
      );
  }

  versions(): readonly string[] {
    return this.names;
  }

  replicasOf(version: string): readonly string[] {
    return this.replicas.get(version) ?? [];
  }

  /** Goes on until a time; stops at the first violation. */
  run(untilMs: number): void {
    while (this.violations.length === 0 && this.events.nextMs <= untilMs) {
      this.nowMs = this.events.nextMs;
      this.events.take()?.();
    }
    this.nowMs = untilMs;
  }

  /** Ends all troubles. */
  heal(): void {
    this.isCalm = true;
    this.noteCuts();
    this.cuts.clear();
  }

  /** @param toldMs until the API server knows; default: up to 2 s */
  kill(pod: string, toldMs = this.random() ** 3 * 2_000): void {
    const uid = this.end(pod);
    if (uid !== undefined) this.after(toldMs, () => this.api.gone.add(`${pod}/${uid}`));
  }

  /** Agent and HAProxy end. @returns the pod's uid */
  private end(pod: string): string | undefined {
    const process = this.agents.get(pod);
    if (process !== undefined) process.isAlive = false;
    const haproxy = this.haproxies.get(pod);
    if (haproxy !== undefined) haproxy.isAlive = false;
    this.agents.delete(pod);
    this.haproxies.delete(pod);
    return haproxy?.uid;
  }

  /** From now on nothing comes from the pod or gets there. */
  isolate(pod: string): void {
    for (const other of ["api", ...this.agents.keys()]) {
      this.cuts.add(`${pod}>${other}`).add(`${other}>${pod}`);
    }
  }

  /** Nothing gets from one to the other: pods, "api" or "leader". @param forMs default: until all is healed */
  cut(from: string, to: string, forMs = Infinity): void {
    if (from === to) return;
    this.cuts.add(`${from}>${to}`);
    if (forMs === Infinity) return;
    this.after(forMs, () => {
      this.noteCuts();
      this.cuts.delete(`${from}>${to}`);
    });
  }

  stall(pod: string, forMs: number): void {
    const process = this.agents.get(pod);
    if (process !== undefined) process.stalledUntilMs = this.nowMs + forMs;
  }

  pods(): string[] {
    return [...this.agents.keys()];
  }

  /** The pod whose HAProxy may begin requests of the version. */
  userOf(version: string): string | undefined {
    return [...this.haproxies.values()].find(
      (each) => each.placesOf(`${version}, free`, this.nowMs) > 0,
    )?.pod;
  }

  private hasApi(pod: string): boolean {
    return !this.cuts.has(`${pod}>api`) && !this.cuts.has(`api>${pod}`);
  }

  private noteCuts(): void {
    for (const pod of this.agents.keys()) {
      if (!this.hasApi(pod)) this.apiCutMs.set(pod, this.nowMs);
    }
  }

  isPresuming(pod: string): boolean {
    const presumedMs = this.haproxies.get(pod)?.presumedMs ?? -Infinity;
    const cutMs = this.hasApi(pod) ? (this.apiCutMs.get(pod) ?? -Infinity) : this.nowMs;
    return this.nowMs - Math.min(presumedMs, cutMs) < DOUBT_MS;
  }

  /** A request of the HAProxy ended. */
  ended({ pod }: SimulatedHaproxy, version: string): void {
    const ownership = this.agents.get(pod)?.ownership;
    if (ownership !== undefined && ownership.ownerOf(version) !== ownership.id)
      ownership.pingSoon();
  }

  living(): SimulatedAgent[] {
    return [...this.agents.values()];
  }

  private startPod(): void {
    this.started += 1;
    const pod = `router-${this.started}`;
    this.statuses.set(pod, { isReady: true, sinceMs: this.nowMs, isEnding: false });
    if (this.options.leader === "shipped") this.flap(pod);
    this.startAgent(pod, `uid-${this.started}`);
  }

  /** Its readiness comes and goes. */
  private flap(pod: string): void {
    const { hasFaults, unreadyMs = hasFaults ? 2_500 : 0 } = this.options;
    const status = this.statuses.get(pod);
    if (status === undefined || unreadyMs === 0) return;
    const forMs = status.isReady ? 50 + this.random() * 2_500 : this.random() * unreadyMs;
    this.after(forMs, () => {
      if (!status.isReady || !this.isCalm) {
        Object.assign(status, { isReady: !status.isReady, sinceMs: this.nowMs });
      }
      this.flap(pod);
    });
  }

  /** @param adopted HAProxy that goes on while its agent is another */
  private startAgent(pod: string, uid: string, adopted?: SimulatedHaproxy): void {
    const { lateMs = 90 } = this.options;
    const offsetMs = this.random() * 1e6;
    const rate = 1 + (this.random() - 0.5) * 0.0099;
    const haproxy =
      adopted ??
      new SimulatedHaproxy(
        pod,
        uid,
        (worldMs) => offsetMs + worldMs * rate,
        this.random() * lateMs,
      );
    const agent = new SimulatedAgent(this, haproxy);
    this.agents.set(pod, agent);
    const whileAlive = (
      each: { readonly isAlive: boolean },
      everyMs: () => number,
      run: () => void,
    ): void => {
      this.every(
        everyMs,
        () => each.isAlive && run(),
        () => each.isAlive,
      );
    };
    whileAlive(
      agent,
      () => 8 + this.random() * 10,
      () => agent.tick(),
    );
    whileAlive(
      agent,
      () => 80 + this.random() * 120,
      () => agent.watch(),
    );
    if (adopted !== undefined) return;
    this.haproxies.set(pod, haproxy);
    for (const version of this.versions()) {
      whileAlive(
        haproxy,
        () => 4 + this.random() * 20,
        () => this.load.add(haproxy, version),
      );
    }
  }

  fail(what: string, requests: Iterable<Request>): void {
    if (this.violations.length > 0) return;
    const who = [...requests].map(
      ({ router, begunMs }) => `${router} since ${(this.nowMs - begunMs).toFixed(0)} ms`,
    );
    const epochs = this.living().map(({ ownership }) => `${ownership.id} at ${ownership.epoch}`);
    this.violations.push(
      `seed ${this.options.seed}, ${this.nowMs.toFixed(1)} ms: ${what} (${[...who, ...epochs].join("; ")})`,
    );
  }

  /** The autoscaler's leader reads, decides and writes, which may be late: then another may have been faster. */
  private lead(): void {
    if (this.cuts.has("leader>api")) return;
    const { api, leader } = this;
    const next = this.nextAssignment();
    const decidedMs = this.nowMs;
    if (next === undefined) return;
    this.after(this.requestMs(), () => {
      api.writeAssignment(next);
      if (api.assignment !== next || this.options.leader !== "shipped") return;
      for (const what of leader.moved(next, this.seen(), decidedMs)) this.fail(what, []);
    });
  }

  private nextAssignment(): Assignment | undefined {
    const { api, leader, options, random } = this;
    const ready = this.ready();
    if (options.leader === "shipped") {
      if (random() < 0.03) leader.restart(this.nowMs);
      return leader.decide(api.assignment, this.seen(), api.fenced(), this.nowMs);
    }
    if (this.isCalm || options.leader === "first") {
      const { epoch, routers } = api.assignment;
      const isDone = ready.every((id) => routers.some((each) => each.id === id && !each.isLeaving));
      const isFirst = epoch === 0 && ready.length >= options.routers;
      const isComplete = isDone && api.fenced().size === 0;
      return (this.isCalm ? isComplete : !isFirst) ? undefined : this.any(ready);
    }
    const share = 0.4 + random() * 0.5;
    return random() < 0.5 ? this.any(ready.filter(() => random() < share)) : undefined;
  }

  private any(active: readonly RouterId[]): Assignment | undefined {
    const { assignment } = this.api;
    return active.length === 0 ? undefined : anyAssignment(assignment, active, this.api.fenced());
  }

  /** The next epoch: versions are shared by these pods; the others are listed until they are fenced. */
  assign(pods: readonly string[]): void {
    const next = this.any(this.ready().filter((id) => pods.includes(podOf(id))));
    if (next !== undefined) this.api.writeAssignment(next);
  }

  /** What the leader sees of the routers; it hears their epochs itself. */
  private seen(): SeenRouter[] {
    return this.api.holders().flatMap((id) => {
      const pod = podOf(id);
      const status = this.statuses.get(pod);
      if (status === undefined || this.api.gone.has(holderOf(id))) return [];
      const ownership = this.agents.get(pod)?.ownership;
      const epoch = this.random() < 0.05 || ownership?.id !== id ? undefined : ownership.epoch;
      return [{ id, address: `${pod}:9000`, epoch, ...status }];
    });
  }

  /** Who holds a Lease and has a process. */
  private ready(): RouterId[] {
    return this.api.holders().filter((id) => {
      const process = this.agents.get(podOf(id));
      return process !== undefined && `${process.pod}/${process.uid}` === holderOf(id);
    });
  }

  /** Another pod takes its place; half of them are told to end before. */
  replace(pod: string): void {
    const status = this.statuses.get(pod);
    const isTold = this.random() < 0.5;
    if (status !== undefined) status.isEnding = isTold;
    this.after(isTold ? this.random() * 1_500 : 0, () => {
      this.kill(pod);
      this.after(this.random() * 1_000, () => this.startPod());
    });
  }

  /** Its containers end and start again in their pod. @param forMs default: 100 to 900 */
  restart(pod: string, forMs = 100 + this.random() * 800): void {
    const uid = this.end(pod);
    if (uid !== undefined) this.after(forMs, () => this.startAgent(pod, uid));
  }

  /** The agent ends and starts again; HAProxy goes on. @param forMs default: up to 900 */
  restartAgent(pod: string, forMs = this.random() * 900): void {
    const process = this.agents.get(pod);
    if (process === undefined) return;
    process.isAlive = false;
    this.agents.delete(pod);
    this.after(forMs, () => {
      const { haproxy, uid } = process;
      if (haproxy.isAlive) this.startAgent(pod, uid, haproxy);
    });
  }

  /** There and back; each may be lost or late. @param serve what the API server does, and then the agent */
  ask(agent: SimulatedAgent, serve: () => (nowMs: number) => void): void {
    const { pod } = agent;
    if (this.cuts.has(`${pod}>api`)) return;
    this.after(this.requestMs(), () => {
      const respond = serve();
      if (this.cuts.has(`api>${pod}`)) return;
      this.after(10 + this.random() * 20, () => agent.handle(respond));
    });
  }

  private requestMs(): number {
    const isLate = this.isRough() && this.random() < 0.1;
    return 10 + this.random() * 20 + (isLate ? this.random() * 900 : 0);
  }

  /** Lost, late or twice. */
  send(from: string, to: string, message: PeerMessage): void {
    if (this.cuts.has(`${from}>${to}`)) return;
    const deliver = (): void => this.agents.get(to)?.receive(message);
    const isRough = this.isRough();
    if (isRough && this.random() < 0.03) return;
    this.after(this.latencyMs(isRough), deliver);
    if (isRough && this.random() < 0.03) this.after(this.latencyMs(true), deliver);
  }

  private isRough(): boolean {
    return this.options.hasFaults && !this.isCalm;
  }

  private latencyMs(isRough: boolean): number {
    const isLate = isRough && this.random() < 0.05;
    return 0.2 + this.random() * 2 + (isLate ? this.random() * 1_000 : 0);
  }

  private every(periodMs: () => number, run: () => void, goesOn: () => boolean = () => true): void {
    this.after(periodMs(), () => {
      run();
      if (goesOn()) this.every(periodMs, run, goesOn);
    });
  }

  /** Runs something after a time. */
  after(ms: number, run: () => void): void {
    this.events.add(this.nowMs + ms, run);
  }
}
