// Arguments of WorkspaceCompute; docs/workspace-compute.md says what a change of each does.
import type * as pulumi from "@pulumi/pulumi";

export interface WorkspaceComputeArgs {
  /** Resource id of the Azure Machine Learning workspace. Another one detaches first. */
  workspaceId: pulumi.Input<string>;
  /** 3 to 24 letters, digits and dashes; starts with a letter, ends with a letter or digit. Another one detaches first. */
  computeName: pulumi.Input<string>;
  /** Resource id of the AKS cluster. Another one detaches first. */
  clusterId: pulumi.Input<string>;
  /**
   * `Kubernetes` (default), which needs the Azure Machine Learning extension on the cluster, or `AKS`: a compute of v1
   * that exists, to take over, change and detach.
   */
  computeType?: pulumi.Input<"Kubernetes" | "AKS">;
  /** `public`, `usgovernment` or `china`. Default: `azure-native:environment`, ARM_ENVIRONMENT, AZURE_ENVIRONMENT, `public`. */
  cloud?: pulumi.Input<"public" | "usgovernment" | "china">;
  /** Minutes that an attach, a change or a detach may take, 1 to 240. Default 30. */
  timeoutMinutes?: pulumi.Input<number>;

  /** Kubernetes: namespace of the workloads. Default `default`. */
  namespace?: pulumi.Input<string>;
  /** Kubernetes: name of one of `instanceTypes`. Default: Azure's. */
  defaultInstanceType?: pulumi.Input<string>;
  /** Kubernetes: what a workload may ask for, by name. Default: Azure's. */
  instanceTypes?: pulumi.Input<Record<string, pulumi.Input<InstanceTypeArgs>>>;
  /** Kubernetes: text for people. */
  description?: pulumi.Input<string>;
  /** Kubernetes: tags; those that others put on it stay. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Kubernetes: the compute's own identity. Default: none. */
  identity?: pulumi.Input<ComputeIdentityArgs>;

  /** AKS: `FastProd`, `DenseProd` or `DevTest`; only compared, since it can't be changed. */
  clusterPurpose?: pulumi.Input<"FastProd" | "DenseProd" | "DevTest">;
  /** AKS: Default: as it is. */
  loadBalancerType?: pulumi.Input<"PublicIp" | "InternalLoadBalancer">;
  /** AKS: subnet of an internal load balancer. Default: as it is. */
  loadBalancerSubnet?: pulumi.Input<string>;
  /** AKS: TLS. Default: as it is. A secret in the state whatever is passed. */
  ssl?: pulumi.Input<ComputeSslArgs>;
}

/** Of the Azure Machine Learning extension's resource InstanceType. */
export interface InstanceTypeArgs {
  /** Labels of the nodes to run on. */
  nodeSelector?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Quantities of Kubernetes by resource: `{ requests: { cpu: "1" }, limits: { "nvidia.com/gpu": "1" } }`. */
  resources?: pulumi.Input<{
    requests?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    limits?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  }>;
}

export interface ComputeIdentityArgs {
  type: pulumi.Input<"None" | "SystemAssigned" | "UserAssigned" | "SystemAssigned,UserAssigned">;
  /** Resource ids; with a type that has `UserAssigned` only. */
  userAssignedIdentityIds?: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * A certificate of your own (`cname`, `certificatePem`, `privateKeyPem`), or a label whose certificate is Microsoft's
 * (`leafDomainLabel`), or `status: "Disabled"` (azureml-semantics, rows 11 to 13 and 71).
 */
export interface ComputeSslArgs {
  /** `Disabled` turns TLS off; else it follows from the rest and can be left out. */
  status?: pulumi.Input<"Disabled" | "Enabled" | "Auto">;
  /** Domain name that the certificate is for. */
  cname?: pulumi.Input<string>;
  /** The certificate and its chain, in PEM. */
  certificatePem?: pulumi.Input<string>;
  /** The private key, in PEM, without a passphrase. */
  privateKeyPem?: pulumi.Input<string>;
  /** First label of `<label><6 characters>.<region>.cloudapp.azure.com`; not behind an internal load balancer. */
  leafDomainLabel?: pulumi.Input<string>;
  /** With `leafDomainLabel`: keeps the name that an earlier attachment had. */
  overwriteExistingDomain?: pulumi.Input<boolean>;
}
