// Names of the router's and the autoscaler's objects in the cluster.
import type * as pulumi from "@pulumi/pulumi";

/** Name of the router's Deployment, ServiceAccount and Service. */
export const ROUTER_NAME = "aml-inference-router";

/** Name of the autoscaler's Deployment, ServiceAccount and Service. */
export const AUTOSCALER_NAME = "aml-inference-autoscaler";

/** Secret with the certificate, of type kubernetes.io/tls. */
export const TLS_SECRET_NAME = "aml-inference-router-tls";

/** Where an object of the router stands, and what marks it. */
export interface ObjectLocator {
  readonly namespace: pulumi.Input<string>;
  readonly labels: Record<string, pulumi.Input<string>>;
}
