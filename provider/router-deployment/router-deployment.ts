// RouterDeployment: the router's code and its one pod, rolled out and verified.
import * as pulumi from "@pulumi/pulumi";
import { resourceShell } from "../engine/core/resource-shell";
import { DynamicResource } from "../engine/dynamic-resource";
import { type ContainerResourcesArgs } from "../release/container-resources-args";

export interface RouterDeploymentArgs {
  /** Text of the kubeconfig. Always a secret in the state. */
  kubeconfig: pulumi.Input<string>;
  /** Existing namespace. Can't be changed. */
  namespace: pulumi.Input<string>;
  /** Name of the Deployment, and value of its pods' `app.kubernetes.io/name`; can't be changed. Default `aml-inference-router`. */
  name?: pulumi.Input<string>;
  /** Image with Node 24 for the agent. Default NODE_IMAGE. */
  agentImage?: pulumi.Input<string>;
  /** Image with HAProxy 3.4. Default HAPROXY_IMAGE. */
  haproxyImage?: pulumi.Input<string>;
  /** ServiceAccount that the pod runs as. */
  serviceAccountName: pulumi.Input<string>;
  /**
   * The autoscaler's headless Service in the same namespace, to which the router reports with the certificate in the Secret
   * `<name>-internal-tls`. Default: the router doesn't report.
   */
  autoscalerServiceName?: pulumi.Input<string>;
  /** Secret of type kubernetes.io/tls in the same namespace. Default: plain HTTP. */
  tlsSecretName?: pulumi.Input<string>;
  /** What plain HTTP gets while TLS is served: Redirect, Refuse or Allow. Default Redirect. */
  insecureTraffic?: pulumi.Input<string>;
  /** Networks (CIDR, IPv4) of proxies whose `X-Forwarded-*` and `Forwarded` are kept. Default none. */
  trustedProxies?: pulumi.Input<pulumi.Input<string>[]>;
  /** Namespaces whose endpoints are served, besides those of endpoints that stacks declare. Default: every namespace. */
  allowedNamespaces?: pulumi.Input<pulumi.Input<string>[]>;
  /** Endpoints of one namespace at most. Default 1000. */
  maxEndpointsPerNamespace?: pulumi.Input<number>;
  /** Versions of one namespace at most, of all its endpoints together. Default 2000. */
  maxVersionsPerNamespace?: pulumi.Input<number>;
  /** Requests and limits. Default requests 100m CPU and 128Mi, limit 512Mi. */
  agentResources?: pulumi.Input<ContainerResourcesArgs>;
  /** Requests and limits. Default requests 500m CPU and 500Mi, limit 2Gi. */
  haproxyResources?: pulumi.Input<ContainerResourcesArgs>;
  /** The owner's mark on the objects: a delete leaves objects that have another's. Default: none. */
  owner?: pulumi.Input<string>;
  /** Seconds without progress after which a roll-out fails, the drain of the former pod included; 1 to 3600. Default 600. */
  rolloutTimeoutSeconds?: pulumi.Input<number>;
}

const shell = resourceShell("RouterDeployment", [
  "check",
  "diff",
  "create",
  "read",
  "update",
  "delete",
]);

/**
 * The router's code as an immutable ConfigMap, and its Deployment with exactly one pod. A change replaces the pod, which
 * interrupts serving until the new pod is ready. A release that can't become ready is rolled back to the former one.
 */
export class RouterDeployment extends DynamicResource {
  constructor(name: string, args: RouterDeploymentArgs, opts?: pulumi.CustomResourceOptions) {
    const props = { ...args, kubeconfig: pulumi.secret(args.kubeconfig) };
    super(shell, name, props, opts);
  }
}
