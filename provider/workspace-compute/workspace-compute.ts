// The Pulumi resource that attaches an AKS cluster to an Azure Machine Learning workspace.
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
 * A cluster, attached to a workspace as a compute (azureml-semantics, section 1): made, taken over, repaired or changed,
 * whatever is there. A second attachment of the same cluster is refused. Its removal detaches, and never deletes the
 * cluster. docs/workspace-compute.md has the arguments and what a change of each does.
 */
export class WorkspaceCompute extends DynamicResource {
  /** Resource id of the compute. */
  declare readonly computeId: pulumi.Output<string>;
  /** `Succeeded` after every run that succeeded. */
  declare readonly provisioningState: pulumi.Output<string>;
  /** False where v1 itself created the cluster. */
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
