// Arguments of WorkspaceCompute; docs/workspace-compute.md describes the effect of changing each.
import type * as pulumi from "@pulumi/pulumi";

export interface WorkspaceComputeArgs {
  /** Resource id of the Azure Machine Learning workspace. A change detaches the compute first. */
  workspaceId: pulumi.Input<string>;
  /**
   * 3 to 24 letters, digits and dashes; starts with a letter, ends with a letter or digit. A change detaches the compute
   * first.
   */
  computeName: pulumi.Input<string>;
  /** Resource id of the AKS cluster. A change detaches the compute first. */
  clusterId: pulumi.Input<string>;
  /**
   * `Kubernetes` (default), which needs the Azure Machine Learning extension on the cluster, or `AKS`: an existing
   * compute of v1, to adopt, update and detach.
   */
  computeType?: pulumi.Input<"Kubernetes" | "AKS">;
  /** `public`, `usgovernment` or `china`. Default: `azure-native:environment`, ARM_ENVIRONMENT, AZURE_ENVIRONMENT, `public`. */
  cloud?: pulumi.Input<"public" | "usgovernment" | "china">;
  /** Minutes that an attach, an update or a detach may take, 1 to 240. Default 30. */
  timeoutMinutes?: pulumi.Input<number>;

  /** Kubernetes: namespace of the workloads. Default `default`. */
  namespace?: pulumi.Input<string>;
  /** Kubernetes: name of one of `instanceTypes`. Default: Azure's. */
  defaultInstanceType?: pulumi.Input<string>;
  /** Kubernetes: instance types that a workload may request, by name. Default: Azure's. */
  instanceTypes?: pulumi.Input<Record<string, pulumi.Input<InstanceTypeArgs>>>;
  /** Kubernetes: a description for people. */
  description?: pulumi.Input<string>;
  /** Kubernetes: tags. Tags that others set are kept. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Kubernetes: the compute's own identity. Default: none. */
  identity?: pulumi.Input<ComputeIdentityArgs>;

  /** AKS: `FastProd`, `DenseProd` or `DevTest`. It can't be changed: the live purpose must match. */
  clusterPurpose?: pulumi.Input<"FastProd" | "DenseProd" | "DevTest">;
  /** AKS: kind of load balancer. Default: unchanged. */
  loadBalancerType?: pulumi.Input<"PublicIp" | "InternalLoadBalancer">;
  /** AKS: subnet of an internal load balancer. Default: unchanged. */
  loadBalancerSubnet?: pulumi.Input<string>;
  /** AKS: TLS. Default: unchanged. Always a secret in the state. */
  ssl?: pulumi.Input<ComputeSslArgs>;
}

/** An InstanceType of the Azure Machine Learning extension. */
export interface InstanceTypeArgs {
  /** Labels that select the nodes to run on. */
  nodeSelector?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Kubernetes quantities by resource: `{ requests: { cpu: "1" }, limits: { "nvidia.com/gpu": "1" } }`. */
  resources?: pulumi.Input<{
    requests?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    limits?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  }>;
}

export interface ComputeIdentityArgs {
  type: pulumi.Input<"None" | "SystemAssigned" | "UserAssigned" | "SystemAssigned,UserAssigned">;
  /** Resource ids; only for a type that includes `UserAssigned`. */
  userAssignedIdentityIds?: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * Your own certificate (`cname`, `certificatePem`, `privateKeyPem`), a label with a certificate of Microsoft's
 * (`leafDomainLabel`), or `status: "Disabled"` (azureml-semantics, rows 11 to 13 and 71).
 */
export interface ComputeSslArgs {
  /** `Disabled` turns TLS off. Otherwise optional, since the other properties imply it. */
  status?: pulumi.Input<"Disabled" | "Enabled" | "Auto">;
  /** Domain name of the certificate. */
  cname?: pulumi.Input<string>;
  /** The certificate and its chain, in PEM. */
  certificatePem?: pulumi.Input<string>;
  /** The private key, in PEM, without a passphrase. */
  privateKeyPem?: pulumi.Input<string>;
  /** First label of `<label><6 characters>.<region>.cloudapp.azure.com`; not behind an internal load balancer. */
  leafDomainLabel?: pulumi.Input<string>;
  /** With `leafDomainLabel`: keeps the domain name of an earlier attachment. */
  overwriteExistingDomain?: pulumi.Input<boolean>;
}
