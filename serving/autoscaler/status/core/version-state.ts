// The state of a version in Azure ML v1's words, from its Deployment and pods.

import type { VersionState } from "../../../../contracts/model-endpoint/model-endpoint";
import type { Explanation } from "../../scale/core/explanation";
import type {
  ListedContainer,
  ListedDeployment,
  ListedPod,
} from "../../../../kubernetes/core/workload";

export interface ObservedState {
  readonly state: VersionState;
  /** Why the version is not on its way to health; absent when it is, or is healthy. */
  readonly trouble?: Explanation;
}

/** Waiting reasons of a container that starts as it should. */
const ORDINARY_WAITING = new Set(["ContainerCreating", "PodInitializing"]);

/**
 * v1's states (azureml-semantics 2.1), the first that holds:
 *
 * | state         | when                                                                     |
 * |---------------|--------------------------------------------------------------------------|
 * | Transitioning | the Deployment does not exist yet, or its controller has not seen it      |
 * | Failed        | the progress deadline passed and no replica is ready                      |
 * | Unschedulable | a pod finds no node                                                       |
 * | Unhealthy     | a container waits for what needs help, or the progress deadline passed    |
 * | Transitioning | fewer replicas are updated or ready than there should be                  |
 * | Healthy       | else                                                                      |
 */
export function observeState(
  deployment: ListedDeployment | undefined,
  pods: readonly ListedPod[],
): ObservedState {
  if (deployment === undefined) {
    return {
      state: "Transitioning",
      trouble: {
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
  const stuck = status?.conditions?.find(
    ({ type, status: value }) =>
      (type === "Progressing" && value === "False") ||
      (type === "ReplicaFailure" && value === "True"),
  );
  const staying = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const unschedulable = firstDefined(staying, whyUnschedulable);
  const waiting = firstDefined(staying, whyWaiting);
  if (stuck !== undefined && ready === 0) {
    return { state: "Failed", trouble: unschedulable ?? waiting ?? explain(stuck) };
  }
  if (unschedulable !== undefined) return { state: "Unschedulable", trouble: unschedulable };
  if (waiting !== undefined) return { state: "Unhealthy", trouble: waiting };
  if (stuck !== undefined) return { state: "Unhealthy", trouble: explain(stuck) };
  if ((status?.updatedReplicas ?? 0) < desired || ready < desired)
    return { state: "Transitioning" };
  return { state: "Healthy" };
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
