// EndpointRoute: routes traffic to an endpoint's versions, by one ModelEndpoint object.
import * as pulumi from "@pulumi/pulumi";
import { resourceShell } from "../engine/core/resource-shell";
import { DynamicResource } from "../engine/dynamic-resource";
import { type ModelEndpointSpec } from "../../contracts/model-endpoint/model-endpoint";

export interface EndpointRouteArgs {
  /** Text of the kubeconfig. Always a secret in the state. */
  kubeconfig: pulumi.Input<string>;
  /** Namespace of the endpoint and its versions' Deployments. Can't be changed. */
  namespace: pulumi.Input<string>;
  /** Name of the endpoint. Can't be changed. */
  endpointName: pulumi.Input<string>;
  /** The owner's mark on the object: a delete leaves an object that has another's. Default: none. */
  owner?: pulumi.Input<string>;
  /** What the routers serve and the autoscaler scales. */
  spec: pulumi.Input<ModelEndpointSpec>;
  /** Digest of each version's pod template, by version name: a change makes the update wait for the new replicas. */
  revisions?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Seconds without progress after which a version's roll-out fails, 1 to 3600. Progress is one more new replica, one
   * more that is ready, or one former replica less. Default 600.
   */
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
 * serves it. When replicas can't become ready, restores the former pod template of their version, leaves the object as it
 * is, and fails with one sentence per version that says what serves. Only Deployments that AmlModelEndpoint declared, with
 * the annotation `aml-inference.io/revision`, are restored.
 */
export class EndpointRoute extends DynamicResource {
  /** State of each version, in v1's terms: `Healthy`, `Transitioning`, `Unhealthy`, `Unschedulable` or `Failed`. */
  declare readonly versionStates: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: EndpointRouteArgs, opts?: pulumi.CustomResourceOptions) {
    const props = { ...args, kubeconfig: pulumi.secret(args.kubeconfig), versionStates: undefined };
    super(shell, name, props, opts);
  }
}
