// The agent's process: writes HAProxy's configuration, then keeps HAProxy as the cluster says.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createApiClient } from "../../kubernetes/io/api-client";
import { readCertificatePair } from "../../kubernetes/io/certificate-pair";
import { podCredentials } from "../../kubernetes/io/pod-credentials";
import { SERVICE_NAME_LABEL, type EndpointSlice } from "../../kubernetes/core/endpoint-slice";
import { keptEndpoint } from "../../kubernetes/core/kept-endpoint";
import { collectionPath } from "../../kubernetes/core/object-path";
import type { ListedObject, ObjectLocator } from "../../kubernetes/core/kube-object";
import type { ListedPod } from "../../kubernetes/core/workload";
import { type WatchOptions, watchAll } from "../../kubernetes/io/watch";
import { together, watchNamespaces } from "../../kubernetes/io/watch-namespaces";
import { log } from "../../runtime/log";
import { admittedNamespaces } from "../../contracts/model-endpoint/admission";
import {
  NAMES_CONFIG_MAP,
  type NamesConfigMap,
  readClaims,
} from "../../contracts/model-endpoint/name-claims";
import {
  API_VERSION,
  ENDPOINT_LABEL,
  KIND,
  type ModelEndpoint,
} from "../../contracts/model-endpoint/model-endpoint";
import { internalName } from "../../contracts/pods/internal-tls";
import { AUTOSCALER_NAME } from "../../contracts/pods/pod-defaults";
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
import { SampleChannels } from "./load/io/sample-channels";
import { keptPod, keptReplicaSet, keptSlice, keptStatus } from "./model/core/kept-objects";
import { type KnownReplicas, PodsByAddress } from "./model/core/verified-slices";
import { readPageBytes, readPlaces, writeConfiguration } from "./haproxy/io/write-configuration";
import { SIGN_PERIOD_MS } from "./supervise/io/supervise";

const PODS = { apiVersion: "v1", kind: "Pod" };
const REPLICA_SETS = { apiVersion: "apps/v1", kind: "ReplicaSet" };
const ENDPOINT_SLICES = { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" };

/** Milliseconds for the first lists of all namespaces, and between two looks. One that can't be read holds up no other. */
const FIRST_LISTS_MS = 10_000;
const FIRST_LISTS_PAUSE_MS = 20;

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
  const onChange = () => parts.agent?.trigger();
  const own = settings.autoscalerService?.namespace;
  const inNamespaces = <T extends ListedObject>(kind: ObjectLocator, options: WatchOptions<T>) =>
    watchNamespaces<T>(
      client,
      (namespace) => ({
        path: collectionPath({ ...kind, namespace }),
        labelSelector: ENDPOINT_LABEL,
      }),
      stop.signal,
      { onInterruption, onChange, onKnown: onChange, ...options },
    );
  const endpoints = watchAll<ModelEndpoint>(
    client,
    { path: collectionPath({ apiVersion: API_VERSION, kind: KIND }) },
    stop.signal,
    { keep: (endpoint) => keptEndpoint(endpoint, own, keptStatus), onChange, onInterruption },
  );
  const slices = inNamespaces<EndpointSlice>(ENDPOINT_SLICES, { keep: keptSlice });
  const podsByAddress = new PodsByAddress();
  const pods = inNamespaces<ListedPod>(PODS, {
    keep: keptPod,
    onChange: (key, pod) => {
      podsByAddress.change(key, pod);
      onChange();
    },
  });
  const replicaSets = inNamespaces(REPLICA_SETS, { keep: keptReplicaSet });
  // Without an autoscaler nobody keeps names, and the router's namespace isn't known.
  const names =
    own === undefined
      ? undefined
      : watchAll<ListedObject & NamesConfigMap>(
          client,
          {
            path: collectionPath({ apiVersion: "v1", kind: "ConfigMap", namespace: own }),
            fieldSelector: `metadata.name=${NAMES_CONFIG_MAP}`,
          },
          stop.signal,
          { onChange, onInterruption },
        );
  log("info", "started", { router: settings.podName });

  // Before the first lists nothing is known: an empty model would take every endpoint out of service.
  await Promise.all([endpoints.synced, names?.synced]);
  const inNamespace = together([slices, pods, replicaSets]);
  /** What is there and admitted; the namespaces of that are watched from now on. */
  const lookAround = () => {
    const present = [...endpoints.objects.values()];
    const found = names?.objects.get(`${own}/${NAMES_CONFIG_MAP}`);
    const admission = { settings: settings.admission, claims: readClaims(found, present) };
    const namespaces = admittedNamespaces(present, admission);
    inNamespace.follow(namespaces);
    return { present, admission, namespaces };
  };
  const replicas: KnownReplicas = {
    podsAt: (namespace, address) => podsByAddress.at(namespace, address),
    replicaSet: (namespace, name) => replicaSets.objects.get(`${namespace}/${name}`),
    isKnown: inNamespace.isKnown,
    troubleIn: inNamespace.troubleIn,
    isForbidden: inNamespace.isForbidden,
  };
  const { namespaces } = lookAround();
  const deadlineMs = performance.now() + FIRST_LISTS_MS;
  while (![...namespaces].every(replicas.isKnown) && performance.now() < deadlineMs) {
    await sleep(FIRST_LISTS_PAUSE_MS);
  }
  parts.agent = startAgent({
    haproxy,
    resources: () => {
      const { present, admission } = lookAround();
      return {
        endpoints: present,
        slices: slices.objects.values(),
        surroundings: { admission, replicas },
      };
    },
    deliver: (sampled) => parts.channels?.send(sampled),
    ...(settings.tlsDirectory === undefined ? {} : { tlsDirectory: settings.tlsDirectory }),
  });
  if (settings.autoscalerService !== undefined) {
    const { namespace, name } = settings.autoscalerService;
    const channels = new SampleChannels({
      router: settings.podName,
      tokenFile: settings.tokenFile,
      tlsDirectory: settings.internalTlsDirectory,
      serverName: internalName(AUTOSCALER_NAME, namespace),
      full: () => parts.agent?.sampler.full(),
    });
    parts.channels = channels;
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
    ...readPlaces(bodyMemoryBytes, tlsDirectory !== undefined),
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
