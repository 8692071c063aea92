// What the autoscaler keeps of the cluster's objects: nothing that it doesn't read, so that nobody fills its memory.
import {
  ENDPOINT_LABEL,
  REVISION_ANNOTATION,
  SCALE_MODE_ANNOTATION,
  VERSION_LABEL,
} from "../../../../contracts/model-endpoint/model-endpoint";
import { cutText, keptMetadata } from "../../../../kubernetes/core/kept-metadata";
import {
  addressesOf,
  type Condition,
  type ListedContainer,
  type ListedDeployment,
  type ListedPod,
} from "../../../../kubernetes/core/workload";

/** Longest message that is kept: a status has no room for more. */
const MAX_MESSAGE_LENGTH = 1024;

const LABELS = [ENDPOINT_LABEL, VERSION_LABEL];

export function keptDeployment(deployment: ListedDeployment): ListedDeployment {
  const { spec, status } = deployment;
  const annotations = [SCALE_MODE_ANNOTATION, REVISION_ANNOTATION];
  const revision = spec?.template?.metadata?.annotations?.[REVISION_ANNOTATION];
  const image = spec?.template?.spec?.containers?.[0]?.image;
  return {
    metadata: keptMetadata(deployment, { labels: LABELS, annotations }),
    spec: {
      ...(spec?.replicas === undefined ? {} : { replicas: spec.replicas }),
      template: {
        ...(revision === undefined
          ? {}
          : { metadata: { annotations: { [REVISION_ANNOTATION]: cutText(revision) } } }),
        ...(image === undefined
          ? {}
          : { spec: { containers: [{ image: cutText(image, MAX_MESSAGE_LENGTH) }] } }),
      },
    },
    ...(status === undefined
      ? {}
      : { status: { ...status, conditions: (status.conditions ?? []).map(keptCondition) } }),
  };
}

export function keptPod(pod: ListedPod): ListedPod {
  const { phase, conditions = [], initContainerStatuses, containerStatuses } = pod.status ?? {};
  return {
    metadata: keptMetadata(pod, { labels: LABELS }),
    status: {
      podIPs: addressesOf(pod).map((ip) => ({ ip })),
      ...(phase === undefined ? {} : { phase }),
      conditions: conditions.map(keptCondition),
      initContainerStatuses: (initContainerStatuses ?? []).map(keptContainer),
      containerStatuses: (containerStatuses ?? []).map(keptContainer),
    },
  };
}

function keptCondition({ type, status, reason, message }: Condition): Condition {
  return {
    type,
    status,
    ...(reason === undefined ? {} : { reason: cutText(reason) }),
    ...(message === undefined ? {} : { message: cutText(message, MAX_MESSAGE_LENGTH) }),
  };
}

/** Of its state, why it waits. */
function keptContainer({ name, state }: ListedContainer): ListedContainer {
  const { reason, message } = state?.waiting ?? {};
  return {
    name,
    ...(state?.waiting === undefined
      ? {}
      : {
          state: {
            waiting: {
              ...(reason === undefined ? {} : { reason: cutText(reason) }),
              ...(message === undefined ? {} : { message: cutText(message, MAX_MESSAGE_LENGTH) }),
            },
          },
        }),
  };
}
