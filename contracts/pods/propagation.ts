// How long a pod that left the endpoints of its Service may still get new requests.

/** Seconds, by who sends the requests. */
export const PROPAGATION_SECONDS = {
  /** A router: its agent watches the EndpointSlices and changes HAProxy within a second. */
  router: 2,
  /** A load balancer or kube-proxy: it learns of the same change, and then programs its node. */
  loadBalancer: 5,
} as const;
