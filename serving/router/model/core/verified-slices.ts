// What is believed of EndpointSlices: whoever may write one, or a pod's labels, must not lead requests elsewhere.
import { ENDPOINT_LABEL, VERSION_LABEL } from "../../../../contracts/model-endpoint/model-endpoint";
import type { EndpointSlice, SliceEndpoint } from "../../../../kubernetes/core/endpoint-slice";
import { controllerOf, type ListedObject } from "../../../../kubernetes/core/kube-object";
import { addressesOf, isReadyPod, type ListedPod } from "../../../../kubernetes/core/workload";

/** Whose replicas are looked for. */
export interface VersionIdentity {
  readonly namespace: string;
  readonly endpoint: string;
  readonly version: string;
  /** The Deployment that runs them. */
  readonly deploymentName: string;
}

/** The cluster's pods as the agent knows them. */
export interface KnownPods {
  /** Pods of the namespace that have the address; several, since a pod that has failed keeps its own. */
  podsAt(namespace: string, address: string): readonly ListedPod[];
  /** Undefined while the ReplicaSet isn't known. */
  replicaSet(namespace: string, name: string): ListedObject | undefined;
}

/** They, and in which namespaces that is all there is. */
export interface KnownReplicas extends KnownPods {
  /** Whether the namespace's slices, pods and ReplicaSets were listed. */
  readonly isKnown: (namespace: string) => boolean;
  /** Why they can't be listed; undefined when they can, or may soon. */
  readonly troubleIn: (namespace: string) => string | undefined;
  /** Whether that has lasted so long that no address of it is verified any more. */
  readonly isForbidden: (namespace: string) => boolean;
}

/**
 * The slices with those addresses only that belong to a pod of the version: in its namespace, with its two labels, and
 * controlled by a ReplicaSet of its Deployment. Each has the pod's own name, and is ready when slice and pod say so.
 * What isn't known yet is left out, and comes when pod, ReplicaSet or slice change.
 */
export function verifiedSlices(
  slices: readonly EndpointSlice[],
  version: VersionIdentity,
  known: KnownPods,
): readonly EndpointSlice[] {
  return slices.map((slice) => ({
    ...slice,
    endpoints: (slice.endpoints ?? []).flatMap((endpoint) => verified(endpoint, version, known)),
  }));
}

function verified(
  endpoint: SliceEndpoint,
  version: VersionIdentity,
  known: KnownPods,
): readonly SliceEndpoint[] {
  const [address] = endpoint.addresses;
  if (address === undefined) return [];
  const found = known
    .podsAt(version.namespace, address)
    .filter((each) => isReplica(each, version, known));
  const pod = found.find(({ metadata }) => metadata.name === endpoint.targetRef?.name) ?? found[0];
  if (pod === undefined) return [];
  // An unknown `ready` counts as ready (the API's own rule).
  const ready = endpoint.conditions?.ready !== false && isReadyPod(pod);
  return [
    {
      addresses: [address],
      conditions: { ...endpoint.conditions, ready },
      targetRef: { kind: "Pod", name: pod.metadata.name },
    },
  ];
}

function isReplica(
  pod: ListedPod,
  { namespace, endpoint, version, deploymentName }: VersionIdentity,
  known: KnownPods,
): boolean {
  const { labels = {} } = pod.metadata;
  if (labels[ENDPOINT_LABEL] !== endpoint || labels[VERSION_LABEL] !== version) return false;
  const owner = controllerOf(pod);
  if (owner?.kind !== "ReplicaSet") return false;
  const replicaSet = known.replicaSet(namespace, owner.name);
  if (replicaSet === undefined || replicaSet.metadata.uid !== owner.uid) return false;
  const deployment = controllerOf(replicaSet);
  return deployment?.kind === "Deployment" && deployment.name === deploymentName;
}

/** Pods by namespace and address, kept up by a watch. */
export class PodsByAddress {
  readonly #pods = new Map<string, Map<string, ListedPod>>();
  readonly #placesOf = new Map<string, readonly string[]>();

  /** @param pod undefined: it is gone */
  change(key: string, pod: ListedPod | undefined): void {
    for (const place of this.#placesOf.get(key) ?? []) {
      const pods = this.#pods.get(place);
      pods?.delete(key);
      if (pods?.size === 0) this.#pods.delete(place);
    }
    this.#placesOf.delete(key);
    if (pod === undefined) return;
    const places = addressesOf(pod).map((address) => placeOf(pod.metadata.namespace, address));
    for (const place of places) {
      const pods = this.#pods.get(place) ?? new Map<string, ListedPod>();
      this.#pods.set(place, pods.set(key, pod));
    }
    this.#placesOf.set(key, places);
  }

  at(namespace: string, address: string): readonly ListedPod[] {
    return [...(this.#pods.get(placeOf(namespace, address))?.values() ?? [])];
  }
}

function placeOf(namespace: string | undefined, address: string): string {
  return `${namespace} ${address}`;
}
