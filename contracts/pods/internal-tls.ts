// Mutual TLS between the router's and the autoscaler's pods: whose certificate it is stands in its DNS name.

/** Where the Secret of type kubernetes.io/tls is mounted, with the authority's certificate as CA_FILE. */
export const INTERNAL_TLS_DIRECTORY = "/etc/aml-inference/internal-tls";

/** Name of the Secret that the pods of a Deployment mount. */
export function internalTlsSecret(deployment: string): string {
  return `${deployment}-internal-tls`;
}

/**
 * The DNS name in the certificates of a role, whatever its Service and its pods are called.
 * @param role ROUTER_NAME or AUTOSCALER_NAME
 */
export function internalName(role: string, namespace: string): string {
  return `${role}.${namespace}.svc`;
}
