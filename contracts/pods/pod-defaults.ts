// Defaults of the router and autoscaler pods: names, images, requests and limits.

/** Name of the router's Deployment, ServiceAccount and Service. */
export const ROUTER_NAME = "aml-inference-router";

/** Name of the autoscaler's Deployment, ServiceAccount and Service. */
export const AUTOSCALER_NAME = "aml-inference-autoscaler";

/** Namespace of the endpoints that name none. */
export const ENDPOINT_NAMESPACE = "aml-inference-endpoints";

/** Namespace of such endpoints while there was no other default: they stay there. */
export const FORMER_ENDPOINT_NAMESPACE = "default";

/**
 * The stock images, by the digests of their indexes for all platforms: what runs is what was released, whatever a tag
 * means by then (docs/security.md, "Code and images", says how a release moves them).
 */
export const HAPROXY_IMAGE =
  "haproxy:3.4.5@sha256:6c46be7f11666b4bd4c73709f555293e659e10e2f909a5b7db105a3bf5968354";

/** Image of the agent and the autoscaler. */
export const NODE_IMAGE =
  "node:24.21.0@sha256:22553920add6fb1fd909104346924cd30b4b3ac76ca2980f3b8dba8ede3cf945";

/** Where Kubernetes, and we, mount a ServiceAccount's token and the cluster's certificate. */
export const ACCOUNT_DIRECTORY = "/var/run/secrets/kubernetes.io/serviceaccount";

/** HAProxy's memory limit, more than v1's router had (1.2 GB), is what its clients' places are counted with (places.ts). */
export const CONTAINER_RESOURCES = {
  haproxy: { requests: { cpu: "500m", memory: "500Mi" }, limits: { memory: "2Gi" } },
  agent: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } },
  autoscaler: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } },
} as const;
