// Plays the routers' ownership protocol on a simulated network, API server, replicas and clocks; one seed, one course.
import { holderOf, podOf, type RouterId } from "../../../contracts/ownership/router-id";
import { type Bounds, BOUNDS } from "../../../serving/router/ownership/core/bounds";
import { type Effect, Ownership } from "../../../serving/router/ownership/core/ownership";
import type { WriteEnd } from "../../../serving/router/ownership/core/own-lease";
import { SimulatedApi } from "./simulated-api";
import type { Process, Request, SimulationOptions } from "./simulation-options";
import { EventQueue, mulberry32 } from "./event-queue";
import { harm } from "./harms";

export const ORPHAN_MS = 2_500;

export class Simulation {
  nowMs = 0;
  readonly violations: string[] = [];
  /** Requests beyond a limit beside what a router began just before its end. */
  excused = 0;
  begun = 0;
  leaseWrites = 0;
  readonly lastBegunMs = new Map<string, number>();
  readonly longestGapMs = new Map<string, number>();
  readonly processes = new Map<string, Process>();
  readonly bounds: Bounds;
  private readonly random: () => number;
  private readonly events = new EventQueue();
  private readonly cuts = new Set<string>();
  private readonly active = new Map<string, Set<Request>>();
  private readonly lastOfRouter = new Map<RouterId, number>();
  private readonly api: SimulatedApi;
  private started = 0;
  private isCalm = false;

  constructor(readonly options: SimulationOptions) {
    const { pauseMs = 550 } = options;
    this.random = mulberry32(options.seed);
    this.api = new SimulatedApi(options.isGuarded !== false);
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

  readonly versions = (): string[] =>
    Array.from({ length: this.options.versions }, (_, index) => `models.m${index}.blue`);

  readonly replicasOf = (version: string): string[] =>
    Array.from({ length: this.options.replicas }, (_, index) => `${version}-${index}`);

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
    this.cuts.clear();
  }

  /** @param toldMs until the API server knows; default: up to 2 s */
  kill(pod: string, toldMs = this.random() ** 3 * 2_000): void {
    const process = this.processes.get(pod);
    if (process === undefined) return;
    process.isAlive = false;
    this.processes.delete(pod);
    this.after(toldMs, () => {
      this.api.gone.add(`${process.pod}/${process.uid}`);
    });
  }

  /** From now on nothing comes from the pod or gets there. */
  isolate(pod: string): void {
    for (const other of ["api", "api-answers", ...this.processes.keys()]) {
      this.cuts.add(`${pod}>${other}`).add(`${other}>${pod}`);
    }
  }

  /** Nothing gets from one to the other: pods, "api" or "leader". @param forMs default: until all is healed */
  cut(from: string, to: string, forMs = Infinity): void {
    if (from === to) return;
    this.cuts.add(`${from}>${to}`);
    if (forMs !== Infinity) this.after(forMs, () => this.cuts.delete(`${from}>${to}`));
  }

  stall(pod: string, forMs: number): void {
    const process = this.processes.get(pod);
    if (process !== undefined) process.stalledUntilMs = this.nowMs + forMs;
  }

  pods(): string[] {
    return [...this.processes.keys()];
  }

  /** The pod that may begin requests of the version. */
  userOf(version: string): string | undefined {
    return this.living().find(
      ({ ownership, clock }) => ownership.placesOf(version, "none", 1, clock(this.nowMs)) > 0,
    )?.pod;
  }

  living(): Process[] {
    return [...this.processes.values()];
  }

  private startPod(): void {
    this.started += 1;
    this.startProcess(`router-${this.started}`, `uid-${this.started}`);
  }

  private startProcess(pod: string, uid: string): void {
    const offsetMs = this.random() * 1e6;
    const rate = 1 + (this.random() - 0.5) * 0.0099;
    const clock = (worldMs: number): number => offsetMs + worldMs * rate;
    const settings = {
      ...{ pod, uid, process: `${pod}-${this.random()}`, bounds: this.bounds },
      ...(this.options.rules === undefined ? {} : { rules: this.options.rules }),
      whenApiIsAway: "refuse" as const,
    };
    const process: Process = {
      ...{ pod, uid, clock, inFlight: new Map<string, number>(), isAlive: true, stalledUntilMs: 0 },
      ownership: new Ownership(settings, clock(this.nowMs)),
    };
    this.processes.set(pod, process);
    const whileAlive = (everyMs: () => number, run: () => void): void => {
      this.every(
        everyMs,
        () => process.isAlive && run(),
        () => process.isAlive,
      );
    };
    whileAlive(
      () => 8 + this.random() * 10,
      () => this.tick(process),
    );
    whileAlive(
      () => 80 + this.random() * 120,
      () => this.watch(process),
    );
    for (const version of this.versions()) {
      whileAlive(
        () => 4 + this.random() * 20,
        () => this.load(process, version),
      );
    }
  }

  private tick(process: Process): void {
    this.handle(process, () =>
      process.ownership.tick(new Map(process.inFlight), process.clock(this.nowMs)),
    );
  }

  /** What the API server tells without being asked. */
  private watch(process: Process): void {
    const { assignment } = this.api;
    this.ask(process, () => {
      const leases = assignment.routers
        .map(({ id }) => podOf(id))
        .filter((pod) => pod !== process.pod);
      const seen = leases.map((pod) => [pod, this.api.read(pod)] as const);
      const gone = [...this.api.gone];
      const current = this.api.assignment;
      return (nowMs) => {
        process.ownership.adopt(current, nowMs);
        for (const [pod, lease] of seen) process.ownership.onLease(pod, lease, nowMs);
        for (const holder of gone) {
          process.ownership.onPodGone(podOf(holder), holder.split("/")[1] ?? "", nowMs);
        }
      };
    });
  }

  /** Runs what an agent does at one moment, and what follows from it; later while the agent is stalled. */
  private handle(process: Process, act: () => readonly Effect[]): void {
    if (!process.isAlive) return;
    if (process.stalledUntilMs > this.nowMs) {
      this.after(process.stalledUntilMs - this.nowMs, () => this.handle(process, act));
      return;
    }
    for (const effect of act()) this.perform(process, effect);
  }

  private perform(process: Process, effect: Effect): void {
    const { ownership, clock } = process;
    switch (effect.kind) {
      case "send": {
        const { to, message } = effect;
        if (this.cuts.has(`${process.pod}>${podOf(to)}`)) return;
        const deliver = (): void => {
          const receiver = this.processes.get(podOf(to));
          if (receiver === undefined) return;
          this.handle(receiver, () =>
            receiver.ownership.onMessage(message, receiver.clock(this.nowMs)),
          );
        };
        const isRough = this.options.hasFaults && !this.isCalm;
        if (isRough && this.random() < 0.03) return;
        this.after(this.latencyMs(isRough), deliver);
        if (isRough && this.random() < 0.03) this.after(this.latencyMs(true), deliver);
        return;
      }
      case "read":
        this.ask(process, () => {
          const read = this.api.read(effect.pod);
          return (nowMs) => ownership.onLease(effect.pod, read, nowMs);
        });
        return;
      case "write": {
        const { pod, lease, guard } = effect;
        this.leaseWrites += 1;
        let isAnswered = false;
        const answer = (end: WriteEnd): void => {
          if (isAnswered) return;
          isAnswered = true;
          this.handle(process, () => {
            ownership.onWritten(pod, lease, end, clock(this.nowMs));
            return [];
          });
        };
        this.after(400, () => answer("unknown"));
        this.ask(process, () => {
          const resourceVersion = this.api.write(pod, lease, guard);
          return () => answer(resourceVersion === undefined ? "conflict" : { resourceVersion });
        });
      }
    }
  }

  /** A request to the API server: there, and back with the answer; each may be lost or late. */
  private ask(process: Process, serve: () => (nowMs: number) => void): void {
    const { pod, clock } = process;
    const isRough = this.options.hasFaults && !this.isCalm;
    if (this.cuts.has(`${pod}>api`)) return;
    this.after(
      10 + this.random() * 20 + (isRough && this.random() < 0.1 ? this.random() * 900 : 0),
      () => {
        const respond = serve();
        if (this.cuts.has(`api>${pod}`)) return;
        this.after(10 + this.random() * 20, () => {
          this.handle(process, () => {
            respond(clock(this.nowMs));
            return [];
          });
        });
      },
    );
  }

  /** As many requests as there are places for, or a random part of them. */
  private load(process: Process, version: string): void {
    const { ownership, inFlight, clock } = process;
    const { limit } = this.options;
    const { id } = ownership;
    if (id === undefined) return;
    if (ownership.mayUse(version, clock(this.nowMs))) this.checkAlone(process, version);
    for (const replica of this.replicasOf(version)) {
      const places = ownership.placesOf(version, replica, limit, clock(this.nowMs));
      const own = inFlight.get(replica) ?? 0;
      if (own >= places || this.random() < 0.2) continue;
      this.begin(process, id, version, replica);
    }
  }

  private begin(process: Process, router: RouterId, version: string, replica: string): void {
    const { inFlight } = process;
    const { limit, longestMs = 60 } = this.options;
    const active = this.active.get(replica) ?? new Set<Request>();
    this.active.set(replica, active);
    const request = { process, router, begunMs: this.nowMs };
    active.add(request);
    inFlight.set(replica, (inFlight.get(replica) ?? 0) + 1);
    this.begun += 1;
    this.lastOfRouter.set(router, this.nowMs);
    const gapMs = this.nowMs - (this.lastBegunMs.get(version) ?? this.nowMs);
    this.longestGapMs.set(version, Math.max(gapMs, this.longestGapMs.get(version) ?? 0));
    this.lastBegunMs.set(version, this.nowMs);
    const excess = active.size - limit;
    if (excess > 0) {
      const unseen = [...active].filter((each) => this.isUnseen(each)).length;
      if (excess > unseen) this.fail(`${replica} has ${active.size} requests`, active);
      else this.excused += 1;
    }
    const isLong = this.random() < 0.05;
    const durationMs = isLong ? this.random() * (ORPHAN_MS - 10) : 2 + this.random() * longestMs;
    this.after(
      this.options.hasFaults || !isLong ? durationMs : 2 + this.random() * longestMs,
      () => {
        active.delete(request);
        const left = (inFlight.get(replica) ?? 1) - 1;
        if (left > 0) inFlight.set(replica, left);
        else inFlight.delete(replica);
        if (process.ownership.ownerOf(version) !== process.ownership.id) process.ownership.hurry();
      },
    );
  }

  /** Whether a router that ended began the request so shortly before that no report need have it. */
  private isUnseen({ router, begunMs }: Request): boolean {
    const isDead = !this.processes.has(podOf(router));
    const hasEnded = isDead || !this.api.isHeld(router);
    const lastMs = this.lastOfRouter.get(router) ?? 0;
    return hasEnded && begunMs > lastMs - this.bounds.silenceMs * 1.02;
  }

  /** No other router may begin a request of the version now. */
  private checkAlone(process: Process, version: string): void {
    for (const { ownership, clock, pod } of this.living()) {
      if (pod === process.pod || !ownership.mayUse(version, clock(this.nowMs))) continue;
      this.fail(`${version} is used by ${process.pod} and by ${pod}`, []);
    }
  }

  private fail(what: string, requests: Iterable<Request>): void {
    if (this.violations.length > 0) return;
    const who = [...requests].map(
      ({ router, begunMs }) => `${router} since ${(this.nowMs - begunMs).toFixed(0)} ms`,
    );
    const epochs = this.living().map(({ ownership }) => `${ownership.id} at ${ownership.epoch}`);
    this.violations.push(
      `seed ${this.options.seed}, ${this.nowMs.toFixed(1)} ms: ${what} (${[...who, ...epochs].join("; ")})`,
    );
  }

  /** The autoscaler's leader: any list that keeps the rules. */
  private lead(): void {
    if (this.cuts.has("leader>api")) return;
    const ready = this.ready();
    if (this.isCalm || this.options.changesEpochs === false) {
      const { epoch, routers } = this.api.assignment;
      const isDone = ready.every((id) => routers.some((each) => each.id === id && !each.isLeaving));
      const isFirst = epoch === 0 && ready.length >= this.options.routers;
      const isComplete = isDone && routers.every(({ id }) => this.api.isHeld(id));
      if (this.isCalm ? isComplete : !isFirst) return;
      this.assign(ready.map(podOf));
      return;
    }
    const share = 0.4 + this.random() * 0.5;
    if (this.random() < 0.5) {
      this.assign(ready.map(podOf).filter(() => this.random() < share));
    }
  }

  /** The next epoch: versions are shared by these pods; the others are listed until they are fenced. */
  assign(pods: readonly string[]): void {
    this.api.assign(this.ready().filter((id) => pods.includes(podOf(id))));
  }

  /** Who holds a Lease and has a process. */
  private ready(): RouterId[] {
    return this.api.holders().filter((id) => {
      const process = this.processes.get(podOf(id));
      return process !== undefined && `${process.pod}/${process.uid}` === holderOf(id);
    });
  }

  /** Another pod takes its place. */
  replace(pod: string): void {
    this.kill(pod);
    this.after(this.random() * 1_000, () => this.startPod());
  }

  /** The container ends and starts again in its pod. */
  restart(pod: string): void {
    const process = this.processes.get(pod);
    if (process === undefined) return;
    process.isAlive = false;
    this.processes.delete(pod);
    this.after(100 + this.random() * 800, () => this.startProcess(pod, process.uid));
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
