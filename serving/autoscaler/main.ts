// Entry point of the autoscaler: starts the parts and shuts them down in order on SIGTERM.

import { setTimeout as sleep } from "node:timers/promises";
import { createApiClient } from "../../kubernetes/io/api-client";
import { podCredentials } from "../../kubernetes/io/pod-credentials";
import { ELECTION_TIMES } from "./leadership/core/decide-leadership";
import { LEASE_NAME, readEnvironment } from "../../contracts/pods/autoscaler-environment";
import { internalName } from "../../contracts/pods/internal-tls";
import { ROUTER_NAME } from "../../contracts/pods/pod-defaults";
import { authenticateRouter } from "./load/io/authenticate-router";
import { cacheReviews } from "./load/io/review-cache";
import { watchCluster } from "./loop/io/cluster-state";
import { ControlLoop, TICK_MS } from "./loop/io/control-loop";
import { electLeader } from "./leadership/io/elect-leader";
import { serveHealth } from "./loop/io/health-server";
import { explainError, log } from "../../runtime/log";
import { serveSamples } from "./load/io/samples-server";

async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  if (!environment.ok) throw new Error(environment.problems.join("; "));
  const { settings } = environment;
  const monotonicMs = (): number => performance.now();
  const client = createApiClient(podCredentials(process.env));
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort());

  const cluster = watchCluster(client, settings, stop.signal, monotonicMs);
  const health = await serveHealth(settings.healthPort, () =>
    cluster.isSynced() ? undefined : "the watches have not synced yet",
  );
  const samples = await serveSamples({
    port: settings.samplesPort,
    tlsDirectory: settings.internalTlsDirectory,
    clientName: internalName(ROUTER_NAME, settings.podNamespace),
    authenticate: cacheReviews(
      (token) => authenticateRouter(client, token, settings.routerUsername),
      monotonicMs,
    ),
    routers: () => cluster.routers(),
    monotonicMs,
  });
  const leadership = electLeader(
    client,
    { namespace: settings.podNamespace, name: LEASE_NAME, identity: settings.podName },
    ELECTION_TIMES,
    {
      now: monotonicMs,
      sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
    },
  );
  const loop = new ControlLoop({
    client,
    cluster,
    samples,
    leadership,
    identity: settings.podName,
    namespace: settings.podNamespace,
    maxClaimsPerNamespace: settings.admission.quota.endpoints,
    holdMs: settings.holdMs,
    monotonicMs,
  });
  log("info", "started", { identity: settings.podName, samplesPort: settings.samplesPort });
  while (!stop.signal.aborted) {
    loop.tick();
    await sleep(TICK_MS, undefined, { signal: stop.signal }).catch(() => undefined);
  }
  // No write may start after the Lease is released.
  await loop.idle();
  await leadership.release();
  await Promise.all([samples.close(), health.close(), cluster.stopped]);
  client.close();
  log("info", "stopped", { identity: settings.podName });
}

main().catch((error: unknown) => {
  log("error", "the autoscaler failed", { why: explainError(error) });
  process.exit(1);
});
