/**
 * What changes in Azure without the caller under test: AKS's autoscaler and upgrades, a policy, a colleague.
 *
 * What AKS does itself is bound by its own rules, and what a colleague does by those for every caller; each method
 * throws a sentence for what can't happen in Azure.
 */
import type { Answer } from "./answer";
import type { Clock } from "./clock";
import { type JsonObject, isObject, numberAt, textAt, valueAt, withValueAt } from "./json";
import { compareVersions, minorOf, resolveKubernetesVersion, type Regions } from "./regions";
import type { Store, StoredResource } from "./store";

const POOLS = "Microsoft.ContainerService/managedClusters/agentPools";
const API_VERSIONS: Readonly<Record<string, string>> = {
  "microsoft.containerservice": "2025-09-01",
  "microsoft.authorization": "2022-04-01",
  "microsoft.managedidentity": "2023-01-31",
  "microsoft.network": "2024-05-01",
};

export interface OtherHandsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly regions: Regions;
  /** A call under all rules, as from a caller that is signed in. */
  readonly call: (method: string, id: string, apiVersion: string, body?: JsonObject) => Answer;
}

export class OtherHands {
  constructor(private readonly options: OtherHandsOptions) {}

  /** The autoscaler moves a pool's count, within its bounds. */
  scaleByAutoscaler(poolId: string, count: number): void {
    const { body } = this.#existing(poolId);
    const [min, max] = ["minCount", "maxCount"].map((name) => numberAt(body, `properties.${name}`));
    const isScaled = valueAt(body, "properties.enableAutoScaling") === true;
    if (!isScaled || min === undefined || max === undefined || count < min || count > max) {
      throw new Error(
        `${poolId} can't be scaled to ${count}: it has enableAutoScaling ${String(isScaled)} and the bounds ${min ?? "none"} to ${max ?? "none"}`,
      );
    }
    this.#set(poolId, "properties.count", count);
  }

  /**
   * An upgrade by AKS's channel: of the control plane, then of every pool. A version that was asked for as a minor
   * stays so within that minor.
   *
   * @param version a minor (its newest patch) or a patch
   * @param parts `all` (default): channels `stable`, `rapid` and `patch`; `control-plane`: a run that stopped there
   */
  upgradeByAks(clusterId: string, version: string, parts: "all" | "control-plane" = "all"): void {
    const { store, regions } = this.options;
    const current = textAt(this.#existing(clusterId).body, RUNNING.cluster) ?? "";
    const patch = resolveKubernetesVersion(regions, version);
    const isStep =
      patch !== undefined &&
      compareVersions(patch, current) > 0 &&
      minorOf(patch) <= minorOf(current) + 1;
    if (!isStep) {
      throw new Error(`${clusterId} can't be upgraded from ${current} to ${version}`);
    }
    this.#upgrade(clusterId, ASKED.cluster, RUNNING.cluster, patch);
    if (parts === "control-plane") return;
    for (const pool of store.list(POOLS, clusterId)) {
      this.#upgrade(pool.id, ASKED.pool, RUNNING.pool, patch);
    }
  }

  /** A new node image, which the channel `node-image` brings. */
  upgradeNodeImage(poolId: string, image: string): void {
    this.#set(poolId, "properties.nodeImageVersion", image);
  }

  /** A policy with the effect `modify` adds tags to a resource, or changes those of these names. */
  tagByPolicy(id: string, tags: Readonly<Record<string, string>>): void {
    const { body, type } = this.#existing(id);
    // A pool's tags are a property of it.
    const path = type.toLowerCase() === POOLS.toLowerCase() ? "properties.tags" : "tags";
    const before = valueAt(body, path);
    this.#set(id, path, { ...(isObject(before) ? before : {}), ...tags });
  }

  /** A colleague sets one property and waits until Azure has done it, under the rules for everybody. */
  edit(id: string, path: string, value: unknown): void {
    const live = this.#call("GET", id);
    this.#call("PUT", id, withValueAt(isObject(live) ? live : {}, path, value));
  }

  /** A colleague makes a resource, or writes it anew, and waits. */
  put(id: string, body: JsonObject): void {
    this.#call("PUT", id, body);
  }

  /** A colleague stops a pool's machines, or starts them. */
  stopPool(poolId: string): void {
    this.edit(poolId, "properties.powerState", { code: "Stopped" });
  }

  startPool(poolId: string): void {
    this.edit(poolId, "properties.powerState", { code: "Running" });
  }

  /** A colleague deletes a resource and waits until it is gone. */
  remove(id: string): void {
    this.#call("DELETE", id);
  }

  #call(method: string, id: string, body?: JsonObject): unknown {
    const { call, clock, store } = this.options;
    const namespace = /.*\/providers\/([^/]+)\//i.exec(id)?.[1]?.toLowerCase() ?? "";
    const version = API_VERSIONS[namespace] ?? "2024-11-01";
    const result = call(method, id, version, body);
    if (result.status >= 400) {
      throw new Error(`${method} ${id} is refused: ${JSON.stringify(result.body)}`);
    }
    const ends = store.running(id).map((operation) => operation.endsAtMs);
    clock.advance(Math.max(0, ...ends.map((end) => (end - clock.now()) / 1000)));
    store.settle(clock.now());
    return result.body;
  }

  #upgrade(id: string, asked: string, running: string, patch: string): void {
    const before = textAt(this.#existing(id).body, asked);
    if (before === undefined || !patch.startsWith(`${before}.`)) this.#set(id, asked, patch);
    this.#set(id, running, patch);
  }

  #existing(id: string): StoredResource {
    const found = this.options.store.get(id);
    if (!found) throw new Error(`there is no ${id}`);
    return found;
  }

  #set(id: string, path: string, value: unknown): void {
    const { store, clock } = this.options;
    const { body, type } = this.#existing(id);
    store.put(id, type, withValueAt(body, path, value), clock.now());
  }
}

const ASKED = {
  cluster: "properties.kubernetesVersion",
  pool: "properties.orchestratorVersion",
};
const RUNNING = {
  cluster: "properties.currentKubernetesVersion",
  pool: "properties.currentOrchestratorVersion",
};
