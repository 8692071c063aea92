// Samples the load ten times a second and hands it to the channels.
import { setTimeout as sleep } from "node:timers/promises";
import { SAMPLE_PERIOD_MS, type EndpointSample } from "../../metrics-channel/router-sample";
import { explainError, log } from "../../log";
import { buildSamples, sampledIds } from "../core/build-samples";
import { readDraining, readLoad, type VersionLoad } from "../core/read-load";
import type { Pass } from "./control-loop";
import type { RuntimeSocket } from "./runtime-socket";

export interface Sampled {
  /** Samples of all endpoints, or of those that changed. */
  readonly full: boolean;
  readonly endpoints: Readonly<Record<string, EndpointSample>>;
}

/** Every tenth sample lists all, so that an autoscaler never relies on an old one for long. */
const FULL_EVERY = 10;

/** Asks HAProxy only about versions for which something moves: dumping thousands would cost a third of a core. */
export class Sampler {
  readonly #socket: RuntimeSocket;
  readonly #last: () => Pass | undefined;
  #loads: ReadonlyMap<string, VersionLoad> = new Map();
  #draining: ReadonlyMap<string, Readonly<Record<string, number>>> = new Map();
  #told: Readonly<Record<string, string>> = {};

  constructor(socket: RuntimeSocket, last: () => Pass | undefined) {
    this.#socket = socket;
    this.#last = last;
  }

  /** Requests whose clients wait, or that models compute. */
  get requests(): number {
    let sum = 0;
    for (const { present, orphans } of this.#loads.values()) sum += present + orphans;
    return sum;
  }

  /** Samples until the signal aborts. A HAProxy that is not there costs samples, nothing else. */
  async run(signal: AbortSignal, deliver: (sampled: Sampled) => void): Promise<void> {
    let lost = false;
    for (let count = 0; !signal.aborted; count++) {
      const startedMs = performance.now();
      try {
        await this.#ask();
        const pass = this.#last();
        if (pass !== undefined) deliver(this.#build(pass, count % FULL_EVERY === 0));
        lost = false;
      } catch (error) {
        if (!lost) log("warning", "no sample could be taken", { why: explainError(error) });
        lost = true;
      }
      const restMs = SAMPLE_PERIOD_MS - (performance.now() - startedMs);
      await sleep(Math.max(1, restMs), undefined, { signal }).catch(() => undefined);
    }
  }

  /** All endpoints, for a channel that just opened. */
  full(): Sampled | undefined {
    const pass = this.#last();
    if (pass === undefined) return undefined;
    return { full: true, endpoints: this.#samples(pass, sampledIds(pass.model)) };
  }

  async #ask(): Promise<void> {
    const table = (name: string, filter: string) =>
      this.#socket.command(`show table ${name} data.${filter} gt 0`);
    // What clients wait for comes last: a request between two replies then counts as waiting, not as nothing.
    const computing = await table("computing", "conn_cur");
    const load = await this.#socket.command("aml load");
    const recent = await table("arrived", "http_req_rate");
    const present = await table("arrived", "conn_cur");
    const loads = readLoad({ arrived: `${recent}\n${present}`, computing, load }, this.#loads);
    const idle = [...this.#loads]
      .filter(([version]) => !loads.has(version))
      .map(([version, { arrivals }]) => [version, { ...IDLE, arrivals }] as const);
    this.#loads = new Map([...idle, ...loads]);
    this.#draining = readDraining(load);
  }

  #build(pass: Pass, full: boolean): Sampled {
    const samples = this.#samples(pass, sampledIds(pass.model));
    const texts = Object.fromEntries(
      Object.entries(samples).map(([id, sample]) => [id, JSON.stringify(sample)]),
    );
    const gone = Object.keys(this.#told).some((id) => texts[id] === undefined);
    const changed = Object.entries(samples).filter(([id]) => texts[id] !== this.#told[id]);
    this.#told = texts;
    // Only a full sample can say that an endpoint is gone.
    if (full || gone) return { full: true, endpoints: samples };
    return { full: false, endpoints: Object.fromEntries(changed) };
  }

  #samples({ model, live, applied }: Pass, ids: Iterable<string>) {
    const facts = { model, live, applied, loads: this.#loads, draining: this.#draining };
    return buildSamples(facts, ids);
  }
}

const IDLE = { present: 0, computing: 0, orphans: 0 } as const;
