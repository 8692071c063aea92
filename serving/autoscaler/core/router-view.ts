// What one router said last, kept complete from samples that tell only what changed.

import type { EndpointSample, RouterSample } from "../../metrics-channel/router-sample";

export interface RouterView {
  /** Pod name of the router. */
  readonly router: string;
  /** Of the last sample; counts by one on each connection. */
  readonly sequence: number;
  /** Monotonic milliseconds at which the last sample came. */
  readonly receivedAtMs: number;
  /** Keyed `<namespace>/<name>`. */
  readonly endpoints: ReadonlyMap<string, EndpointSample>;
  /** Leaving replicas without a request, keyed `<namespace>/<pod>`, and the sample that first said so. */
  readonly idleSince: ReadonlyMap<string, number>;
}

export type AppliedSample =
  | { readonly ok: true; readonly view: RouterView }
  | { readonly ok: false; readonly message: string };

/** The view after one more sample of the same connection; `view` is absent for a connection's first. */
export function applySample(
  view: RouterView | undefined,
  sample: RouterSample,
  nowMs: number,
): AppliedSample {
  if (view === undefined && !sample.full) {
    return { ok: false, message: "full must be true in a connection's first sample" };
  }
  if (view !== undefined && sample.sequence !== view.sequence + 1) {
    return {
      ok: false,
      message: `sequence must be ${view.sequence + 1}, one more than before: it is ${sample.sequence}`,
    };
  }
  if (view !== undefined && sample.router !== view.router) {
    return { ok: false, message: `router must stay ${view.router}: it is ${sample.router}` };
  }
  return {
    ok: true,
    view: {
      router: sample.router,
      sequence: sample.sequence,
      receivedAtMs: nowMs,
      endpoints: mergeEndpoints(view, sample),
      idleSince: mergeIdle(view, sample),
    },
  };
}

/** Samples in a row in which the router said that the leaving replica computes nothing; 0 when it did not say so. */
export function idleSamples(view: RouterView, namespace: string, pod: string): number {
  const since = view.idleSince.get(`${namespace}/${pod}`);
  return since === undefined ? 0 : view.sequence - since + 1;
}

function mergeEndpoints(
  view: RouterView | undefined,
  sample: RouterSample,
): ReadonlyMap<string, EndpointSample> {
  const told = Object.entries(sample.endpoints);
  if (sample.full || view === undefined) return new Map(told);
  if (told.length === 0) return view.endpoints;
  const endpoints = new Map(view.endpoints);
  for (const [key, endpoint] of told) endpoints.set(key, endpoint);
  return endpoints;
}

function mergeIdle(
  view: RouterView | undefined,
  sample: RouterSample,
): ReadonlyMap<string, number> {
  const before: ReadonlyMap<string, number> = view?.idleSince ?? new Map();
  const idle = sample.full ? new Map<string, number>() : new Map(before);
  for (const [key, { versions }] of Object.entries(sample.endpoints)) {
    const namespace = key.slice(0, key.indexOf("/"));
    const previous = sample.full ? undefined : view?.endpoints.get(key);
    for (const version of Object.values(previous?.versions ?? {})) {
      for (const pod of Object.keys(version.draining)) idle.delete(`${namespace}/${pod}`);
    }
    for (const version of Object.values(versions)) {
      for (const [pod, computing] of Object.entries(version.draining)) {
        const podKey = `${namespace}/${pod}`;
        if (computing === 0) idle.set(podKey, before.get(podKey) ?? sample.sequence);
      }
    }
  }
  return idle;
}
