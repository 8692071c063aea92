// WorkspaceCompute: attaches an AKS cluster to an Azure Machine Learning workspace.
import * as pulumi from "@pulumi/pulumi";
import { resourceShell } from "../engine/core/resource-shell";
import { DynamicResource } from "../engine/dynamic-resource";
import { type InstanceType } from "../../validation/compute/compute-settings";
import { type WorkspaceComputeArgs } from "./workspace-compute-args";

const shell = resourceShell("WorkspaceCompute", [
  "configure",
  "check",
  "diff",
  "create",
  "read",
  "update",
  "delete",
]);

/**
 * A cluster attached to a workspace as a compute (azureml-semantics, section 1): created, adopted, repaired or updated,
 * depending on what exists. A second attachment of the same cluster is refused. Destroying the resource detaches the
 * cluster and never deletes it. docs/workspace-compute.md describes the arguments and the effect of changing each.
 */
export class WorkspaceCompute extends DynamicResource {
  /** Resource id of the compute. */
  declare readonly computeId: pulumi.Output<string>;
  /** `Succeeded` after every successful update. */
  declare readonly provisioningState: pulumi.Output<string>;
  /** False when v1 itself created the cluster. */
  declare readonly isAttachedCompute: pulumi.Output<boolean>;
  declare readonly namespace: pulumi.Output<string | undefined>;
  declare readonly instanceTypes: pulumi.Output<Record<string, InstanceType> | undefined>;

  constructor(name: string, args: WorkspaceComputeArgs, opts: pulumi.CustomResourceOptions = {}) {
    const outputs = {
      computeId: undefined,
      provisioningState: undefined,
      isAttachedCompute: undefined,
      tlsDigest: undefined,
    };
    const ssl = args.ssl === undefined ? undefined : pulumi.secret(args.ssl);
    super(
      shell,
      name,
      { ...outputs, ...args, ssl },
      pulumi.mergeOptions({ additionalSecretOutputs: ["ssl"] }, opts),
    );
  }
}
