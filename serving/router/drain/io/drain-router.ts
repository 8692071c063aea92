// Drains the router, so that no request is cut: HAProxy's preStop waits for this.
import { setTimeout as sleep } from "node:timers/promises";
import { SAMPLE_PERIOD_MS } from "../../../../contracts/metrics-channel/router-sample";
import { PROPAGATION_SECONDS } from "../../../../contracts/pods/propagation";
import type { Log } from "../../../../runtime/log";

/** Milliseconds until no load balancer and no kube-proxy sends to this pod any more. */
const PROPAGATION_MS = PROPAGATION_SECONDS.loadBalancer * 1_000;

export interface Draining {
  /** `/readyz` answers 503 from now on. */
  readonly leaveService: () => void;
  /** Requests in HAProxy, as of the last sample. */
  readonly requests: () => number;
  readonly drainSeconds: number;
  readonly log: Log;
}

/** Resolves when nothing is in flight, or the time is over; says which. */
export async function drainRouter({
  leaveService,
  requests,
  drainSeconds,
  log,
}: Draining): Promise<string> {
  log("info", "draining");
  leaveService();
  await sleep(PROPAGATION_MS);
  const endMs = performance.now() + drainSeconds * 1_000 - PROPAGATION_MS;
  while (requests() > 0 && performance.now() < endMs) await sleep(SAMPLE_PERIOD_MS);
  const text = requests() > 0 ? `${requests()} requests did not end in time` : "drained";
  log("info", text);
  return text;
}
