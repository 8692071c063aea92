// Routes traffic to an endpoint's versions: waits for their replicas, applies the ModelEndpoint, waits for the routers.
import { type EndpointObject, endpointObject } from "../core/endpoint-object";
import { readyReplicas, reportRollOut, type VersionOutcome } from "../core/roll-out-report";
import {
  type EndpointVersion,
  type ModelEndpointSpec,
  type VersionState,
} from "../../../contracts/model-endpoint/model-endpoint";
import { belongsToAnother, markOn } from "../../../contracts/owner-mark";
import { locatorOf } from "../../../kubernetes/core/kube-object";
import { type Deployment, type ReplicaSet } from "../../../kubernetes/core/workload";
import { applyObject } from "../../../kubernetes/io/apply-object";
import { type KubeClient } from "../../../kubernetes/io/kube-client";
import { type Report } from "../../../runtime/progress";
import { claimName, releaseName } from "./claim-name";
import { closeNamespace, openNamespace } from "../../engine/io/namespace-rights";
import { waitForApplied } from "./wait-for-applied";
import { rollOutVersion } from "./roll-out-version";
import { readReplicaSets } from "../../../kubernetes/io/wait-for-roll-out";

export interface Routing {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  /** The owner's mark on the object. */
  readonly owner: string | undefined;
  readonly spec: ModelEndpointSpec;
  /** Digest of each version's declared pod template, by version name. */
  readonly revisions: Readonly<Record<string, string>>;
  /** The digests that the last successful roll-outs verified. */
  readonly verified: Readonly<Record<string, string>>;
  /** Milliseconds without progress after which a version's roll-out fails. */
  readonly rolloutTimeoutMs: number;
  readonly report: Report;
}

export type EndpointOutcome =
  | { readonly ok: true; readonly endpoint: EndpointObject }
  | {
      readonly ok: false;
      /** The object was applied, but the routers don't serve it (yet). */
      readonly applied: boolean;
      readonly message: string;
      /** What was observed of each version afterwards. */
      readonly versionStates: Readonly<Record<string, VersionState>>;
      /** The digests that roll-outs have verified by now. */
      readonly verified: Readonly<Record<string, string>>;
    };

/** Routers apply a change within 100 ms; a restarting router first needs a full pass. */
const ROUTERS_TIMEOUT_MS = 60_000;
/** For the routers to stop serving an endpoint that is being deleted; after it, the object is deleted in any case. */
const SUSPEND_TIMEOUT_MS = 15_000;

/** @throws KubeError when a request to the API server fails, or it rejects the object */
export async function applyEndpoint(routing: Routing): Promise<EndpointOutcome> {
  const { client, name, namespace, spec, revisions, report } = routing;
  const outcomes = await Promise.all(
    spec.versions.map((version) =>
      rollOutVersion({
        ...routing,
        version,
        declared: revisions[version.name],
        verified: routing.verified[version.name],
        timeoutMs: routing.rolloutTimeoutMs,
      }),
    ),
  );
  if (outcomes.some(({ ok }) => !ok)) return explainFailure(routing, outcomes);
  const { routerNamespace } = spec;
  const taken = await claimName({ client, namespace, name, routerNamespace });
  if (taken !== undefined) {
    return {
      ...{ ok: false, applied: false, message: `endpoint ${name} isn't served: ${taken}` },
      ...{ versionStates: healthy(spec), verified: revisions },
    };
  }
  if (routerNamespace !== undefined) await openNamespace(client, routerNamespace, namespace);
  const wanted = endpointObject(name, namespace, spec, routing.owner);
  const endpoint = await applyObject(client, wanted, { report });
  const outcome = await waitForApplied({ client, endpoint, timeoutMs: ROUTERS_TIMEOUT_MS, report });
  if (outcome.ok) return outcome;
  return { ...outcome, applied: true, versionStates: healthy(spec), verified: revisions };
}

/** The replicas have just been verified; the object's status may lag behind. */
export function healthy({ versions }: ModelEndpointSpec): Record<string, VersionState> {
  return Object.fromEntries(versions.map(({ name }) => [name, "Healthy"] as const));
}

/** Observes what serves now, so that each sentence is true. */
async function explainFailure(
  { client, name, namespace, spec, revisions, verified }: Routing,
  outcomes: readonly VersionOutcome[],
): Promise<EndpointOutcome> {
  const [live, ...replicaSets] = await Promise.all([
    client.read<EndpointObject>(locatorOf(endpointObject(name, namespace, spec)), name),
    ...spec.versions.map((version) => replicaSetsOf(client, namespace, version)),
  ]);
  const byVersion = new Map(
    spec.versions.map((version, index) => [version.name, replicaSets[index] ?? []]),
  );
  const states = outcomes.map(({ version, ok }): readonly [string, VersionState] => {
    if (ok) return [version, "Healthy"];
    return [version, readyReplicas(byVersion.get(version) ?? []) > 0 ? "Unhealthy" : "Failed"];
  });
  const rolledOut = outcomes.flatMap(({ version, ok }): (readonly [string, string])[] => {
    const revision = revisions[version];
    return ok && revision !== undefined ? [[version, revision]] : [];
  });
  return {
    ok: false,
    applied: false,
    message: reportRollOut(outcomes, live, byVersion),
    versionStates: Object.fromEntries(states),
    verified: { ...verified, ...Object.fromEntries(rolledOut) },
  };
}

async function replicaSetsOf(
  client: KubeClient,
  namespace: string,
  { deploymentName }: EndpointVersion,
): Promise<readonly ReplicaSet[]> {
  const locator = { apiVersion: "apps/v1", kind: "Deployment", namespace };
  const deployment = await client.read<Deployment>(locator, deploymentName);
  return deployment === undefined ? [] : readReplicaSets(client, deployment);
}

/**
 * Suspends the endpoint so that the routers stop serving it, deletes it, and lets go of its name. A missing endpoint, kind
 * or router is no error; an endpoint that belongs to another component by now stays.
 * @throws KubeError when a request to the API server fails
 */
export async function removeEndpoint({
  client,
  namespace,
  name,
  owner,
  routerNamespace,
  report,
}: Pick<Routing, "client" | "namespace" | "name" | "owner" | "report"> & {
  readonly routerNamespace: string | undefined;
}): Promise<void> {
  const locator = locatorOf(
    endpointObject(name, namespace, { authentication: { mode: "None" }, versions: [] }),
  );
  const live = await client.read<EndpointObject>(locator, name);
  if (live !== undefined && belongsToAnother(live, owner)) {
    console.log(
      `endpoint ${name} in namespace ${namespace} stays: it belongs to ${markOn(live)?.owner ?? "another"}`,
    );
    return;
  }
  const endpoint = await client.merge<EndpointObject>(locator, name, { spec: { suspended: true } });
  // If no router has ever served it, there is nothing to wait for.
  if (endpoint?.status?.appliedGeneration !== undefined) {
    await waitForApplied({ client, endpoint, timeoutMs: SUSPEND_TIMEOUT_MS, report });
  }
  if (endpoint !== undefined) await client.remove(locator, name);
  await releaseName({ client, namespace, name, routerNamespace });
  if (routerNamespace !== undefined) await closeNamespace(client, routerNamespace, namespace);
}
