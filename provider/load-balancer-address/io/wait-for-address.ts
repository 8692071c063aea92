// Reads a Service's address, and waits until the load balancer that the program asks for has one.
import { type Event } from "../../../kubernetes/core/workload";
import { type KubeClient } from "../../../kubernetes/io/kube-client";
import { patiently } from "../../../kubernetes/io/patiently";
import { isReason } from "../../../kubernetes/io/kube-error";
import { type Clock, POLL_MS, systemClock } from "../../../runtime/clock";
import { type Report } from "../../../runtime/progress";
import { assessAddress, newestWarnings, SETTLING_MS } from "../core/assess-address";
import { type Service } from "../core/load-balancer-service";

export interface WaitForAddress {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly serviceName: string;
  /** True when the program may have changed the Service just before. */
  readonly mayBeFormer: boolean;
  readonly timeoutMs: number;
  readonly report: Report;
  readonly clock?: Clock;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export type AddressOutcome =
  | { readonly ok: true; readonly address: string }
  /** `message`: one sentence. */
  | { readonly ok: false; readonly message: string };

/** The live Service; undefined when it doesn't exist. */
export function readService(
  client: KubeClient,
  namespace: string,
  name: string,
): Promise<Service | undefined> {
  return client.read<Service>({ apiVersion: "v1", kind: "Service", namespace }, name);
}

/** @throws KubeError when requests to the API server keep failing (kubernetes/io/patiently.ts) */
export async function waitForAddress(wait: WaitForAddress): Promise<AddressOutcome> {
  const { client, namespace, serviceName, mayBeFormer, timeoutMs, report } = wait;
  const { clock = systemClock, now = Date.now } = wait;
  const subject = `Service/${serviceName} in namespace ${namespace}`;
  const startedMs = clock.now();
  let settlingSinceMs: number | undefined;
  const look = patiently(client, clock);
  for (;;) {
    const service = await look(() => readService(client, namespace, serviceName));
    const events = service === undefined ? [] : await readEvents(client, service);
    const waitedMs = clock.now() - startedMs;
    const question = { service, events, mayBeFormer, waitedMs, timeoutMs, nowMs: now() };
    const verdict = assessAddress(question);
    if (verdict.kind === "ready") return { ok: true, address: verdict.address };
    if (verdict.kind === "wrong") return { ok: false, message: `${subject} ${verdict.message}` };
    if (verdict.kind === "settling") {
      settlingSinceMs ??= clock.now();
      if (clock.now() - settlingSinceMs >= SETTLING_MS) {
        return { ok: true, address: verdict.address };
      }
    } else {
      settlingSinceMs = undefined;
      const warnings = newestWarnings(events);
      if (waitedMs >= timeoutMs) {
        const seconds = Math.round(timeoutMs / 1000);
        const why = warnings.length === 0 ? NO_REASON : warnings.join("; ");
        const missing = `the load balancer isn't ready after ${seconds} s: ${verdict.message}`;
        return { ok: false, message: `${subject}: ${missing} (${why})` };
      }
      const [latest] = warnings;
      report(`${verdict.message}${latest === undefined ? "" : ` (${latest})`}`);
    }
    await clock.sleep(POLL_MS);
  }
}

const NO_REASON = "no event says why: a load balancer controller must run in the cluster";

/** The Service's events; none for those who may not read events. */
async function readEvents(client: KubeClient, { metadata }: Service): Promise<readonly Event[]> {
  const locator = { apiVersion: "v1", kind: "Event", namespace: metadata.namespace };
  try {
    return await client.list<Event>(locator, {
      fields: `involvedObject.uid=${metadata.uid ?? ""}`,
    });
  } catch (error) {
    if (isReason(error, "Forbidden")) return [];
    throw error;
  }
}
