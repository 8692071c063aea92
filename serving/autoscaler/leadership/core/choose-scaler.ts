// Chooses the one autoscaler of a cluster that looks after endpoints which name no router.

import type { ListedObject } from "../../../../kubernetes/core/kube-object";

/** A Lease, and the monotonic time at which this process saw its last change. */
export interface SeenLease {
  readonly lease: ListedObject;
  readonly changedAtMs: number;
}

/**
 * Milliseconds without a renewal after which an autoscaler counts as gone: a Lease may outlive its router. Another pod
 * acquires a released Lease sooner, so a roll-out changes nothing.
 */
export const LEASE_SILENT_AFTER_MS = 15_000;

/** Who looks after the endpoints that name no router. */
export interface ChosenScaler {
  readonly isOurs: boolean;
  /** Namespaces of the cluster's living autoscalers, the chosen one first. */
  readonly namespaces: readonly string[];
}

/**
 * The autoscaler with the oldest Lease of those that are alive, so each decides alike and alone. One that sees no Lease
 * of its own yet takes itself for the only one.
 * @param leases the election's Lease of each namespace, in any order
 * @param autoscalersIn those of other namespaces, eldest first, in which an autoscaler runs: a tenant may write such a Lease
 */
export function chooseScaler(
  leases: Iterable<SeenLease>,
  ownNamespace: string,
  autoscalersIn: (namespaces: readonly string[]) => ReadonlySet<string>,
  nowMs: number,
): ChosenScaler {
  const living = [...leases].filter(
    ({ lease, changedAtMs }) =>
      lease.metadata.namespace === ownNamespace || nowMs - changedAtMs < LEASE_SILENT_AFTER_MS,
  );
  const claimed = living
    .map(({ lease: { metadata } }) => [metadata.creationTimestamp ?? "", metadata.namespace ?? ""])
    .sort((a, b) => (a.join(" ") < b.join(" ") ? -1 : 1))
    .map(([, namespace = ""]) => namespace);
  const others = autoscalersIn(claimed.filter((namespace) => namespace !== ownNamespace));
  if (!claimed.includes(ownNamespace)) return { isOurs: true, namespaces: [ownNamespace] };
  const namespaces = claimed.filter((each) => each === ownNamespace || others.has(each));
  return { isOurs: namespaces[0] === ownNamespace, namespaces };
}
