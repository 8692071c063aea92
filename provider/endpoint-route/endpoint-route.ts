// The Pulumi resource that gives an endpoint's versions their traffic, through one ModelEndpoint object.
import * as pulumi from "@pulumi/pulumi";
import { resourceShell } from "../engine/core/resource-shell";
import { DynamicResource } from "../engine/dynamic-resource";
import { type ModelEndpointSpec } from "../../contracts/model-endpoint/model-endpoint";

export interface EndpointRouteArgs {
  /** Text of the kubeconfig. A secret in the state whatever is passed. */
  kubeconfig: pulumi.Input<string>;
  /** Namespace of the endpoint and its versions' Deployments. Can't be changed. */
  namespace: pulumi.Input<string>;
  /** Name of the endpoint. Can't be changed. */
  endpointName: pulumi.Input<string>;
  /** What the routers serve and the autoscaler scales. */
  spec: pulumi.Input<ModelEndpointSpec>;
  /** Digest of each version's pod template, by the version's name: a change waits for the new replicas. */
  revisions?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Seconds that the versions' replicas may take to become ready, 1 to 3600. Default 600. */
  rolloutTimeoutSeconds?: pulumi.Input<number>;
}

const shell = resourceShell("EndpointRoute", [
  "check",
  "diff",
  "create",
  "read",
  "update",
  "delete",
]);

/**
 * Waits until the replicas of every version are ready, applies the ModelEndpoint, and waits until every ready router
 * serves it. Fails with a sentence per version, the traffic unchanged, when replicas can't become ready.
 */
export class EndpointRoute extends DynamicResource {
  /** State of each version in v1's words: `Healthy`, `Transitioning`, `Unhealthy`, `Unschedulable` or `Failed`. */
  declare readonly versionStates: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: EndpointRouteArgs, opts?: pulumi.CustomResourceOptions) {
    const props = { ...args, kubeconfig: pulumi.secret(args.kubeconfig), versionStates: undefined };
    super(shell, name, props, opts);
  }
}
