// Samples the load ten times a second and hands it to the channels.
import { setTimeout as sleep } from "node:timers/promises";
import {
  SAMPLE_PERIOD_MS,
  type EndpointSample,
} from "../../../../contracts/metrics-channel/router-sample";
import { explainError, type Log } from "../../../../runtime/log";
import { buildSamples, sampledIds } from "../core/build-samples";
import { readDraining, readLoad, type VersionLoad } from "../core/read-load";
import { askLoad, askTable } from "./ask-load";
import { endpointIdOf } from "../../model/core/version-key";
import { readInstance } from "../../haproxy/core/live-model";
import { TABLES } from "../../haproxy/core/names";
import type { Pass } from "../../haproxy/io/control-loop";
import type { RuntimeSocket } from "../../haproxy/io/runtime-socket";

export interface Sampled {
  /** Samples of all endpoints, or of those that changed. */
  readonly full: boolean;
  readonly endpoints: Readonly<Record<string, EndpointSample>>;
}

/** Every tenth sample lists all endpoints: an autoscaler that missed a change has it after a second. */
const FULL_EVERY = 10;

/**
 * A load that can't be read is unknown: nothing is reported until it is known again, and a HAProxy that has restarted
 * counts from zero.
 *
 * Asks HAProxy only about versions that have requests: dumping thousands ten times a second takes a third of a core.
 */
export class Sampler {
  readonly #socket: RuntimeSocket;
  readonly #last: () => Pass | undefined;
  readonly #log: Log;
  /** The HAProxy that `#loads` are of. */
  #instance: string | undefined;
  /** Whether the last sample succeeded. */
  #known = false;
  /** Of every version that ever had a request. */
  readonly #loads = new Map<string, VersionLoad>();
  /** Of those that had requests in the last sample. */
  #moving: ReadonlyMap<string, VersionLoad> = new Map();
  #draining: ReadonlyMap<string, Readonly<Record<string, number>>> = new Map();
  #lastSentPass: Pass | undefined;
  readonly #lastSent = new Map<string, string>();

  constructor(socket: RuntimeSocket, last: () => Pass | undefined, log: Log) {
    this.#socket = socket;
    this.#last = last;
    this.#log = log;
  }

  /** Samples until the signal aborts. Without a HAProxy there are no samples until it is back. */
  async run(signal: AbortSignal, deliver: (sampled: Sampled) => void): Promise<void> {
    let lost = false;
    for (let count = 0; !signal.aborted; count++) {
      const startedMs = performance.now();
      const pass = this.#last();
      try {
        // Before the first pass there is nothing to sample, and perhaps no HAProxy.
        if (pass !== undefined) {
          const moved = await this.#ask();
          deliver(this.#build(pass, count % FULL_EVERY === 0 ? undefined : moved));
        }
        lost = false;
      } catch (error) {
        if (!lost) this.#log("warning", "sampling HAProxy failed", { why: explainError(error) });
        this.#known = false;
        lost = true;
      }
      const restMs = SAMPLE_PERIOD_MS - (performance.now() - startedMs);
      await sleep(Math.max(1, restMs), undefined, { signal }).catch(() => undefined);
    }
  }

  /** All endpoints, for a channel that just opened; undefined: their load is not known now. */
  full(): Sampled | undefined {
    const pass = this.#last();
    if (pass === undefined || !this.#known) return undefined;
    return { full: true, endpoints: this.#samples(pass, sampledIds(pass.model)) };
  }

  /** Takes the load; returns the ids of the endpoints whose load may have changed, undefined: that of all may. */
  async #ask(): Promise<ReadonlySet<string> | undefined> {
    const table = (name: string, field: string) => askTable(this.#socket, name, field);
    // What clients wait for comes last: a request between two replies then counts as waiting, not as nothing.
    const computing = await table(TABLES.computing, "conn_cur");
    const load = await askLoad(this.#socket);
    const recent = await table(TABLES.arrived, "http_req_rate");
    const present = await table(TABLES.arrived, "conn_cur");
    const instance = readInstance(load);
    const isSame = instance === this.#instance;
    if (!isSame) {
      this.#loads.clear();
      this.#moving = new Map();
      this.#instance = instance;
    }
    const loads = readLoad({ arrived: `${recent}\n${present}`, computing, load }, this.#loads);
    const draining = readDraining(load);
    const moved = [loads, this.#moving, draining, this.#draining].flatMap((map) => [...map.keys()]);
    for (const [version, { arrivals }] of this.#moving) {
      this.#loads.set(version, { ...IDLE, arrivals });
    }
    for (const [version, each] of loads) this.#loads.set(version, each);
    this.#moving = loads;
    this.#draining = draining;
    this.#known = true;
    return isSame ? new Set(moved.map(endpointIdOf)) : undefined;
  }

  /** All endpoints when `moved` is absent or the pass is another one; else those of `moved` that changed. */
  #build(pass: Pass, moved?: ReadonlySet<string>): Sampled {
    const partly = pass === this.#lastSentPass ? moved : undefined;
    this.#lastSentPass = pass;
    const samples = this.#samples(pass, partly ?? sampledIds(pass.model));
    if (partly === undefined) {
      this.#lastSent.clear();
      for (const [id, sample] of Object.entries(samples))
        this.#lastSent.set(id, JSON.stringify(sample));
      return { full: true, endpoints: samples };
    }
    const changed = Object.entries(samples).filter(([id, sample]) => {
      const text = JSON.stringify(sample);
      const same = this.#lastSent.get(id) === text;
      this.#lastSent.set(id, text);
      return !same;
    });
    return { full: false, endpoints: Object.fromEntries(changed) };
  }

  #samples({ model, live, applied }: Pass, ids: Iterable<string>) {
    const facts = { model, live, applied, loads: this.#loads, draining: this.#draining };
    return buildSamples(facts, ids);
  }
}

const IDLE = { present: 0, computing: 0, orphans: 0 } as const;
