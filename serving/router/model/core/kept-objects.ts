// What the agent keeps of the cluster's objects: nothing that it doesn't read, so that nobody fills its memory.
import {
  ENDPOINT_LABEL,
  type ModelEndpointStatus,
  VERSION_LABEL,
} from "../../../../contracts/model-endpoint/model-endpoint";
import { type EndpointSlice, SERVICE_NAME_LABEL } from "../../../../kubernetes/core/endpoint-slice";
import { cutText, keptMetadata } from "../../../../kubernetes/core/kept-metadata";
import type { ListedObject } from "../../../../kubernetes/core/kube-object";
import { addressesOf, type ListedPod } from "../../../../kubernetes/core/workload";

/** Of a ModelEndpoint's status, what tells whether it was served before. */
export function keptStatus({ conditions = [] }: ModelEndpointStatus): ModelEndpointStatus {
  const accepted = conditions.filter(({ type }) => type === "Accepted");
  return { conditions: accepted.map((each) => ({ ...each, message: "" })) };
}

export function keptSlice(slice: EndpointSlice): EndpointSlice {
  const { addressType, endpoints, ports } = slice;
  return {
    metadata: keptMetadata(slice, {
      labels: [SERVICE_NAME_LABEL],
    }) as EndpointSlice["metadata"],
    addressType,
    endpoints: (endpoints ?? []).map(({ addresses, conditions, targetRef }) => ({
      addresses: addresses.slice(0, 1),
      ...(conditions === undefined ? {} : { conditions }),
      ...(targetRef?.name === undefined
        ? {}
        : { targetRef: { kind: "Pod", name: cutText(targetRef.name) } }),
    })),
    ports: (ports ?? []).slice(0, 1).map(({ port }) => (port === undefined ? {} : { port })),
  };
}

export function keptPod(pod: ListedPod): ListedPod {
  const conditions = pod.status?.conditions?.filter(({ type }) => type === "Ready") ?? [];
  return {
    metadata: keptMetadata(pod, { labels: [ENDPOINT_LABEL, VERSION_LABEL] }),
    status: {
      podIPs: addressesOf(pod).map((ip) => ({ ip })),
      conditions: conditions.map(({ type, status }) => ({ type, status })),
    },
  };
}

export function keptReplicaSet(replicaSet: ListedObject): ListedObject {
  return { metadata: keptMetadata(replicaSet) };
}
