// Assesses a Deployment's roll-out: done, or how far it is.
import { type KubeObject } from "./kube-object";
import { type Deployment, type ReplicaSet } from "./workload";

export type RollOutVerdict =
  | { readonly done: true }
  /** Until the change is `observed`, the pods are still those of the former template. */
  | { readonly done: false; readonly observed: boolean };

/** How far a roll-out is, in replicas. */
export interface RollOutProgress {
  /** Replicas of the newest template, ready or not. */
  readonly created: number;
  /** Available replicas of the newest template. */
  readonly ready: number;
  /** Replicas of former templates. */
  readonly former: number;
}

/** Annotation with the revision of a Deployment, and of each of its ReplicaSets. */
const REVISION = "deployment.kubernetes.io/revision";

/**
 * Done when the controller has observed the newest template, `needed` replicas of it are available, and no former
 * replica remains. `needed` can be below `spec.replicas`: replicas that a scaler added don't hold up the roll-out.
 */
export function assessRollOut(deployment: Deployment, needed: number): RollOutVerdict {
  if (!isObserved(deployment)) return { done: false, observed: false };
  const { updatedReplicas = 0, availableReplicas = 0 } = deployment.status ?? {};
  const done =
    formerReplicas(deployment) === 0 && Math.min(updatedReplicas, availableReplicas) >= needed;
  return done ? { done } : { done, observed: true };
}

/**
 * Whether a roll-out is still going on, as Kubernetes sees it; undefined until it has observed the last change. Replicas
 * that a scaler adds, or that fail once a roll-out is complete, are none: Kubernetes keeps `NewReplicaSetAvailable`.
 */
export function isRollingOut(deployment: Deployment, needed: number): boolean | undefined {
  const verdict = assessRollOut(deployment, needed);
  if (verdict.done) return false;
  if (!verdict.observed) return undefined;
  const progressing = deployment.status?.conditions?.find(({ type }) => type === "Progressing");
  return formerReplicas(deployment) > 0 || progressing?.reason !== "NewReplicaSetAvailable";
}

/** @param newest the ReplicaSet of the newest template; undefined until it is created */
export function progressOf(
  { status }: Deployment,
  newest: ReplicaSet | undefined,
): RollOutProgress {
  const { replicas = 0, updatedReplicas = 0 } = status ?? {};
  return {
    created: updatedReplicas,
    ready: newest?.status?.availableReplicas ?? 0,
    former: Math.max(0, replicas - updatedReplicas),
  };
}

/**
 * The furthest that a roll-out has ever been. Kubernetes' `progressDeadlineSeconds` counts the same three numbers, but
 * takes every rise for progress, also of a replica that dies and becomes ready in turns. Here only what was never
 * reached before counts, so that progress ends.
 */
export function furthestProgress(
  furthest: RollOutProgress | undefined,
  now: RollOutProgress,
): { readonly furthest: RollOutProgress; readonly advanced: boolean } {
  if (furthest === undefined) return { furthest: now, advanced: false };
  const advanced =
    now.created > furthest.created || now.ready > furthest.ready || now.former < furthest.former;
  const reached = {
    created: Math.max(now.created, furthest.created),
    ready: Math.max(now.ready, furthest.ready),
    former: Math.min(now.former, furthest.former),
  };
  return { furthest: reached, advanced };
}

/** E.g. `4 of 6 replicas are ready, 2 former replicas remain`. */
export function describeProgress(
  { spec }: Deployment,
  needed: number,
  { ready, former }: RollOutProgress,
): string {
  // While former replicas remain, all of them are replaced, not only the needed ones.
  const wanted = former > 0 ? Math.max(needed, spec.replicas ?? 1) : needed;
  const share = `${ready} of ${wanted} replicas are ready`;
  if (former === 0) return share;
  return `${share}, ${former} former ${former === 1 ? "replica remains" : "replicas remain"}`;
}

function isObserved({ metadata, status }: Deployment): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
}

function formerReplicas({ status }: Deployment): number {
  return (status?.replicas ?? 0) - (status?.updatedReplicas ?? 0);
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

/** Kubernetes' number of a ReplicaSet's template: the larger, the later it was applied. 0 when it has none. */
export function revisionNumber({ metadata }: ReplicaSet): number {
  return Number(metadata.annotations?.[REVISION] ?? 0);
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
