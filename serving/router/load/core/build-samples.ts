// Builds what the router reports to the autoscaler about each endpoint.
import type {
  EndpointSample,
  VersionSample,
} from "../../../../contracts/metrics-channel/router-sample";
import type { Model, WantedVersion } from "../../model/core/build-model";
import type { LiveModel } from "../../haproxy/core/live-model";
import { queuedRequests, type VersionLoad } from "./read-load";

export interface SampleFacts {
  readonly model: Model;
  readonly live: LiveModel;
  /** Generation that HAProxy serves, by endpoint id; for a suspended one: that it serves no more. */
  readonly applied: ReadonlyMap<string, number>;
  /** By version key. */
  readonly loads: ReadonlyMap<string, VersionLoad>;
  /** Requests of leaving replicas by version key and pod. */
  readonly draining: ReadonlyMap<string, Readonly<Record<string, number>>>;
}

/** Samples of the endpoints in `ids` that exist, keyed `<namespace>/<name>`. */
export function buildSamples(
  facts: SampleFacts,
  ids: Iterable<string>,
): Readonly<Record<string, EndpointSample>> {
  const samples: Record<string, EndpointSample> = {};
  for (const id of ids) {
    const { model, applied } = facts;
    const endpoint = model.endpoints.get(id);
    const problem = model.problems.get(id);
    if (endpoint === undefined && problem === undefined && !model.suspended.has(id)) continue;
    samples[id] = {
      appliedGeneration: applied.get(id) ?? 0,
      ...(problem === undefined ? {} : { problem }),
      versions: Object.fromEntries(
        (endpoint?.versions ?? []).map((version) => [version.name, sampleVersion(facts, version)]),
      ),
    };
  }
  return samples;
}

/** All that a full sample lists. */
export function sampledIds({ endpoints, problems, suspended }: Model): ReadonlySet<string> {
  return new Set([...endpoints.keys(), ...problems.keys(), ...suspended.keys()]);
}

function sampleVersion(
  { live, loads, draining }: SampleFacts,
  { key, notReady, ownership }: WantedVersion,
): VersionSample {
  const load = loads.get(key);
  const replicas = live.versions.get(key)?.replicas;
  let slots = 0;
  for (const { limit = 0 } of replicas?.values() ?? []) slots += limit;
  const leaving = [...notReady].filter((pod) => replicas?.get(pod)?.limit === undefined);
  // Another router's replicas: those of them that this one had are not about to go.
  const isOther = ownership?.owner !== undefined;
  const leave = Object.entries(draining.get(key) ?? {}).filter(
    ([pod]) => !isOther || notReady.has(pod),
  );
  return {
    inFlight: load?.computing ?? 0,
    queued: load === undefined ? 0 : queuedRequests(load),
    slots,
    arrivals: load?.arrivals ?? 0,
    draining: {
      ...Object.fromEntries(leaving.map((pod) => [pod, 0])),
      ...Object.fromEntries(leave),
    },
  };
}
