// How far a Deployment's roll-out is: done, or what it still lacks.
import { type KubeObject } from "./kube-object";
import { type Deployment, type ReplicaSet } from "./workload";

export type RollOutVerdict =
  | { readonly done: true }
  /**
   * `message` reads after the Deployment's name: `1 of 2 replicas are ready`. While the change isn't `observed`, the
   * pods are still those of the former template.
   */
  | { readonly done: false; readonly observed: boolean; readonly message: string };

/** Annotation by which Kubernetes numbers a Deployment's ReplicaSets. */
const REVISION = "deployment.kubernetes.io/revision";

/**
 * Done when the controller has seen the newest template, `needed` replicas of it are available, and none of the
 * former remains. `needed` can be below `spec.replicas` where a scaler asks for more than the roll-out is about.
 */
export function assessRollOut(deployment: Deployment, needed: number): RollOutVerdict {
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = deployment.status ?? {};
  if ((deployment.status?.observedGeneration ?? 0) < (deployment.metadata.generation ?? 0)) {
    return { done: false, observed: false, message: "Kubernetes hasn't taken up the change yet" };
  }
  const former = replicas - updatedReplicas;
  if (former > 0)
    return {
      done: false,
      observed: true,
      message: `${former} replicas of the former release remain`,
    };
  const available = Math.min(updatedReplicas, availableReplicas);
  if (available >= needed) return { done: true };
  return { done: false, observed: true, message: `${available} of ${needed} replicas are ready` };
}

/** The ReplicaSet of a Deployment's newest template, if it exists yet. */
export function newestReplicaSet(
  deployment: Deployment,
  replicaSets: readonly ReplicaSet[],
): ReplicaSet | undefined {
  const revision = deployment.metadata.annotations?.[REVISION];
  return ownedBy(deployment, replicaSets).find(
    (candidate) => candidate.metadata.annotations?.[REVISION] === revision,
  );
}

/** The objects whose owner is the given one. */
export function ownedBy<T extends KubeObject>(
  owner: KubeObject,
  objects: readonly T[],
): readonly T[] {
  return objects.filter((object) =>
    object.metadata.ownerReferences?.some((reference) => reference.uid === owner.metadata.uid),
  );
}
