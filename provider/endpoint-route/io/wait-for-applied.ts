// Waits until every ready router serves the newest generation of an endpoint.
import { type EndpointObject } from "../core/endpoint-object";
import { assessApplied } from "../core/assess-applied";
import { locatorOf } from "../../../kubernetes/core/kube-object";
import { type KubeClient } from "../../../kubernetes/io/kube-client";
import { patiently } from "../../../kubernetes/io/patiently";
import { type Report } from "../../../runtime/progress";
import { type Clock, POLL_MS, systemClock } from "../../../runtime/clock";

export interface WaitForApplied {
  readonly client: KubeClient;
  /** The object that the apply returned. */
  readonly endpoint: EndpointObject;
  readonly timeoutMs: number;
  readonly report: Report;
  readonly clock?: Clock;
}

export type AppliedOutcome =
  | { readonly ok: true; readonly endpoint: EndpointObject }
  | { readonly ok: false; readonly message: string };

/** @throws KubeError when requests to the API server keep failing (kubernetes/io/patiently.ts) */
export async function waitForApplied(wait: WaitForApplied): Promise<AppliedOutcome> {
  const { client, endpoint, timeoutMs, report, clock = systemClock } = wait;
  const { name, generation = 0 } = endpoint.metadata;
  const startedMs = clock.now();
  const look = patiently(client, clock);
  for (;;) {
    const live = await look(() => client.read<EndpointObject>(locatorOf(endpoint), name));
    if (live === undefined) return { ok: false, message: `endpoint ${name} was deleted meanwhile` };
    const verdict = assessApplied(live, generation);
    if (verdict.kind === "applied") return { ok: true, endpoint: live };
    if (verdict.kind === "refused") {
      return { ok: false, message: `the routers can't serve endpoint ${name}: ${verdict.message}` };
    }
    if (clock.now() - startedMs >= timeoutMs) {
      const seconds = Math.round(timeoutMs / 1000);
      const message = `endpoint ${name} isn't served as declared after ${seconds} s: ${verdict.message}`;
      return { ok: false, message };
    }
    report(`waiting for the routers: ${verdict.message}`);
    await clock.sleep(POLL_MS);
  }
}
