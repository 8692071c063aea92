// The autoscaler's cache of cluster objects, kept current by watches.

import type { ApiClient } from "../../../../kubernetes/io/api-client";
import { collectionPath } from "../../../../kubernetes/core/object-path";
import type { ListedObject, ObjectLocator } from "../../../../kubernetes/core/kube-object";
import { watchAll, type WatchOptions } from "../../../../kubernetes/io/watch";
import { together, watchNamespaces } from "../../../../kubernetes/io/watch-namespaces";
import {
  API_VERSION,
  ENDPOINT_LABEL,
  KIND,
  type ModelEndpoint,
  VERSION_LABEL,
} from "../../../../contracts/model-endpoint/model-endpoint";
import {
  type Admission,
  admittedNamespaces,
  type Refusal,
  refuseEndpoints,
} from "../../../../contracts/model-endpoint/admission";
import {
  declaredKey,
  type NameClaims,
  NAMES_CONFIG_MAP,
  type NamesConfigMap,
  readClaims,
  seenKey,
} from "../../../../contracts/model-endpoint/name-claims";
import {
  addressesOf,
  type ListedDeployment,
  isReadyPod,
  type ListedPod,
} from "../../../../kubernetes/core/workload";
import {
  type AutoscalerSettings,
  LEASE_NAME,
} from "../../../../contracts/pods/autoscaler-environment";
import {
  chooseScaler,
  type ChosenScaler,
  type SeenLease,
} from "../../leadership/core/choose-scaler";
import { cacheScalers, reviewScaler } from "../../leadership/io/review-scalers";
import { versionKey } from "../../scale/core/version-key";
import type { RouterPod } from "../../load/io/samples-server";
import { keptDeployment, keptPod } from "../core/kept-objects";
import { keptEndpoint } from "../../../../kubernetes/core/kept-endpoint";
import { keptMetadata } from "../../../../kubernetes/core/kept-metadata";
import { log } from "../../../../runtime/log";

export interface ClusterState {
  /** Endpoints that name this autoscaler's router, or none. Both maps are keyed `<namespace>/<name>`. */
  readonly endpoints: ReadonlyMap<string, ModelEndpoint>;
  readonly deployments: ReadonlyMap<string, ListedDeployment>;
  /** Who is served, as far as the router's settings and the claims of names say. */
  admitted(): Admitted;
  /** Pods of the version with this versionKey(). */
  podsOf(versionKey: string): readonly ListedPod[];
  /** Names of the ready router pods. */
  readyRouters(): ReadonlySet<string>;
  /** All router pods by name. */
  routers(): ReadonlyMap<string, RouterPod>;
  /** Who looks after the endpoints that name no router, at this monotonic time. */
  scalerOfUnnamed(nowMs: number): ChosenScaler;
  /** Why the namespace's Deployments and pods can't be listed; undefined when they can, or may soon. */
  readonly troubleIn: (namespace: string) => string | undefined;
  /** True once every watch of what is scaled has received its initial list. */
  isSynced(): boolean;
  readonly stopped: Promise<unknown>;
}

export interface Admitted {
  /** The endpoints that may be served; keyed like all of them. */
  readonly endpoints: ReadonlyMap<string, ModelEndpoint>;
  /** Why the others may not. */
  readonly refused: ReadonlyMap<string, Refusal>;
  /** The namespaces of endpoints that the router serves. */
  readonly namespaces: ReadonlySet<string>;
  readonly claims: NameClaims;
  /** Undefined: the ConfigMap doesn't exist. */
  readonly names: NamesConfigMap | undefined;
  /** Keys of endpoints that were suspended when they were last seen. */
  readonly released: ReadonlySet<string>;
}

const DEPLOYMENTS = { apiVersion: "apps/v1", kind: "Deployment" };
const PODS = { apiVersion: "v1", kind: "Pod" };

export function watchCluster(
  client: ApiClient,
  settings: Pick<
    AutoscalerSettings,
    "podNamespace" | "routerSelector" | "endpointNamespace" | "admission"
  >,
  signal: AbortSignal,
  monotonicMs: () => number,
): ClusterState {
  const onInterruption = (why: string): void => log("warning", "a watch was interrupted", { why });
  const namespace = settings.endpointNamespace;
  const index = new PodIndex();
  const released = new Set<string>();
  /** Forgotten with every change that it depends on. */
  let admitted: Admitted | undefined;
  const endpoints = watchAll<ModelEndpoint>(
    client,
    { path: collectionPath({ apiVersion: API_VERSION, kind: KIND, namespace }) },
    signal,
    {
      onInterruption,
      keep: (endpoint) => keptEndpoint(endpoint, settings.podNamespace),
      onChange: (key, endpoint) => {
        admitted = undefined;
        if (endpoint?.spec.suspended === true) released.add(key);
        else if (endpoint !== undefined) released.delete(key);
      },
    },
  );
  const names = watchAll<ListedObject & NamesConfigMap>(
    client,
    {
      path: collectionPath({
        ...{ apiVersion: "v1", kind: "ConfigMap", namespace: settings.podNamespace },
      }),
      fieldSelector: `metadata.name=${NAMES_CONFIG_MAP}`,
    },
    signal,
    { onInterruption, onChange: () => (admitted = undefined) },
  );
  const admit = (): Admitted => {
    const present = [...endpoints.objects.values()];
    const found = names.objects.get(`${settings.podNamespace}/${NAMES_CONFIG_MAP}`);
    const admission: Admission = {
      settings: settings.admission,
      claims: readClaims(found, present),
    };
    forgetReleased(released, endpoints.objects, found);
    const refused = refuseEndpoints(present, admission);
    const namespaces = admittedNamespaces(present, admission);
    inNamespace.follow(namespaces);
    const allowed = new Map([...endpoints.objects].filter(([key]) => !refused.has(key)));
    return {
      ...{ endpoints: allowed, refused, namespaces, claims: admission.claims },
      ...{ names: found, released },
    };
  };
  const inNamespaces = <T extends ListedObject>(kind: ObjectLocator, options: WatchOptions<T>) =>
    watchNamespaces<T>(
      client,
      (each) => ({
        path: collectionPath({ ...kind, namespace: each }),
        labelSelector: ENDPOINT_LABEL,
      }),
      signal,
      { onInterruption, ...options },
    );
  const deployments = inNamespaces<ListedDeployment>(DEPLOYMENTS, { keep: keptDeployment });
  const pods = inNamespaces<ListedPod>(PODS, {
    keep: keptPod,
    onChange: (key, pod) => index.change(key, pod),
  });
  const inNamespace = together([deployments, pods]);
  let readyNames: ReadonlySet<string> = new Set();
  let routerPods: ReadonlyMap<string, RouterPod> = new Map();
  const routers = watchAll<ListedPod>(
    client,
    {
      path: collectionPath({ ...PODS, namespace: settings.podNamespace }),
      labelSelector: settings.routerSelector,
    },
    signal,
    {
      onInterruption,
      keep: keptPod,
      onChange: () => {
        const present = [...routers.objects.values()];
        readyNames = new Set(present.filter(isReadyPod).map(({ metadata }) => metadata.name));
        routerPods = new Map(
          present.map((pod) => [
            pod.metadata.name,
            { uid: pod.metadata.uid ?? "", addresses: addressesOf(pod) },
          ]),
        );
      },
    },
  );
  const leases = new Map<string, SeenLease>();
  const leaseWatch = watchAll<ListedObject>(
    client,
    {
      path: collectionPath({ apiVersion: "coordination.k8s.io/v1", kind: "Lease" }),
      fieldSelector: `metadata.name=${LEASE_NAME}`,
    },
    signal,
    {
      onInterruption,
      keep: (lease) => ({ metadata: keptMetadata(lease) }),
      onChange: (key, lease) => {
        if (lease === undefined) leases.delete(key);
        else leases.set(key, { lease, changedAtMs: monotonicMs() });
      },
    },
  );
  const autoscalersIn = cacheScalers((each) => reviewScaler(client, each), monotonicMs);
  const watches = [endpoints, names, routers];
  let listed = false;
  void Promise.all(watches.map((watch) => watch.synced)).then(() => (listed = true));
  /** Before the first of them every endpoint would be without Deployments; one that can't be read holds up no other. */
  let synced = false;
  const { isKnown, troubleIn } = inNamespace;
  const isSynced = (): boolean => {
    if (synced || !listed) return synced;
    const { namespaces } = (admitted ??= admit());
    return (synced = [...namespaces].every(
      (each) => isKnown(each) || troubleIn(each) !== undefined,
    ));
  };
  return {
    endpoints: endpoints.objects,
    admitted: () => (admitted ??= admit()),
    deployments: deployments.objects,
    podsOf: (key) => index.podsOf(key),
    readyRouters: () => readyNames,
    routers: () => routerPods,
    scalerOfUnnamed: (nowMs) =>
      chooseScaler(leases.values(), settings.podNamespace, autoscalersIn, nowMs),
    troubleIn,
    isSynced,
    stopped: Promise.all([...watches, deployments, pods, leaseWatch].map((watch) => watch.stopped)),
  };
}

/** Forgets those whose claims are gone: a later claim of the same name is another one. */
function forgetReleased(
  released: Set<string>,
  endpoints: ReadonlyMap<string, ModelEndpoint>,
  names: NamesConfigMap | undefined,
): void {
  for (const id of released) {
    const [namespace, name = ""] = id.split("/");
    const keys = [declaredKey(name), seenKey(name)];
    const isClaimed = keys.some((key) => names?.data?.[key] === namespace);
    if (!isClaimed && !endpoints.has(id)) released.delete(id);
  }
}

class PodIndex {
  readonly #byVersion = new Map<string, Map<string, ListedPod>>();
  readonly #versionOf = new Map<string, string>();

  change(podKey: string, pod: ListedPod | undefined): void {
    this.#remove(podKey);
    if (pod === undefined) return;
    const { namespace = "", labels = {} } = pod.metadata;
    const version = versionKey(
      namespace,
      labels[ENDPOINT_LABEL] ?? "",
      labels[VERSION_LABEL] ?? "",
    );
    this.#versionOf.set(podKey, version);
    const siblings = this.#byVersion.get(version) ?? new Map<string, ListedPod>();
    this.#byVersion.set(version, siblings.set(podKey, pod));
  }

  podsOf(version: string): readonly ListedPod[] {
    return [...(this.#byVersion.get(version)?.values() ?? [])];
  }

  #remove(podKey: string): void {
    const version = this.#versionOf.get(podKey);
    if (version === undefined) return;
    this.#versionOf.delete(podKey);
    const siblings = this.#byVersion.get(version);
    siblings?.delete(podKey);
    if (siblings?.size === 0) this.#byVersion.delete(version);
  }
}
