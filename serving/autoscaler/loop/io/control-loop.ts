// The control loop: every autoscaler observes and decides ten times a second, only the leader writes.

import type { ApiClient } from "../../../../kubernetes/io/api-client";
import type { ModelEndpoint } from "../../../../contracts/model-endpoint/model-endpoint";
import { countRouters, VANISHED_ROUTER_DROPPED_AFTER_MS } from "../../load/core/aggregate-samples";
import { buildStatus, saysRefused } from "../../status/core/build-status";
import {
  ownsDeployment,
  pendingScale,
  planScaling,
  type ScalePlan,
  type VersionRecord,
} from "../../scale/core/plan-scaling";
import { versionKey } from "../../scale/core/version-key";
import type { Explanation } from "../../scale/core/explanation";
import { BoundedWriter } from "./bounded-writer";
import type { Refusal } from "../../../../contracts/model-endpoint/admission";
import { isComplete } from "../../../../contracts/model-endpoint/name-claims";
import type { Admitted, ClusterState } from "./cluster-state";
import type { Leadership } from "../../leadership/io/elect-leader";
import { log } from "../../../../runtime/log";
import { planClaims } from "../../names/core/plan-claims";
import { writeClaims } from "../../names/io/write-claims";
import { EventBudgets } from "../../status/core/event-budget";
import { recordEvent } from "../../status/io/record-event";
import type { SamplesServer } from "../../load/io/samples-server";
import { scaleDeployment } from "../../scale/io/scale-deployment";
import { needsWrite, writeStatus } from "../../status/io/write-status";

/** Time between two ticks, in milliseconds. */
export const TICK_MS = 100;
/** Ticks between two status updates of one endpoint: one update per second. */
const STATUS_TICKS = 10;
/** Maximum number of concurrent writes to the API server: to scale, and all others. */
const MAX_CONCURRENT_WRITES = 32;

export interface ControlLoopParts {
  readonly client: ApiClient;
  readonly cluster: ClusterState;
  readonly samples: SamplesServer;
  readonly leadership: Leadership;
  readonly identity: string;
  /** Of this autoscaler and its router. */
  readonly namespace: string;
  /** Most claims of names that are kept of one namespace. */
  readonly maxClaimsPerNamespace: number;
  readonly holdMs: number;
  readonly monotonicMs: () => number;
}

export class ControlLoop {
  readonly #parts: ControlLoopParts;
  readonly #scales: BoundedWriter;
  /** Of statuses and claims: however much there is to scale, these are written. */
  readonly #writer: BoundedWriter;
  #records: ReadonlyMap<string, VersionRecord> = new Map();
  /** By versionKey(): why the last attempt to scale failed, while there is something to scale. */
  readonly #failures = new Map<string, Explanation>();
  readonly #events = new EventBudgets();
  #ticks = 0;

  constructor(parts: ControlLoopParts) {
    this.#parts = parts;
    this.#scales = new BoundedWriter(MAX_CONCURRENT_WRITES, parts.monotonicMs);
    this.#writer = new BoundedWriter(MAX_CONCURRENT_WRITES, parts.monotonicMs);
  }

  /** Resolves when all running writes have ended. */
  async idle(): Promise<void> {
    await Promise.all([this.#scales.idle(), this.#writer.idle()]);
  }

  tick(): void {
    const { cluster, samples, leadership, holdMs, monotonicMs } = this.#parts;
    if (!cluster.isSynced()) return;
    const nowMs = monotonicMs();
    this.#forgetRouters(nowMs);
    const routers = countRouters([...samples.views.values()], cluster.readyRouters(), nowMs);
    const { deployments } = cluster;
    const chosen = cluster.scalerOfUnnamed(nowMs);
    const admitted = cluster.admitted();
    const endpoints = chosen.isOurs ? admitted.endpoints : namedOf(admitted.endpoints);
    const { troubleIn } = cluster;
    const input = { endpoints, deployments, troubleIn, routers, holdMs };
    this.#records = planScaling(input, this.#records, nowMs);
    this.#ticks += 1;
    for (const key of [...this.#failures.keys()]) {
      if (pendingScale(this.#records.get(key)) === undefined) this.#failures.delete(key);
    }
    if (!leadership.isLeader()) return;
    if (this.#ticks % STATUS_TICKS === 0) this.#claimNames(admitted);
    const plans = [...this.#records].flatMap(([key, record]) => {
      const plan = pendingScale(record);
      return plan === undefined ? [] : [{ key, plan }];
    });
    for (const { key, plan } of fromAnywhere(plans)) {
      this.#scales.offer(`scale ${key}`, () => this.#scale(key, plan));
    }
    // A status tells who was served before there were claims: none is written before those have theirs.
    if (!isComplete(admitted.names)) return;
    const due = [...cluster.endpoints].filter(
      (_, index) => (index + this.#ticks) % STATUS_TICKS === 0,
    );
    for (const [key, endpoint] of fromAnywhere(due)) {
      if (!chosen.isOurs && endpoint.spec.routerNamespace === undefined) continue;
      const refusal = admitted.refused.get(key);
      // There may be many of them: their status is looked at when it has to change.
      if (refusal !== undefined && saysRefused(endpoint, refusal)) continue;
      this.#updateStatus(key, endpoint, refusal, chosen.namespaces);
    }
  }

  #claimNames({ names, claims, released }: Admitted): void {
    const { client, cluster, samples, namespace, maxClaimsPerNamespace } = this.#parts;
    if (!this.#writer.accepts("names")) return;
    const served = new Set<string>();
    for (const router of cluster.readyRouters()) {
      for (const [key, { appliedGeneration }] of samples.views.get(router)?.endpoints ?? []) {
        if (appliedGeneration > 0) served.add(key);
      }
    }
    const data = planClaims({
      ...{ names, claims, released, served },
      endpoints: [...cluster.endpoints.values()],
      maxPerNamespace: maxClaimsPerNamespace,
    });
    if (data === undefined) return;
    this.#writer.offer("names", async () => {
      const why = await writeClaims(client, namespace, names, data);
      if (why === undefined)
        log("info", "changed claims of names", { keys: Object.keys(data).join(" ") });
      else log("warning", "writing the claims of names failed", { why });
      return why === undefined;
    });
  }

  async #scale(key: string, plan: ScalePlan): Promise<boolean> {
    const { client, leadership, identity, monotonicMs } = this.#parts;
    const { endpoint, version, deployment, desiredReplicas, decision } = plan;
    const { replicas, reason, message } = decision;
    const result = await scaleDeployment(client, deployment, replicas, () => leadership.isLeader());
    if (result.outcome !== "failed") this.#failures.delete(key);
    if (result.outcome === "overtaken") return true;
    const failed = result.outcome === "failed";
    const note = `${version}: ${desiredReplicas} → ${replicas} replicas${failed ? ` failed: ${result.message}` : ""}. ${message}`;
    log(failed ? "warning" : "info", failed ? "scaling failed" : "scaled", { key, reason, note });
    if (failed) this.#failures.set(key, { reason: "ScaleFailed", message: note });
    const eventReason = failed ? "ScaleFailed" : reason;
    const spending = this.#events.spend(`${endpoint.metadata.uid} ${eventReason}`, monotonicMs());
    if (!spending.mayRecord) return !failed;
    const { leftOut } = spending;
    await recordEvent(client, endpoint, identity, {
      type: failed ? "Warning" : "Normal",
      action: "Scale",
      reason: eventReason,
      note:
        leftOut === 0 ? note : `${note} (${leftOut} Events like this one were left out before.)`,
    });
    return !failed;
  }

  /** @param routerNamespaces namespaces of the cluster's routers, ours included */
  #updateStatus(
    key: string,
    endpoint: ModelEndpoint,
    refusal: Refusal | undefined,
    routerNamespaces: readonly string[],
  ): void {
    const { client, cluster, samples } = this.#parts;
    if (!this.#writer.accepts(`status ${key}`)) return;
    const { namespace, name } = endpoint.metadata;
    const versions = endpoint.spec.versions.map((version) => {
      const recordKey = versionKey(namespace, name, version.name);
      const named = cluster.deployments.get(`${namespace}/${version.deploymentName}`);
      const deployment = named && ownsDeployment(endpoint, version, named) ? named : undefined;
      const scale =
        refusal ?? this.#failures.get(recordKey) ?? this.#records.get(recordKey)?.explanation;
      const observation = {
        pods: cluster.podsOf(recordKey),
        scale: scale ?? { reason: "Unknown", message: "Not observed yet." },
        ...(deployment === undefined ? {} : { deployment }),
      };
      return [version.name, observation] as const;
    });
    const observation = {
      views: samples.views,
      readyRouters: cluster.readyRouters(),
      routerNamespaces,
      versions: new Map(versions),
      ...(refusal === undefined ? {} : { refusal }),
    };
    const nowIso = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    const status = buildStatus(endpoint, observation, nowIso);
    if (!needsWrite(endpoint, status)) return;
    this.#writer.offer(`status ${key}`, async () => {
      const result = await writeStatus(client, endpoint, status);
      if (result.outcome !== "failed") return true;
      log("warning", "writing the status failed", { key, why: result.message });
      return false;
    });
  }

  /** Drops the state of deleted router pods once their last requests no longer count. */
  #forgetRouters(nowMs: number): void {
    const { cluster, samples } = this.#parts;
    const present = cluster.routers();
    for (const { router, receivedAtMs } of samples.views.values()) {
      const silentMs = nowMs - receivedAtMs;
      if (!present.has(router) && silentMs > VANISHED_ROUTER_DROPPED_AFTER_MS) {
        samples.forget(router);
      }
    }
  }
}

/** The same in turn from a random one: whoever always has something to write keeps no other from it. */
function fromAnywhere<T>(all: readonly T[]): readonly T[] {
  const start = Math.floor(Math.random() * all.length);
  return [...all.slice(start), ...all.slice(0, start)];
}

/** The endpoints that name a router. */
function namedOf(
  endpoints: ReadonlyMap<string, ModelEndpoint>,
): ReadonlyMap<string, ModelEndpoint> {
  return new Map([...endpoints].filter(([, { spec }]) => spec.routerNamespace !== undefined));
}
