// How long a pod may still receive new requests after it was removed from its Service's endpoints.

/** Seconds, by sender of the requests. */
export const PROPAGATION_SECONDS = {
  /** A router: its agent watches the EndpointSlices and changes HAProxy within a second. */
  router: 2,
  /** A load balancer or kube-proxy: it watches the same change, then programs its node. */
  loadBalancer: 5,
} as const;
