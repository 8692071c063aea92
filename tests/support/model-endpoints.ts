// ModelEndpoints and EndpointSlices for tests.
import { createHash } from "node:crypto";
import { SERVICE_NAME_LABEL, type EndpointSlice } from "../../kubernetes/core/endpoint-slice";
import {
  API_VERSION,
  KIND,
  type Autoscale,
  type EndpointVersion,
  type ModelEndpoint,
  type ModelEndpointMetadata,
  type ModelEndpointSpec,
} from "../../contracts/model-endpoint/model-endpoint";

/** `metadata` and `spec` override `ns/churn` with one version `blue`, open to everybody. */
export function endpointOf(
  spec: Partial<ModelEndpointSpec> = {},
  metadata: Partial<ModelEndpointMetadata> = {},
): ModelEndpoint {
  return {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: { name: "churn", namespace: "ns", generation: 1, ...metadata },
    spec: { authentication: { mode: "None" }, versions: [versionOf("blue")], ...spec },
  };
}

/** The default version with one replica unless `overrides` say otherwise; its Service and Deployment are called like it. */
export function versionOf(name: string, overrides: Partial<EndpointVersion> = {}): EndpointVersion {
  return {
    name,
    serviceName: name,
    deploymentName: name,
    isDefault: true,
    type: "Treatment",
    trafficPercentile: 0,
    maxConcurrentRequestsPerContainer: 1,
    maxQueueWaitMs: 500,
    scoringTimeoutMs: 60_000,
    ...(overrides.autoscale === undefined && { numReplicas: 1 }),
    ...overrides,
  };
}

/** One to ten replicas unless `overrides` say otherwise. */
export function autoscaleOf(overrides: Partial<Autoscale> = {}): Autoscale {
  return {
    minReplicas: 1,
    maxReplicas: 10,
    targetUtilization: 70,
    refreshPeriodInSeconds: 1,
    ...overrides,
  };
}

/** `pods`: `address:port`, or `undefined` for a pod that is not ready. All ports must be equal or given per slice. */
export function sliceOf(
  service: string,
  pods: Readonly<Record<string, string | undefined>>,
  namespace = "ns",
): readonly EndpointSlice[] {
  return Object.entries(pods).map(([name, target]) => ({
    metadata: {
      name: `${service}-${name}`,
      namespace,
      labels: { [SERVICE_NAME_LABEL]: service },
    },
    addressType: "IPv4",
    ports: [{ port: Number(target?.split(":")[1] ?? 5001) }],
    endpoints: [
      {
        addresses: [target?.split(":")[0] ?? "127.0.0.1"],
        conditions: { ready: target !== undefined },
        targetRef: { kind: "Pod", name },
      },
    ],
  }));
}

/** What a ModelEndpoint lists of a key. */
export function digestOf(key: string, endpoint = "churn"): string {
  return createHash("sha256").update(`${key}@${endpoint}`).digest("hex");
}
