// Routes traffic to an endpoint's versions: waits for their replicas, applies the ModelEndpoint, waits for the routers.
import { type EndpointObject, endpointObject, neededReplicas } from "../core/endpoint-object";
import { type ModelEndpointSpec } from "../../../contracts/model-endpoint/model-endpoint";
import { belongsToAnother, markOn } from "../../../contracts/owner-mark";
import { locatorOf } from "../../../kubernetes/core/kube-object";
import { removeSurplus } from "../../../kubernetes/io/apply-object";
import { type KubeClient } from "../../../kubernetes/io/kube-client";
import { type Report } from "../../../runtime/progress";
import { waitForApplied } from "./wait-for-applied";
import { type RollOutOutcome, waitForRollOut } from "../../../kubernetes/io/wait-for-roll-out";

export interface Routing {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  /** The owner's mark on the object. */
  readonly owner: string | undefined;
  readonly spec: ModelEndpointSpec;
  /** Milliseconds for the replicas to become ready. */
  readonly rolloutTimeoutMs: number;
  readonly report: Report;
}

export type EndpointOutcome =
  | { readonly ok: true; readonly endpoint: EndpointObject }
  /** `applied`: the object was applied, but the routers don't serve it (yet). */
  | { readonly ok: false; readonly applied: boolean; readonly message: string };

/** Routers apply a change within 100 ms; a restarting router first needs a full pass. */
const ROUTERS_TIMEOUT_MS = 60_000;
/** For the routers to stop serving an endpoint that is being deleted; after it, the object is deleted in any case. */
const SUSPEND_TIMEOUT_MS = 15_000;

/** @throws KubeError when a request to the API server fails, or it rejects the object */
export async function applyEndpoint(routing: Routing): Promise<EndpointOutcome> {
  const { client, name, namespace, report } = routing;
  const failures = await findRollOutFailures(routing);
  if (failures.length > 0) {
    const message = `${failures.join("\n")}\nThe traffic stays as it was.`;
    return { ok: false, applied: false, message };
  }
  const wanted = endpointObject(name, namespace, routing.spec, routing.owner);
  await removeSurplus(client, wanted);
  const endpoint = await client.apply(wanted);
  const outcome = await waitForApplied({ client, endpoint, timeoutMs: ROUTERS_TIMEOUT_MS, report });
  return outcome.ok ? outcome : { ...outcome, applied: true };
}

/** One sentence for each version that can't become ready. */
async function findRollOutFailures(routing: Routing): Promise<readonly string[]> {
  const { client, namespace, rolloutTimeoutMs, report, spec } = routing;
  // The first failure decides the outcome, so it ends the other waits.
  const firstFailure = new AbortController();
  const outcomes = await Promise.all(
    spec.versions.map(async (version): Promise<readonly [string, RollOutOutcome]> => {
      const outcome = await waitForRollOut({
        client,
        namespace,
        name: version.deploymentName,
        needed: (deployment) => neededReplicas(version, deployment),
        timeoutMs: rolloutTimeoutMs,
        report,
        signal: firstFailure.signal,
      });
      if (!outcome.ok) firstFailure.abort();
      return [version.name, outcome];
    }),
  );
  return outcomes.flatMap(([version, outcome]) =>
    outcome.ok || outcome.aborted ? [] : `version ${version}: ${outcome.message}`,
  );
}

/**
 * Suspends the endpoint so that the routers stop serving it, then deletes it. A missing endpoint, kind or router is no
 * error; an endpoint that belongs to another component by now stays.
 * @throws KubeError when a request to the API server fails
 */
export async function removeEndpoint({
  client,
  namespace,
  name,
  owner,
  report,
}: Omit<Routing, "spec" | "rolloutTimeoutMs">): Promise<void> {
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
  if (endpoint === undefined) return;
  // If no router has ever served it, there is nothing to wait for.
  if (endpoint.status?.appliedGeneration !== undefined) {
    await waitForApplied({ client, endpoint, timeoutMs: SUSPEND_TIMEOUT_MS, report });
  }
  await client.remove(locator, name);
}
