// Makes HAProxy serve what the cluster's resources say, again and again.
import { setTimeout as sleep } from "node:timers/promises";
import type { EndpointSlice } from "../../../../kubernetes/core/endpoint-slice";
import { explainError, log } from "../../../../runtime/log";
import type { ModelEndpoint } from "../../../../contracts/model-endpoint/model-endpoint";
import { buildModel, type Model } from "../../model/core/build-model";
import { readInstance, type LiveModel } from "../core/live-model";
import { planUpdate } from "../core/plan-update";
import { applyPlan, readHaproxy } from "./haproxy";
import type { RuntimeSocket } from "./runtime-socket";

/** The cluster's resources as they are now. */
export interface Resources {
  readonly endpoints: Iterable<ModelEndpoint>;
  readonly slices: Iterable<EndpointSlice>;
}

/** What the last pass left. */
export interface Pass {
  readonly model: Model;
  readonly live: LiveModel;
  /** Generation that HAProxy serves, by endpoint id; for a suspended one: that it serves no more. */
  readonly applied: ReadonlyMap<string, number>;
}

/** Milliseconds after which steps that wait for requests to end, or that failed, are tried again. */
const RETRY_MS = 250;
/** Milliseconds between two looks whether HAProxy is still the same. */
const LOOK_MS = 1_000;

/**
 * Level-triggered: each pass builds the whole model and plans from what HAProxy serves. That is read from HAProxy after
 * a start of either process and after any surprise; in between the agent's own record is taken, since nobody else
 * changes it.
 */
export class ControlLoop {
  readonly #socket: RuntimeSocket;
  readonly #abstractName: string;
  readonly #resources: () => Resources;
  #last: Pass | undefined;
  #live: LiveModel | undefined;
  #ready = true;
  #wake = Promise.withResolvers<undefined>();
  #due = true;
  #complete = false;
  #passes = 0;

  constructor(options: {
    readonly socket: RuntimeSocket;
    readonly abstractName: string;
    readonly resources: () => Resources;
  }) {
    this.#socket = options.socket;
    this.#abstractName = options.abstractName;
    this.#resources = options.resources;
  }

  /** Undefined before the first pass. */
  get last(): Pass | undefined {
    return this.#last;
  }

  /** Passes that came to their end. */
  get passes(): number {
    return this.#passes;
  }

  /** Something changed: look at everything again, soon. */
  trigger(): void {
    this.#due = true;
    this.#wake.resolve(undefined);
  }

  /** From now on `/readyz` says no. */
  leaveService(): void {
    this.#ready = false;
    this.trigger();
  }

  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.trigger(), { once: true });
    while (!signal.aborted) {
      this.#wake = Promise.withResolvers<undefined>();
      try {
        await this.#pass();
      } catch (error) {
        if (this.#live !== undefined) log("error", "HAProxy is lost", { why: explainError(error) });
        this.#live = undefined;
        this.#complete = false;
      }
      if (this.#due) continue;
      const pause = sleep(this.#complete ? LOOK_MS : RETRY_MS, undefined, { ref: false });
      await Promise.race([this.#wake.promise, pause]);
    }
  }

  async #pass(): Promise<void> {
    if (this.#live !== undefined && !this.#due) await this.#look();
    if (this.#live !== undefined && !this.#due && this.#complete) return;
    this.#due = false;
    this.#complete = await this.#update();
  }

  /** Notices a HAProxy that started anew, empty. */
  async #look(): Promise<void> {
    const instance = readInstance(await this.#socket.command("aml load"));
    if (instance === this.#live?.instance) return;
    log("warning", "HAProxy started anew, it is filled again");
    this.#live = undefined;
  }

  /** False when something is left to do. */
  async #update(): Promise<boolean> {
    const startedMs = performance.now();
    this.#live ??= await readHaproxy(this.#socket);
    const live = this.#live;
    const { endpoints, slices } = this.#resources();
    const model = buildModel([...endpoints], [...slices], this.#last?.model.accepted);
    const plan = planUpdate(live, model, this.#ready);
    const { waiting, failures } = await applyPlan(this.#socket, {
      ...{ live, plan },
      abstractName: this.#abstractName,
    });
    for (const { about, message } of failures) {
      log("error", "a step failed, HAProxy is read anew", { about, why: message });
    }
    const unserved = new Set(failures.map(({ about }) => about));
    for (const { about, reply } of waiting) if (/^Queued/m.test(reply)) unserved.add(about);
    this.#last = { model, live, applied: this.#applied(model, unserved) };
    this.#passes++;
    if (failures.length > 0) this.#live = undefined;
    const steps = plan.reduce((sum, group) => sum + group.steps.length, 0);
    if (steps > 0 && waiting.length < plan.length) {
      const tookMs = Math.round(performance.now() - startedMs);
      log("info", "updated HAProxy", { steps, waiting: waiting.length, tookMs });
    }
    return waiting.length === 0 && failures.length === 0;
  }

  /**
   * An endpoint's new generation is served when its group is done and nobody waits in a version that left: the pods of
   * such a version may go as soon as the generation is said to be served.
   */
  #applied(model: Model, unserved: ReadonlySet<string>): ReadonlyMap<string, number> {
    const generations = new Map(model.suspended);
    for (const [id, { generation }] of model.endpoints) generations.set(id, generation);
    const held = new Set([...unserved].map(endpointOfGroup));
    const applied = new Map<string, number>();
    for (const [id, generation] of generations) {
      const before = this.#last?.applied.get(id) ?? 0;
      applied.set(id, held.has(id) || held.has(id.split("/")[1] ?? "") ? before : generation);
    }
    return applied;
  }
}

/** The endpoint's name, or its id where the group is about one of its versions. */
function endpointOfGroup(about: string): string {
  const [namespace, name] = about.replace(/^removed /, "").split(".");
  return name === undefined ? (namespace ?? "") : `${namespace ?? ""}/${name}`;
}
