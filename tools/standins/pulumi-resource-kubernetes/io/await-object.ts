/** Waiting for an object: until it is ready, or until it is gone. */
import { setTimeout as sleep } from "node:timers/promises";
import { isRecord } from "../../property-value";
import { metadataOf, nameOf, namespaceOf, valueAt, type KubeObject } from "../core/kube-object";
import { podTroubles } from "../core/pod-troubles";
import { checkReadiness, hasReadiness, needsEndpoints } from "../core/readiness";
import { KubeError, isReason } from "../../../../kubernetes/io/kube-error";
import type { DynamicClient } from "./dynamic-client";

/** How long to wait, and what ends the wait early. */
export interface WaitOptions {
  readonly timeoutMs: number;
  /** The user's cancel. */
  readonly signal: AbortSignal;
  /** Told what is still missing, whenever that changes. */
  readonly onProgress?: (message: string) => void;
}

/** The end of a wait: the object as it last lived, and what it lacks (nothing when all is well). */
export interface WaitResult {
  readonly live: KubeObject;
  readonly reasons: readonly string[];
}

/** Waits until the object is ready; kinds without a notion of readiness are at once. */
export async function awaitReady(
  client: DynamicClient,
  object: KubeObject,
  options: WaitOptions,
): Promise<WaitResult> {
  if (!hasReadiness(object)) return { live: object, reasons: [] };
  let result = await observe(client, object);
  await poll(options, async () => {
    if (result.reasons[0]) options.onProgress?.(result.reasons[0]);
    if (result.reasons.length === 0) return true;
    result = await observe(client, object);
    return result.reasons.length === 0;
  });
  if (result.reasons.length === 0) return result;
  const { live, reasons } = result;
  const sentence = `"${nameOf(live)}" is not ready after ${Math.round(options.timeoutMs / 1000)} s`;
  const ended = options.signal.aborted ? `the wait for "${nameOf(live)}" was cancelled` : sentence;
  return { live, reasons: [ended, ...reasons, ...(await troublesOf(client, live))] };
}

/** What is the matter with the pods that a workload selects. */
async function troublesOf(client: DynamicClient, live: KubeObject): Promise<string[]> {
  const labels = valueAt(live, "spec", "selector", "matchLabels");
  if (!isRecord(labels)) return [];
  const pods = await client.listPods(namespaceOf(live), labels).catch((error: unknown) => {
    // Whoever may write workloads may still not read pods; the reasons above stand without them.
    if (error instanceof KubeError) return [];
    throw error;
  });
  return podTroubles(pods);
}

/** Looks once: the object as it lives and what it lacks. */
export async function observe(client: DynamicClient, object: KubeObject): Promise<WaitResult> {
  const live = await client.get(object);
  const endpoints = needsEndpoints(live) ? await endpointsOf(client, live) : undefined;
  const readiness = checkReadiness(live, { endpoints });
  return { live, reasons: readiness.ready ? [] : readiness.reasons };
}

/** Waits until the object is gone, or another of the same name has taken its place; else says so. */
export async function awaitGone(
  client: DynamicClient,
  object: KubeObject,
  options: WaitOptions,
): Promise<WaitResult | undefined> {
  const uid = metadataOf(object)["uid"];
  let live: KubeObject | undefined = object;
  await poll(options, async () => {
    live = await getIfThere(client, object);
    return live === undefined || (uid !== undefined && metadataOf(live)["uid"] !== uid);
  }).then((done) => {
    if (done) live = undefined;
  });
  if (live === undefined) return undefined;
  const finalizers = metadataOf(live)["finalizers"];
  const waiting = Array.isArray(finalizers) ? `; it waits for ${finalizers.join(", ")}` : "";
  return { live, reasons: [`"${nameOf(object)}" is still there${waiting}`] };
}

/** The object as it lives; undefined when it is not there. */
async function getIfThere(
  client: DynamicClient,
  object: KubeObject,
): Promise<KubeObject | undefined> {
  return client.get(object).catch((error: unknown) => {
    if (isReason(error, "NotFound")) return undefined;
    throw error;
  });
}

function endpointsOf(client: DynamicClient, service: KubeObject): Promise<KubeObject | undefined> {
  return getIfThere(client, {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { name: nameOf(service), namespace: namespaceOf(service) },
  });
}

const firstPauseMs = 100;
const longestPauseMs = 1000;

/** Repeats a step, less and less often, until it is true or time is up; returns its last answer. */
async function poll(
  { timeoutMs, signal }: WaitOptions,
  step: () => Promise<boolean>,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    if (await step()) return true;
    if (signal.aborted || performance.now() + pauseMs > deadline) return false;
    // An abort ends the pause; the next round then ends the wait.
    await sleep(pauseMs, undefined, { signal }).catch(() => {});
  }
}
