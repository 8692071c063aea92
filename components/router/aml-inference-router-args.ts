// The arguments of an AmlInferenceRouter, in Azure ML v1's words (docs/arguments.md).
import type * as pulumi from "@pulumi/pulumi";
import { type ClusterPurpose, type LoadBalancerType } from "../../contracts/choices";

export interface AmlInferenceRouterArgs {
  /** Kubeconfig of the cluster. A secret. */
  kubeconfig: pulumi.Input<string>;
  /** What the cluster is for. Default FastProd. */
  clusterPurpose?: pulumi.Input<ClusterPurpose>;
  /** Default PublicIp. */
  loadBalancerType?: pulumi.Input<LoadBalancerType>;
  /** Subnet of the internal load balancer, only with InternalLoadBalancer. Default `aks-subnet` there. */
  loadBalancerSubnet?: pulumi.Input<string>;
  /**
   * Public name of the load balancer in Azure, `<label>.<region>.cloudapp.azure.com`, only with PublicIp; nothing is
   * appended to the label, and no certificate comes with it. Default: none.
   */
  leafDomainLabel?: pulumi.Input<string>;
  /** Certificate of the scoring address. Default: none, plain HTTP. */
  ssl?: SslArgs;
  /**
   * Removes what Azure ML v1's router left in the cluster, once this router is ready. Every preview lists those
   * objects. Default false.
   */
  removeLegacyRouter?: pulumi.Input<boolean>;
  /** Namespace of router and autoscaler; it can't be changed. Default `aml-inference`. */
  namespace?: pulumi.Input<string>;
  /** Images from a registry of your own. */
  images?: RouterImageArgs;
  /** Requests and limits of the containers. Default: by `clusterPurpose`. */
  resources?: RouterResourceArgs;
  /** Labels on every object. */
  tags?: Record<string, pulumi.Input<string>>;
  /**
   * The stack that may take the router's objects over, `<organization>/<project>/<stack>` or `<project>/<stack>`; they
   * then stay when this component is removed. Default: none.
   */
  handOverTo?: string;
}

/** A domain name with its certificate and key, or with those of v1. */
export interface SslArgs {
  /** Domain name that clients call. Its DNS record must point to the load balancer's address. */
  cname: pulumi.Input<string>;
  /** The certificate and its chain, PEM. */
  certificatePem?: pulumi.Input<string>;
  /** The certificate's key, PEM. A secret. */
  privateKeyPem?: pulumi.Input<string>;
  /**
   * Copies the certificate of Azure ML v1's router (Secret `azuremlfessl` in `default`) once; the copy outlives v1's
   * Secret. Excludes the other two. Default false.
   */
  takeOverLegacyCertificate?: boolean;
}

export interface RouterImageArgs {
  /** HAProxy 3.4. Default `haproxy:3.4`. */
  haproxy?: pulumi.Input<string>;
  /** Node 24, for the agent and the autoscaler. Default `node:24`. */
  node?: pulumi.Input<string>;
}

export interface RouterResourceArgs {
  haproxy?: ContainerResourceArgs;
  agent?: ContainerResourceArgs;
  autoscaler?: ContainerResourceArgs;
}

/** Kubernetes quantities by resource name, e.g. `{ cpu: "500m", memory: "256Mi" }`. */
export interface ContainerResourceArgs {
  requests?: Record<string, pulumi.Input<string>>;
  limits?: Record<string, pulumi.Input<string>>;
}
