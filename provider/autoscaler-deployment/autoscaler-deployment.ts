// AutoscalerDeployment: the autoscaler's code and its pods, rolled out and verified.
import * as pulumi from "@pulumi/pulumi";
import { resourceShell } from "../engine/core/resource-shell";
import { DynamicResource } from "../engine/dynamic-resource";
import { type ContainerResourcesArgs } from "../release/container-resources-args";

export interface AutoscalerDeploymentArgs {
  /** Text of the kubeconfig. Always a secret in the state. */
  kubeconfig: pulumi.Input<string>;
  /** Existing namespace. Can't be changed. */
  namespace: pulumi.Input<string>;
  /** Name of the Deployment; can't be changed. Default `aml-inference-autoscaler`. */
  name?: pulumi.Input<string>;
  /** Image with Node 24. Default NODE_IMAGE. */
  image?: pulumi.Input<string>;
  /** Number of pods, of which one is the leader; 1 to 5. Default 2. */
  replicas?: pulumi.Input<number>;
  /** ServiceAccount that the pods run as. */
  serviceAccountName: pulumi.Input<string>;
  /** Name of the routers' Deployment. */
  routerName: pulumi.Input<string>;
  /** ServiceAccount of the routers; reports need one of its tokens. */
  routerServiceAccountName: pulumi.Input<string>;
  /** Namespaces whose endpoints are scaled, besides those of endpoints that stacks declare. Default: every namespace. */
  allowedNamespaces?: pulumi.Input<pulumi.Input<string>[]>;
  /** Endpoints of one namespace at most. Default 1000. */
  maxEndpointsPerNamespace?: pulumi.Input<number>;
  /** Versions of one namespace at most, of all its endpoints together. Default 2000. */
  maxVersionsPerNamespace?: pulumi.Input<number>;
  /** Requests and limits. Default requests 100m CPU and 128Mi, limit 512Mi. */
  resources?: pulumi.Input<ContainerResourcesArgs>;
  /** The owner's mark on the objects: a delete leaves objects that have another's. Default: none. */
  owner?: pulumi.Input<string>;
  /** Seconds without progress after which a roll-out fails, 1 to 3600. Default 300. */
  rolloutTimeoutSeconds?: pulumi.Input<number>;
}

const shell = resourceShell("AutoscalerDeployment", [
  "check",
  "diff",
  "create",
  "read",
  "update",
  "delete",
]);

/**
 * The autoscaler's code as an immutable ConfigMap, and its Deployment, which hears routers with the certificate in the
 * Secret `<name>-internal-tls`. A release that can't become ready is rolled back
 * to the former one.
 */
export class AutoscalerDeployment extends DynamicResource {
  constructor(name: string, args: AutoscalerDeploymentArgs, opts?: pulumi.CustomResourceOptions) {
    const props = { ...args, kubeconfig: pulumi.secret(args.kubeconfig) };
    super(shell, name, props, opts);
  }
}
