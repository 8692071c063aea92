// The part of the cluster that the autoscaler looks at, kept current by watches.

import type { ApiClient } from "../../../../kubernetes/io/api-client";
import { collectionPath } from "../../../../kubernetes/core/object-path";
import { watchAll } from "../../../../kubernetes/io/watch";
import {
  API_VERSION,
  ENDPOINT_LABEL,
  KIND,
  type ModelEndpoint,
  VERSION_LABEL,
} from "../../../../contracts/model-endpoint/model-endpoint";
import { belongsToRouter } from "../../../../contracts/model-endpoint/belongs-to-router";
import {
  type ListedDeployment,
  isReadyPod,
  type ListedPod,
} from "../../../../kubernetes/core/workload";
import type { AutoscalerSettings } from "../../../../contracts/pods/autoscaler-environment";
import { versionKey } from "../../scale/core/version-key";
import { log } from "../../../../runtime/log";

export interface ClusterState {
  /** Those that belong to this autoscaler's router; keyed `<namespace>/<name>`, as the next. */
  readonly endpoints: ReadonlyMap<string, ModelEndpoint>;
  readonly deployments: ReadonlyMap<string, ListedDeployment>;
  /** Pods of a version, by versionKey(). */
  podsOf(versionKey: string): readonly ListedPod[];
  /** Names of the routers' pods that are ready. */
  readyRouters(): ReadonlySet<string>;
  /** Names of all routers' pods. */
  routers(): ReadonlySet<string>;
  /** True after all first lists. */
  isSynced(): boolean;
  readonly stopped: Promise<unknown>;
}

const PODS = { apiVersion: "v1", kind: "Pod" };

export function watchCluster(
  client: ApiClient,
  settings: Pick<AutoscalerSettings, "podNamespace" | "routerSelector" | "endpointNamespace">,
  signal: AbortSignal,
): ClusterState {
  const onInterruption = (why: string): void => log("warning", "a watch was interrupted", { why });
  const namespace = settings.endpointNamespace;
  const index = new PodIndex();
  const ours = new Map<string, ModelEndpoint>();
  const endpoints = watchAll<ModelEndpoint>(
    client,
    { path: collectionPath({ apiVersion: API_VERSION, kind: KIND, namespace }) },
    signal,
    {
      onInterruption,
      onChange: (key, endpoint) => {
        if (endpoint !== undefined && belongsToRouter(endpoint, settings.podNamespace)) {
          ours.set(key, endpoint);
        } else {
          ours.delete(key);
        }
      },
    },
  );
  const deployments = watchAll<ListedDeployment>(
    client,
    {
      path: collectionPath({ apiVersion: "apps/v1", kind: "Deployment", namespace }),
      labelSelector: ENDPOINT_LABEL,
    },
    signal,
    { onInterruption },
  );
  const pods = watchAll<ListedPod>(
    client,
    { path: collectionPath({ ...PODS, namespace }), labelSelector: ENDPOINT_LABEL },
    signal,
    { onInterruption, onChange: (key, pod) => index.change(key, pod) },
  );
  let ready: ReadonlySet<string> = new Set();
  let all: ReadonlySet<string> = new Set();
  const routers = watchAll<ListedPod>(
    client,
    {
      path: collectionPath({ ...PODS, namespace: settings.podNamespace }),
      labelSelector: settings.routerSelector,
    },
    signal,
    {
      onInterruption,
      onChange: () => {
        const present = [...routers.objects.values()];
        ready = new Set(present.filter(isReadyPod).map(({ metadata }) => metadata.name));
        all = new Set(present.map(({ metadata }) => metadata.name));
      },
    },
  );
  const watches = [endpoints, deployments, pods, routers];
  let synced = false;
  void Promise.all(watches.map((watch) => watch.synced)).then(() => (synced = true));
  return {
    endpoints: ours,
    deployments: deployments.objects,
    podsOf: (key) => index.podsOf(key),
    readyRouters: () => ready,
    routers: () => all,
    isSynced: () => synced,
    stopped: Promise.all(watches.map((watch) => watch.stopped)),
  };
}

/** Pods by version. */
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
