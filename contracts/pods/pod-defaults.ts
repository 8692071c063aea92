// Defaults of the router and autoscaler pods: names, images, requests and limits.

/** Name of the router's Deployment, ServiceAccount and Service. */
export const ROUTER_NAME = "aml-inference-router";

/** Name of the autoscaler's Deployment, ServiceAccount and Service. */
export const AUTOSCALER_NAME = "aml-inference-autoscaler";

export const HAPROXY_IMAGE = "haproxy:3.4";

/** Image of the agent and the autoscaler. */
export const NODE_IMAGE = "node:24";

/** Where Kubernetes, and we, mount a ServiceAccount's token and the cluster's certificate. */
export const ACCOUNT_DIRECTORY = "/var/run/secrets/kubernetes.io/serviceaccount";

/** HAProxy's memory limit is that of v1's router, 1.2 GB (azureml-semantics 3.7, row 59). */
export const CONTAINER_RESOURCES = {
  haproxy: { requests: { cpu: "500m", memory: "500Mi" }, limits: { memory: "1200Mi" } },
  agent: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } },
  autoscaler: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } },
} as const;
