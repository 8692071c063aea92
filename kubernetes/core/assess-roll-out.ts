// Assesses a Deployment's roll-out: done, or what is still missing.
import { type KubeObject } from "./kube-object";
import { type Deployment, type ReplicaSet } from "./workload";

export type RollOutVerdict =
  | { readonly done: true }
  /**
   * `message` follows the Deployment's name in a sentence: `1 of 2 replicas are ready`. Until the change is `observed`,
   * the pods are still those of the former template.
   */
  | { readonly done: false; readonly observed: boolean; readonly message: string };

/** Annotation with the revision of a Deployment, and of each of its ReplicaSets. */
const REVISION = "deployment.kubernetes.io/revision";

/**
 * Done when the controller has observed the newest template, `needed` replicas of it are available, and no former
 * replica remains. `needed` can be below `spec.replicas`: replicas that a scaler added don't hold up the roll-out.
 */
export function assessRollOut(deployment: Deployment, needed: number): RollOutVerdict {
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = deployment.status ?? {};
  if ((deployment.status?.observedGeneration ?? 0) < (deployment.metadata.generation ?? 0)) {
    return { done: false, observed: false, message: "Kubernetes hasn't observed the change yet" };
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

/** The ReplicaSet of a Deployment's newest template; undefined until it is created. */
export function newestReplicaSet(
  deployment: Deployment,
  replicaSets: readonly ReplicaSet[],
): ReplicaSet | undefined {
  const revision = deployment.metadata.annotations?.[REVISION];
  return ownedBy(deployment, replicaSets).find(
    (candidate) => candidate.metadata.annotations?.[REVISION] === revision,
  );
}

/** The objects that `owner` owns. */
export function ownedBy<T extends KubeObject>(
  owner: KubeObject,
  objects: readonly T[],
): readonly T[] {
  return objects.filter((object) =>
    object.metadata.ownerReferences?.some((reference) => reference.uid === owner.metadata.uid),
  );
}
