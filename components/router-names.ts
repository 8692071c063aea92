// Names of the router's and the autoscaler's objects in the cluster.

/** Name of the router's objects, and value of its pods' `app.kubernetes.io/name`. */
export const ROUTER_NAME = "aml-inference-router";

/** Name of the autoscaler's objects, and value of its pods' `app.kubernetes.io/name`. */
export const AUTOSCALER_NAME = "aml-inference-autoscaler";

export const NAME_LABEL = "app.kubernetes.io/name";

/** Secret with the certificate, of type kubernetes.io/tls. */
export const TLS_SECRET_NAME = "aml-inference-router-tls";

/** Labels that select the pods of the router or the autoscaler. */
export function podLabels(name: string): Record<string, string> {
  return { [NAME_LABEL]: name };
}
