// The agent's process: writes HAProxy's configuration, then keeps HAProxy as the cluster says.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createApiClient } from "../../kubernetes/io/api-client";
import { podCredentials } from "../../kubernetes/io/pod-credentials";
import { SERVICE_NAME_LABEL, type EndpointSlice } from "../../kubernetes/core/endpoint-slice";
import { collectionPath } from "../../kubernetes/core/object-path";
import { watchAll } from "../../kubernetes/io/watch";
import { log } from "../../runtime/log";
import { belongsToRouter } from "../../contracts/model-endpoint/belongs-to-router";
import {
  API_VERSION,
  ENDPOINT_LABEL,
  KIND,
  type ModelEndpoint,
} from "../../contracts/model-endpoint/model-endpoint";
import { startAgent, type Agent } from "./agent";
import {
  CERTIFICATE_FILE,
  HEALTH_PORT,
  HTTPS_PORT,
  HTTP_PORT,
  PRIVATE_KEY_FILE,
  readEnvironment,
  type AgentSettings,
} from "../../contracts/pods/router-environment";
import type { HaproxySettings } from "./haproxy/core/haproxy-settings";
import { readCertificatePair } from "./certificate/io/read-certificate-pair";
import { SampleChannels } from "./load/io/sample-channels";
import { readPageBytes, readPlaces, writeConfiguration } from "./haproxy/io/write-configuration";
import { SIGN_PERIOD_MS } from "./supervise/io/supervise";

const ENDPOINT_SLICES = { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" };

/** Milliseconds for an end in good order. */
const END_MS = 2_000;

/** Runs until a signal ends the process, or the supervisor is gone. Throws when HAProxy's files can't be written. */
export async function runAgent(): Promise<void> {
  const stop = new AbortController();
  const parts: { channels?: SampleChannels; agent?: Agent } = {};
  const end = async () => {
    stop.abort();
    parts.channels?.close();
    await Promise.race([parts.agent?.stop(), sleep(END_MS)]);
    log("info", "stopped");
    process.exit(0);
  };
  // First of all: the pod may end at any time. Without its supervisor the agent is one too many.
  for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => void end());
  process.once("disconnect", () => void end());
  const signal = () => process.send?.("alive");
  signal();
  setInterval(signal, SIGN_PERIOD_MS);

  const environment = readEnvironment(process.env);
  if (!environment.ok) throw new Error(environment.problems.join("; "));
  const { settings } = environment;
  const haproxy = haproxySettings(settings);
  // A HAProxy that runs already keeps the files it read; one that restarts finds those of this agent.
  writeConfiguration(haproxy);

  const client = createApiClient(podCredentials(process.env));
  const onInterruption = (why: string) => log("warning", "a watch was interrupted", { why });
  const endpoints = watchAll<ModelEndpoint>(
    client,
    { path: collectionPath({ apiVersion: API_VERSION, kind: KIND }) },
    stop.signal,
    { onChange: () => parts.agent?.trigger(), onInterruption },
  );
  const slices = watchAll<EndpointSlice>(
    client,
    { path: collectionPath(ENDPOINT_SLICES), labelSelector: ENDPOINT_LABEL },
    stop.signal,
    { onChange: () => parts.agent?.trigger(), onInterruption },
  );
  const channels = new SampleChannels({
    router: settings.podName,
    tokenFile: settings.tokenFile,
    full: () => parts.agent?.sampler.full(),
  });
  parts.channels = channels;
  log("info", "started", { router: settings.podName });

  // Before the first lists nothing is known: an empty model would take every endpoint out of service.
  await Promise.all([endpoints.synced, slices.synced]);
  parts.agent = startAgent({
    haproxy,
    resources: () => ({
      endpoints: [...endpoints.objects.values()].filter((endpoint) =>
        belongsToRouter(endpoint, settings.autoscalerService?.namespace),
      ),
      slices: slices.objects.values(),
    }),
    deliver: (sampled) => channels.send(sampled),
    ...(settings.tlsDirectory === undefined ? {} : { tlsDirectory: settings.tlsDirectory }),
  });
  if (settings.autoscalerService !== undefined) {
    const { namespace, name } = settings.autoscalerService;
    const autoscalers = watchAll<EndpointSlice>(
      client,
      {
        path: collectionPath({ ...ENDPOINT_SLICES, namespace }),
        labelSelector: `${SERVICE_NAME_LABEL}=${name}`,
      },
      stop.signal,
      { onChange: () => channels.follow(autoscalers.objects.values()), onInterruption },
    );
  }
}

/** Throws for a certificate that can't be served: a router that was asked for TLS must not start without. */
function haproxySettings(settings: AgentSettings): HaproxySettings {
  const { tlsDirectory, directory, insecureTraffic, trustedProxies, bodyMemoryBytes } = settings;
  const plain: HaproxySettings = {
    directory,
    abstractName: "aml",
    httpBind: `:${HTTP_PORT}`,
    healthBind: `:${HEALTH_PORT}`,
    ...readPlaces(bodyMemoryBytes),
    ...readPageBytes(),
    ...(insecureTraffic === undefined ? {} : { insecureTraffic }),
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
    ...(bodyMemoryBytes === undefined ? {} : { bodyMemoryBytes }),
  };
  if (tlsDirectory === undefined) return plain;
  const pair = readCertificatePair(tlsDirectory);
  if (!pair.ok) throw new Error(pair.message);
  return {
    ...plain,
    tls: {
      bind: `:${HTTPS_PORT}`,
      certificateFile: join(tlsDirectory, CERTIFICATE_FILE),
      keyFile: join(tlsDirectory, PRIVATE_KEY_FILE),
    },
  };
}
