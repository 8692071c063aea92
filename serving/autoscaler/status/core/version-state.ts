// Derives a version's Azure ML v1 state from its Deployment and pods.

import {
  REVISION_ANNOTATION,
  type VersionState,
} from "../../../../contracts/model-endpoint/model-endpoint";
import type { Explanation } from "../../scale/core/explanation";
import type {
  ListedContainer,
  ListedDeployment,
  ListedPod,
} from "../../../../kubernetes/core/workload";

export interface ObservedState {
  readonly state: VersionState;
  /** Why the version does not become healthy; absent when it is healthy or progressing. */
  readonly problem?: Explanation;
}

/** Waiting reasons of a container that is starting normally. */
const ORDINARY_WAITING = new Set(["ContainerCreating", "PodInitializing"]);

/**
 * The first row that matches decides; v1's states (azureml-semantics 2.1).
 *
 * | state         | when                                                                     |
 * |---------------|--------------------------------------------------------------------------|
 * | Transitioning | the Deployment does not exist, or its controller has not observed it      |
 * | Failed        | the roll-out failed (progress deadline, pod creation), no replica ready   |
 * | Unschedulable | a pod can't be scheduled                                                  |
 * | Unhealthy     | a container is waiting abnormally, or the roll-out failed or was undone   |
 * | Transitioning | fewer replicas are updated or ready than desired                          |
 * | Healthy       | otherwise                                                                 |
 */
export function observeState(
  deployment: ListedDeployment | undefined,
  pods: readonly ListedPod[],
): ObservedState {
  if (deployment === undefined) {
    return {
      state: "Transitioning",
      problem: {
        reason: "DeploymentMissing",
        message: "The version's Deployment does not exist (yet).",
      },
    };
  }
  const { status } = deployment;
  if ((status?.observedGeneration ?? 0) < (deployment.metadata.generation ?? 0)) {
    return { state: "Transitioning" };
  }
  const desired = deployment.spec?.replicas ?? 1;
  const ready = status?.readyReplicas ?? 0;
  const failure = status?.conditions?.find(
    ({ type, status: value }) =>
      (type === "Progressing" && value === "False") ||
      (type === "ReplicaFailure" && value === "True"),
  );
  const remaining = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const unschedulable = firstDefined(remaining, whyUnschedulable);
  const waiting = firstDefined(remaining, whyWaiting);
  if (failure !== undefined && ready === 0) {
    return { state: "Failed", problem: unschedulable ?? waiting ?? explain(failure) };
  }
  if (unschedulable !== undefined) return { state: "Unschedulable", problem: unschedulable };
  if (waiting !== undefined) return { state: "Unhealthy", problem: waiting };
  if (failure !== undefined) return { state: "Unhealthy", problem: explain(failure) };
  const undone = whyUndone(deployment);
  if (undone !== undefined) return { state: "Unhealthy", problem: undone };
  if ((status?.updatedReplicas ?? 0) < desired || ready < desired)
    return { state: "Transitioning" };
  return { state: "Healthy" };
}

/** After a failed roll-out the former template is live, with another revision than the Deployment's own. */
function whyUndone({ metadata, spec }: ListedDeployment): Explanation | undefined {
  const declared = metadata.annotations?.[REVISION_ANNOTATION];
  const template = spec?.template;
  if (declared === undefined) return undefined;
  if (template?.metadata?.annotations?.[REVISION_ANNOTATION] === declared) return undefined;
  const image = template?.spec?.containers?.[0]?.image ?? "unknown";
  return {
    reason: "RolledBack",
    message: `The declared pod template was not rolled out: the former one is live, with image ${image}.`,
  };
}

function whyUnschedulable(pod: ListedPod): Explanation | undefined {
  const condition = pod.status?.conditions?.find(
    ({ type, status, reason }) =>
      type === "PodScheduled" && status === "False" && reason === "Unschedulable",
  );
  return condition && explain(condition);
}

function whyWaiting(pod: ListedPod): Explanation | undefined {
  const containers: readonly ListedContainer[] = [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ];
  for (const { name, state } of containers) {
    const reason = state?.waiting?.reason;
    if (reason !== undefined && !ORDINARY_WAITING.has(reason)) {
      return {
        reason,
        message: `Container ${name} of ${pod.metadata.name}: ${state?.waiting?.message ?? reason}`,
      };
    }
  }
  return undefined;
}

function explain({
  type,
  reason,
  message,
}: {
  readonly type: string;
  readonly reason?: string;
  readonly message?: string;
}): Explanation {
  return { reason: reason ?? type, message: message ?? reason ?? type };
}

function firstDefined<T, R>(items: readonly T[], pick: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = pick(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
