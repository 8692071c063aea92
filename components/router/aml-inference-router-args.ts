// The arguments of an AmlInferenceRouter, in Azure ML v1's words (docs/arguments.md).
import type * as pulumi from "@pulumi/pulumi";
import {
  type ClusterPurpose,
  type ExternalTrafficPolicy,
  type InsecureTraffic,
  type LoadBalancerType,
} from "../../contracts/choices";

export interface AmlInferenceRouterArgs {
  /** Kubeconfig of the cluster. A secret. */
  kubeconfig: pulumi.Input<string>;
  /** What the cluster is for. Default FastProd. */
  clusterPurpose?: pulumi.Input<ClusterPurpose>;
  /** Default PublicIp. */
  loadBalancerType?: pulumi.Input<LoadBalancerType>;
  /** Subnet of the internal load balancer, only with InternalLoadBalancer. Default `aks-subnet` there. */
  loadBalancerSubnet?: pulumi.Input<string | undefined>;
  /**
   * Public name of the load balancer in Azure, `<label>.<region>.cloudapp.azure.com`, only with PublicIp; nothing is
   * appended to the label, and no certificate comes with it. Default: none.
   */
  leafDomainLabel?: pulumi.Input<string | undefined>;
  /** A static public address that exists in Azure, only with PublicIp. Default: one that AKS makes. */
  publicIp?: pulumi.Input<PublicIpArgs | undefined>;
  /**
   * Which nodes take connections of the load balancer. `Local`: those that run a router, which then sees the clients'
   * addresses. Default `Cluster`: all, and the router sees the nodes' addresses.
   */
  externalTrafficPolicy?: pulumi.Input<ExternalTrafficPolicy>;
  /** Certificate of the scoring address. Default: none, plain HTTP. */
  ssl?: pulumi.Input<SslArgs | undefined>;
  /**
   * Networks (CIDR, IPv4) of proxies in front of the router: what they say of a client in `X-Forwarded-*` and `Forwarded` is
   * kept; from anybody else it is replaced. Default: none.
   */
  trustedProxies?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /**
   * Namespaces whose endpoints are served, besides those in which stacks declare endpoints. Endpoints elsewhere get a
   * condition that says so. Default: none.
   */
  allowedNamespaces?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Endpoints of one namespace that are served at most, the eldest first. Default 1000. */
  maxEndpointsPerNamespace?: pulumi.Input<number | undefined>;
  /** Versions of one namespace that are served at most, of all its endpoints together. Default 2000. */
  maxVersionsPerNamespace?: pulumi.Input<number | undefined>;
  /**
   * Removes what Azure ML v1's router left in the cluster, once this router is ready. Every preview lists those
   * objects. Default false.
   */
  removeLegacyRouter?: pulumi.Input<boolean | undefined>;
  /** Namespace of router and autoscaler; it can't be changed. Default `aml-inference`. */
  namespace?: pulumi.Input<string | undefined>;
  /** Images from a registry of your own. */
  images?: pulumi.Input<RouterImageArgs | undefined>;
  /** Requests and limits of the containers. Default: by `clusterPurpose`. */
  resources?: pulumi.Input<RouterResourceArgs | undefined>;
  /** Labels on every object. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  /**
   * The stack that may take the router's objects over, `<organization>/<project>/<stack>` or `<project>/<stack>`; they
   * then stay when this component is removed. Default: none.
   */
  handOverTo?: string;
}

/** A public IP address of Azure. */
export interface PublicIpArgs {
  /** Its name. */
  name: pulumi.Input<string>;
  /** Its resource group; the cluster's identity needs Network Contributor on it. Default: the nodes' group. */
  resourceGroupName?: pulumi.Input<string | undefined>;
}

/** A domain name with its certificate and key, or with those of v1. */
export interface SslArgs {
  /** Domain name that clients call. Its DNS record must point to the load balancer's address. */
  cname: pulumi.Input<string>;
  /** The certificate and its chain, PEM. */
  certificatePem?: pulumi.Input<string | undefined>;
  /** The certificate's key, PEM. A secret. */
  privateKeyPem?: pulumi.Input<string | undefined>;
  /**
   * Copies the certificate of Azure ML v1's router (Secret `azuremlfessl` in `default`) once; the copy outlives v1's
   * Secret. Excludes the other two. Default false.
   */
  takeOverLegacyCertificate?: pulumi.Input<boolean | undefined>;
  /** What plain HTTP gets: 308 to HTTPS, 403, or the same answers as over HTTPS. Default Redirect. */
  insecureTraffic?: pulumi.Input<InsecureTraffic>;
}

export interface RouterImageArgs {
  /** HAProxy 3.4. Default: the stock image `haproxy`, by digest. */
  haproxy?: pulumi.Input<string | undefined>;
  /** Node 24, for the agent and the autoscaler. Default: the stock image `node`, by digest. */
  node?: pulumi.Input<string | undefined>;
}

export interface RouterResourceArgs {
  haproxy?: pulumi.Input<ContainerResourceArgs | undefined>;
  agent?: pulumi.Input<ContainerResourceArgs | undefined>;
  autoscaler?: pulumi.Input<ContainerResourceArgs | undefined>;
}

/** Kubernetes quantities by resource name, e.g. `{ cpu: "500m", memory: "256Mi" }`. */
export interface ContainerResourceArgs {
  requests?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  limits?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
}
