// Takes the router out of service without cutting a request: HAProxy's preStop waits for this.
import { setTimeout as sleep } from "node:timers/promises";
import { log } from "../../../../runtime/log";

/** Milliseconds until no load balancer and no kube-proxy sends to this pod any more. */
const PROPAGATION_MS = 5_000;
const LOOK_MS = 100;

export interface Draining {
  /** `/readyz` says no from now on. */
  readonly leaveService: () => void;
  /** Requests in HAProxy, as of the last sample. */
  readonly requests: () => number;
  readonly drainSeconds: number;
}

/** Resolves when nothing is in flight, or the time is over; says which. */
export async function drainRouter({
  leaveService,
  requests,
  drainSeconds,
}: Draining): Promise<string> {
  log("info", "draining");
  leaveService();
  await sleep(PROPAGATION_MS);
  const endMs = performance.now() + drainSeconds * 1_000 - PROPAGATION_MS;
  while (requests() > 0 && performance.now() < endMs) await sleep(LOOK_MS);
  const text = requests() > 0 ? `${requests()} requests did not end in time` : "drained";
  log("info", text);
  return text;
}
