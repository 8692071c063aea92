// Names, namespace and labels of the router's Kubernetes objects.
import type * as pulumi from "@pulumi/pulumi";

/** Secret with the certificate, of type kubernetes.io/tls. */
export const TLS_SECRET_NAME = "aml-inference-router-tls";

/** Namespace and labels of the router's objects. */
export interface ObjectLocator {
  readonly namespace: pulumi.Input<string>;
  readonly labels: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
