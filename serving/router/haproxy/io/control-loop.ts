// Keeps HAProxy as the cluster's resources say.
import { setTimeout as sleep } from "node:timers/promises";
import type { EndpointSlice } from "../../../../kubernetes/core/endpoint-slice";
import { explainError, type Log } from "../../../../runtime/log";
import type { ModelEndpoint } from "../../../../contracts/model-endpoint/model-endpoint";
import { buildModel, type Model, type Surroundings } from "../../model/core/build-model";
import { appliedGenerations } from "../core/applied-generations";
import { readInstance, type LiveModel } from "../core/live-model";
import { planUpdate } from "../core/plan-update";
import { describeSubject } from "../core/subject";
import { applyPlan } from "./apply-plan";
import { readHaproxy } from "./read-haproxy";
import type { RuntimeSocket } from "./runtime-socket";

/** The cluster's resources as they are now. */
export interface Resources {
  readonly endpoints: Iterable<ModelEndpoint>;
  readonly slices: Iterable<EndpointSlice>;
  readonly surroundings?: Surroundings;
}

/** The result of a pass. */
export interface Pass {
  readonly model: Model;
  readonly live: LiveModel;
  /** Generation that HAProxy serves, by endpoint id; for a suspended one: that it serves no more. */
  readonly applied: ReadonlyMap<string, number>;
}

/** Milliseconds until steps that wait for requests to end, or that failed, are tried again. */
const RETRY_MS = 250;
/** Milliseconds between two checks whether HAProxy has restarted. */
const RESTART_CHECK_MS = 1_000;

/**
 * Level-triggered: each pass builds the whole model and plans the steps from what HAProxy serves. That is read from
 * HAProxy after a restart of either process and after a failure; otherwise the agent's own record holds, since nobody
 * else changes HAProxy.
 */
export class ControlLoop {
  readonly #socket: RuntimeSocket;
  readonly #abstractName: string;
  readonly #log: Log;
  readonly #resources: () => Resources;
  readonly #isDraining: () => boolean;
  #last: Pass | undefined;
  /** What HAProxy serves; undefined: it must be read. */
  #live: LiveModel | undefined;
  #wake = Promise.withResolvers<undefined>();
  /** The resources changed since the last pass began. */
  #due = true;
  /** The last pass left nothing to do. */
  #complete = false;
  #passes = 0;

  constructor(options: {
    readonly socket: RuntimeSocket;
    readonly abstractName: string;
    readonly resources: () => Resources;
    /** Read in each pass: while true, `/readyz` answers 503. Call `trigger` when it changed. */
    readonly isDraining: () => boolean;
    readonly log: Log;
  }) {
    this.#socket = options.socket;
    this.#abstractName = options.abstractName;
    this.#resources = options.resources;
    this.#isDraining = options.isDraining;
    this.#log = options.log;
  }

  /** Undefined before the first pass. */
  get last(): Pass | undefined {
    return this.#last;
  }

  /** Passes that ended. */
  get passes(): number {
    return this.#passes;
  }

  /** The resources changed: another pass begins soon. */
  trigger(): void {
    this.#due = true;
    this.#wake.resolve(undefined);
  }

  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.trigger(), { once: true });
    while (!signal.aborted) {
      this.#wake = Promise.withResolvers<undefined>();
      try {
        await this.#pass();
      } catch (error) {
        if (this.#live !== undefined)
          this.#log("error", "updating HAProxy failed", { why: explainError(error) });
        this.#live = undefined;
        this.#complete = false;
      }
      if (this.#due) continue;
      const pause = sleep(this.#complete ? RESTART_CHECK_MS : RETRY_MS, undefined, { ref: false });
      await Promise.race([this.#wake.promise, pause]);
    }
  }

  async #pass(): Promise<void> {
    if (this.#live !== undefined && !this.#due) await this.#checkRestart();
    if (this.#live !== undefined && !this.#due && this.#complete) return;
    this.#due = false;
    this.#complete = await this.#update();
  }

  /** Forgets what a HAProxy served that has restarted: the new one is empty. */
  async #checkRestart(): Promise<void> {
    const instance = readInstance(await this.#socket.command("aml load"));
    if (instance === this.#live?.instance) return;
    this.#log("warning", "HAProxy restarted, it is configured again");
    this.#live = undefined;
  }

  /** False when something is left to do. */
  async #update(): Promise<boolean> {
    const startedMs = performance.now();
    this.#live ??= await readHaproxy(this.#socket);
    const live = this.#live;
    const { endpoints, slices, surroundings } = this.#resources();
    const served = this.#last?.model.accepted;
    const model = buildModel([...endpoints], [...slices], served, surroundings);
    const plan = planUpdate(live, model, !this.#isDraining());
    const result = await applyPlan(this.#socket, { live, plan, abstractName: this.#abstractName });
    const { waiting, failures } = result;
    for (const { subject, message } of failures) {
      const about = describeSubject(subject);
      this.#log("error", "a step failed, HAProxy is read again", { about, why: message });
    }
    const applied = appliedGenerations(model, this.#last?.applied ?? new Map(), result);
    this.#last = { model, live: result.live, applied };
    this.#passes++;
    this.#live = failures.length > 0 ? undefined : result.live;
    const steps = plan.reduce((sum, group) => sum + group.steps.length, 0);
    if (steps > 0 && waiting.length < plan.length) {
      const tookMs = Math.round(performance.now() - startedMs);
      this.#log("info", "updated HAProxy", { steps, waiting: waiting.length, tookMs });
    }
    // A pod that came back at another address is added once its former server is deleted.
    const mayReturn = plan.some(({ subject }) => subject.kind === "removedReplica");
    return waiting.length === 0 && failures.length === 0 && !mayReturn;
  }
}
