// Gives an endpoint's versions their traffic: once their replicas are ready, and until every router has followed.
import { type EndpointObject, endpointObject, neededReplicas } from "../core/endpoint-object";
import { type ModelEndpointSpec } from "../../../contracts/model-endpoint/model-endpoint";
import { locatorOf } from "../../../kubernetes/core/kube-object";
import { type KubeClient } from "../../../kubernetes/io/kube-client";
import { type Report } from "../../../runtime/progress";
import { waitForApplied } from "./wait-for-applied";
import { type RollOutOutcome, waitForRollOut } from "../../../kubernetes/io/wait-for-roll-out";

export interface Routing {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  readonly spec: ModelEndpointSpec;
  /** For the replicas. */
  readonly rolloutTimeoutMs: number;
  readonly report: Report;
}

export type EndpointOutcome =
  | { readonly ok: true; readonly endpoint: EndpointObject }
  /** `applied`: the object is in the cluster as declared, but routers don't serve it (yet). */
  | { readonly ok: false; readonly applied: boolean; readonly message: string };

/** Routers follow within 100 ms; a restarting one needs its first full pass. */
const ROUTERS_TIMEOUT_MS = 60_000;
/** For routers to drop an endpoint that is being deleted; it goes in any case. */
const SUSPEND_TIMEOUT_MS = 15_000;

/** @throws KubeError when the cluster can't be asked, or refuses the object */
export async function applyEndpoint(routing: Routing): Promise<EndpointOutcome> {
  const { client, name, namespace, report } = routing;
  const failures = await findRollOutFailures(routing);
  if (failures.length > 0) {
    const message = `${failures.join("\n")}\nThe traffic stays as it was.`;
    return { ok: false, applied: false, message };
  }
  const endpoint = await client.apply(endpointObject(name, namespace, routing.spec));
  const outcome = await waitForApplied({ client, endpoint, timeoutMs: ROUTERS_TIMEOUT_MS, report });
  return outcome.ok ? outcome : { ...outcome, applied: true };
}

/** One sentence for each version that can't become ready. */
async function findRollOutFailures(routing: Routing): Promise<readonly string[]> {
  const { client, namespace, rolloutTimeoutMs, report, spec } = routing;
  // The first failure ends the others' wait: it decides, whatever they come to.
  const decided = new AbortController();
  const outcomes = await Promise.all(
    spec.versions.map(async (version): Promise<readonly [string, RollOutOutcome]> => {
      const outcome = await waitForRollOut({
        client,
        namespace,
        name: version.deploymentName,
        needed: (deployment) => neededReplicas(version, deployment),
        timeoutMs: rolloutTimeoutMs,
        report,
        signal: decided.signal,
      });
      if (!outcome.ok) decided.abort();
      return [version.name, outcome];
    }),
  );
  return outcomes.flatMap(([version, outcome]) =>
    outcome.ok || outcome.aborted ? [] : `version ${version}: ${outcome.message}`,
  );
}

/**
 * Takes the endpoint from the routers, then from the cluster. Gone already, no routers or no such kind: no error.
 * @throws KubeError when the cluster can't be asked
 */
export async function removeEndpoint({
  client,
  namespace,
  name,
  report,
}: Omit<Routing, "spec" | "rolloutTimeoutMs">): Promise<void> {
  const locator = locatorOf(
    endpointObject(name, namespace, { authentication: { mode: "None" }, versions: [] }),
  );
  const endpoint = await client.merge<EndpointObject>(locator, name, { spec: { suspended: true } });
  if (endpoint === undefined) return;
  // Without a router that ever served it there is nobody to wait for.
  if (endpoint.status?.appliedGeneration !== undefined) {
    await waitForApplied({ client, endpoint, timeoutMs: SUSPEND_TIMEOUT_MS, report });
  }
  await client.remove(locator, name);
}
