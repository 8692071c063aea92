// What the router's objects in the cluster have in common.
import type * as pulumi from "@pulumi/pulumi";

/** Secret with the certificate, of type kubernetes.io/tls. */
export const TLS_SECRET_NAME = "aml-inference-router-tls";

/** Where an object of the router stands, and what marks it. */
export interface ObjectLocator {
  readonly namespace: pulumi.Input<string>;
  readonly labels: Record<string, pulumi.Input<string>>;
}
