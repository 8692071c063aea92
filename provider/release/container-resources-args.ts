// Resource requests and limits of a container, as arguments.
import type * as pulumi from "@pulumi/pulumi";

/** Requests and limits as Kubernetes quantities, e.g. `{ requests: { cpu: "100m" } }`. */
export interface ContainerResourcesArgs {
  requests?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  limits?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
