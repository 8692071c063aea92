// The last known state of one router, rebuilt from its full and incremental samples.

import type {
  EndpointSample,
  RouterSample,
} from "../../../../contracts/metrics-channel/router-sample";

export interface RouterView {
  /** Pod name of the router. */
  readonly router: string;
  /** Sequence number of the last sample. */
  readonly sequence: number;
  /** Monotonic milliseconds at which the last sample was received. */
  readonly receivedAtMs: number;
  /** Keyed `<namespace>/<name>`. */
  readonly endpoints: ReadonlyMap<string, EndpointSample>;
}

export type AppliedSample =
  | { readonly ok: true; readonly view: RouterView }
  | { readonly ok: false; readonly message: string };

/** The view after one more sample of the same connection; `view` is undefined for the first sample. */
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
      message: `sequence must be ${view.sequence + 1}, one more than the previous: it is ${sample.sequence}`,
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
    },
  };
}

function mergeEndpoints(
  view: RouterView | undefined,
  sample: RouterSample,
): ReadonlyMap<string, EndpointSample> {
  const reported = Object.entries(sample.endpoints);
  if (sample.full || view === undefined) return new Map(reported);
  if (reported.length === 0) return view.endpoints;
  const endpoints = new Map(view.endpoints);
  for (const [key, endpoint] of reported) endpoints.set(key, endpoint);
  return endpoints;
}
