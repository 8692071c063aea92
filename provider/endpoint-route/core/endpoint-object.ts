// The ModelEndpoint object that an EndpointRoute applies, and the replicas that its versions need before they serve.
import {
  API_VERSION,
  ENDPOINT_LABEL,
  type EndpointVersion,
  KIND,
  type ModelEndpoint,
  type ModelEndpointSpec,
} from "../../../contracts/model-endpoint/model-endpoint";
import { OWNER_ANNOTATION } from "../../../contracts/owner-mark";
import { type KubeObject } from "../../../kubernetes/core/kube-object";
import { type Deployment } from "../../../kubernetes/core/workload";

/** A ModelEndpoint with all fields of a Kubernetes object. */
export type EndpointObject = KubeObject & Omit<ModelEndpoint, "metadata">;

/** @param owner the owner's mark */
export function endpointObject(
  name: string,
  namespace: string,
  spec: ModelEndpointSpec,
  owner?: string,
): EndpointObject {
  return {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: {
      name,
      namespace,
      labels: { "app.kubernetes.io/managed-by": "aml-inference", [ENDPOINT_LABEL]: name },
      ...(owner === undefined ? {} : { annotations: { [OWNER_ANNOTATION]: owner } }),
    },
    // Always sent: an interrupted deletion may have left `true`, which an apply without the field wouldn't reset.
    spec: { ...spec, suspended: false },
  };
}

/**
 * Replicas that must be ready before a version receives traffic: the fixed count, or the autoscaler's minimum (more
 * replicas are for load, not for the roll-out); at least one.
 */
export function neededReplicas({ numReplicas, autoscale }: EndpointVersion, { spec }: Deployment) {
  const declared = numReplicas ?? autoscale?.minReplicas ?? 1;
  return Math.max(1, Math.min(declared, spec.replicas ?? 1));
}
