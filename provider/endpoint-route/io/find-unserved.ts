// Finds an endpoint that its routers don't serve as declared, though it was applied.
import { type EndpointObject } from "../core/endpoint-object";
import { assessApplied } from "../core/assess-applied";
import { type ObjectLocator } from "../../../kubernetes/core/kube-object";
import { type KubeClient } from "../../../kubernetes/io/kube-client";
import { type Clock, POLL_MS, systemClock } from "../../../runtime/clock";

/** Milliseconds for routers to report a change, or a restarted one to come back; a status that lags is no finding. */
const REPORT_MS = 5_000;

/**
 * Why it isn't served, as a sentence without a full stop; undefined when it is, and for an endpoint without a status:
 * nobody has looked after it yet.
 * @throws KubeError when a request to the API server fails
 */
export async function findUnserved(
  client: KubeClient,
  locator: ObjectLocator,
  name: string,
  clock: Clock = systemClock,
): Promise<string | undefined> {
  const startedMs = clock.now();
  for (;;) {
    const live = await client.read<EndpointObject>(locator, name);
    if (live?.status === undefined) return undefined;
    const verdict = assessApplied(live, live.metadata.generation ?? 0);
    if (verdict.kind === "applied") return undefined;
    if (verdict.kind === "refused" || clock.now() - startedMs >= REPORT_MS) {
      return `the routers don't serve it as declared: ${verdict.message.replace(/\.$/, "")}`;
    }
    await clock.sleep(POLL_MS);
  }
}
